"""The week for a navigation device, a calendar and a spreadsheet: read back by their own libraries."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import gpxpy
import pytest
from icalendar import Calendar

from maps.export.gpx import plan_gpx
from maps.export.ics import plan_ics, visit_uid
from maps.export.timetable import COLUMNS, plan_csv, safe
from models.plan import Plan
from models.service_day import IsoWeek
from tests.sample_network import sample_network
from tests.sample_plan import plan_of, sample_plan, sample_shapes

NETWORK, PLAN, SHAPES = sample_network(), sample_plan(), sample_shapes()
VISITS = [(tour, visit) for tour in PLAN.rounds for visit in tour.visits]


def events(plan: Plan) -> list[Any]:
    return list(Calendar.from_ical(plan_ics(plan, NETWORK)).walk("VEVENT"))


def uids(plan: Plan) -> dict[str, list[str]]:
    """Summary → UIDs, in time order."""
    found: dict[str, list[str]] = {}
    for event in events(plan):
        found.setdefault(str(event["summary"]), []).append(str(event["uid"]))
    return found


def all_uids(plan: Plan) -> set[str]:
    return {str(event["uid"]) for event in events(plan)}


def moved(plan: Plan, days: int, week: IsoWeek) -> Plan:
    rounds = tuple(replace(tour, date=tour.date + timedelta(days=days)) for tour in plan.rounds)
    return replace(plan, rounds=rounds, week=week)


def test_ics_has_one_event_per_visit_over_the_announced_window() -> None:
    told = events(PLAN)
    assert len(told) == len(VISITS) == 24
    for event, (tour, visit) in zip(told, VISITS, strict=True):
        assert event["dtstart"].dt == tour.day.at(visit.announced.early)
        assert event["dtend"].dt == tour.day.at(visit.announced.late)
        assert event["dtstart"].params["TZID"] == "Europe/Paris"
        assert event["summary"] == f"Navette à {NETWORK.site(visit.site).commune}"


def test_ics_uids_are_unique_and_survive_a_new_plan() -> None:
    """Another time, other crates, another number in the round: the same visit, so the same event."""
    first = uids(PLAN)
    assert len(all_uids(PLAN)) == 24
    tour = PLAN.rounds[0]
    later = tuple(
        replace(v, begin_s=v.begin_s + 600, deliver=v.deliver + 1, number=7 - v.number) for v in tour.visits
    )
    again = replace(
        PLAN,
        rounds=(replace(tour, id="2026-W49-mar-matin-V9", visits=later), *PLAN.rounds[1:]),
        created_at=PLAN.created_at + timedelta(hours=1),
    )
    assert uids(again) == first
    assert all(
        new["sequence"] > old["sequence"] for new, old in zip(events(again), events(PLAN), strict=True)
    )


def test_ics_ranks_the_visits_of_a_site_through_the_week() -> None:
    first, second = (visit_uid("escapade", PLAN.week, "LI8492", rank) for rank in (1, 2))
    assert uids(PLAN)["Navette à Cassel"] == [first, second]


def test_ics_uids_change_with_the_week() -> None:
    next_week = moved(PLAN, 7, IsoWeek(2026, 50))
    assert not all_uids(next_week) & all_uids(PLAN)


@pytest.mark.parametrize(
    ("on", "offset_h"),
    [
        (date(2026, 12, 1), 1),
        (date(2026, 3, 28), 1),  # the eve of summer time
        (date(2026, 3, 29), 2),  # its first day: 8 h 50 comes after the change, at 2 h
        (date(2026, 7, 7), 2),
        (date(2026, 10, 24), 2),
        (date(2026, 10, 25), 1),  # winter time, since 3 h
    ],
)
def test_ics_times_stand_on_the_wall_clock(on: date, offset_h: int) -> None:
    """8 h 50 is 8 h 50 on the wall in winter, in summer, and on both days the clock changes."""
    plan = moved(PLAN, (on - date(2026, 12, 1)).days, IsoWeek.of(on))
    start = events(plan)[0]["dtstart"].dt
    assert (start.date(), start.hour, start.minute) == (on, 8, 50)
    assert start.utcoffset() == timedelta(hours=offset_h)


def test_ics_carries_its_timezone_and_knows_summer() -> None:
    calendar = Calendar.from_ical(plan_ics(PLAN, NETWORK))
    zone: Any = calendar.walk("VTIMEZONE")[0]
    offsets = {part.name: part["tzoffsetto"].td for part in zone.subcomponents}
    assert offsets == {"STANDARD": timedelta(hours=1), "DAYLIGHT": timedelta(hours=2)}
    paris = zone.to_tz()
    for instant in (
        events(PLAN)[0]["dtstart"].dt,
        events(moved(PLAN, -150, IsoWeek(2026, 27)))[0]["dtstart"].dt,
    ):
        assert instant.replace(tzinfo=paris).utcoffset() == instant.utcoffset()


def test_ics_lines_are_folded_and_ended_as_the_rfc_asks() -> None:
    lines = plan_ics(PLAN, NETWORK).split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


def test_ics_tells_the_crates_and_what_is_assumed() -> None:
    said = {str(e["summary"]): str(e["description"]).replace("\u00a0", " ") for e in events(PLAN)}
    assert "La navette dépose 2 bacs et prend 1 bac." in said["Navette à Hondeghem"]
    assert "Site supposé." in said["Navette à Hondeghem"]
    assert "supposé" not in said["Navette à Bailleul"]


def test_gpx_has_a_track_and_a_way_per_round() -> None:
    read = gpxpy.parse(plan_gpx(PLAN, NETWORK, SHAPES))
    assert len(read.tracks) == len(read.routes) == len(PLAN.rounds)
    for way, tour in zip(read.routes, PLAN.rounds, strict=True):
        assert len(way.points) == len(tour.visits) + 2
        assert [point.time for point in way.points[1:-1]] == [
            tour.day.at(visit.begin_s).astimezone(UTC) for visit in tour.visits
        ]


def test_gpx_tracks_follow_the_roads_in_time() -> None:
    read = gpxpy.parse(plan_gpx(PLAN, NETWORK, SHAPES))
    for track, tour in zip(read.tracks, PLAN.rounds, strict=True):
        (segment,) = track.segments
        drawn = sum(len(SHAPES.line(a, b)) for a, b in pairwise(tour.stops))
        assert len(segment.points) == drawn
        times = [point.time for point in segment.points if point.time]
        assert len(times) == len(tour.visits) + 2
        assert times == sorted(times)
        assert times[0] == tour.day.at(tour.start_s)
        assert times[-1] == tour.day.at(tour.end_s)


def test_gpx_leaves_a_halt_after_its_pause() -> None:
    tour = PLAN.rounds[1]
    assert tour.pause is not None
    read = gpxpy.parse(plan_gpx(PLAN, NETWORK, SHAPES))
    times = [point.time for point in read.tracks[1].segments[0].points if point.time]
    assert times[4] == tour.day.at(tour.pause.begin_s + tour.pause.length_s)


def test_gpx_is_well_formed_1_1_whatever_the_names() -> None:
    site = replace(NETWORK.site("LI8492"), name='<Cassel> & "fils"')
    network = replace(NETWORK, sites=tuple(site if s.id == site.id else s for s in NETWORK.sites))
    text = plan_gpx(PLAN, network, SHAPES)
    root = ElementTree.fromstring(text)
    space = "{http://www.topografix.com/GPX/1/1}"
    assert root.tag == f"{space}gpx"
    assert root.attrib["version"] == "1.1"
    # the schema's sequence: metadata, wpt*, rte*, trk*
    tags = [child.tag.removeprefix(space) for child in root]
    assert tags == ["metadata"] + ["rte"] * 4 + ["trk"] * 4
    assert '4 <Cassel> & "fils"' in {name.text for name in root.iter(f"{space}name")}


def read_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_csv_goes_round() -> None:
    rows = read_csv(plan_csv(PLAN, NETWORK))
    assert len(rows) == 24
    assert tuple(rows[0]) == COLUMNS
    for row, (tour, visit) in zip(rows, VISITS, strict=True):
        assert row["date"] == tour.date.isoformat()
        assert row["identifiant"] == visit.site
        hours, minutes = map(int, row["début"].split(":"))
        assert hours * 60 + minutes == visit.begin_s // 60
        assert float(row["trajet km"].replace(",", ".")) == pytest.approx(visit.leg_m / 1000, abs=0.05)
        assert (int(row["bacs déposés"]), int(row["bacs pris"])) == (visit.deliver, visit.collect)
    assert {row["site supposé"] for row in rows if row["identifiant"] == "S59308"} == {"oui"}


@pytest.mark.parametrize("attack", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", " =1", "\u00a0=1", "\r=1"])
def test_csv_runs_no_formula(attack: str) -> None:
    site = replace(NETWORK.site("LI8682"), name=attack)
    network = replace(NETWORK, sites=tuple(site if s.id == site.id else s for s in NETWORK.sites))
    name = read_csv(plan_csv(PLAN, network))[0]["bibliothèque"]
    assert name.startswith("'")


def test_csv_survives_quotes_semicolons_and_line_breaks() -> None:
    site = replace(NETWORK.site("LI8682"), name='Le "Lieu"; étage 2\nporte B')
    network = replace(NETWORK, sites=tuple(site if s.id == site.id else s for s in NETWORK.sites))
    assert read_csv(plan_csv(PLAN, network))[0]["bibliothèque"] == 'Le "Lieu"; étage 2 porte B'


def test_safe_leaves_ordinary_texts_alone() -> None:
    for text in ("Médiathèque de Cassel", "5 place de l'église", "", "L'Escapade - Nord"):
        assert safe(text) == text


def test_an_empty_week_exports_empty_files() -> None:
    empty = plan_of(())
    assert events(empty) == []
    assert read_csv(plan_csv(empty, NETWORK)) == []
    assert gpxpy.parse(plan_gpx(empty, NETWORK, SHAPES)).tracks == []
