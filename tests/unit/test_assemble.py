"""From a network and a week to a problem, and from an answer to a plan."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from api.services.assemble import WeekAsked, announced, assemble, half_day, plan_of
from models.network.read import read_network
from models.network.values import Network, Rules
from models.plan import Plan, RunStamp
from models.plan_file import dump_plan, parse_plan
from models.service_day import IsoWeek
from models.values import TimeWindow
from routing.budget import Budget
from routing.engines.engine import engine_named
from routing.solution import Cause
from routing.solve import Result, solve
from routing.travel import TravelMatrix
from tests.instances import STAMP
from tests.network_folder import copy_folder, edit

WEEK = IsoWeek(2026, 49)  # no holiday
HOUR = 3600


def _flat(network: Network) -> TravelMatrix:
    """Ten minutes and eight kilometres from anywhere to anywhere."""
    n = len(network.sites)
    return TravelMatrix(
        ids=tuple(site.id for site in network.sites),
        points=tuple(site.point for site in network.sites),
        seconds=600 * (1 - np.eye(n, dtype=np.int32)),
        metres=8000 * (1 - np.eye(n, dtype=np.int32)),
        stamp=STAMP,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_folder(tmp_path / "network")


def _problem(folder: Path, week: IsoWeek = WEEK) -> WeekAsked:
    network = read_network(folder)
    return assemble(network, _flat(network), week)


def test_each_span_of_a_driver_is_one_possible_round(folder: Path) -> None:
    shifts = {shift.id: shift for shift in _problem(folder).problem.shifts}
    # C1 drives V1 five mornings and five afternoons; C2 drives V2 a long Wednesday and a Thursday morning.
    assert len(shifts) == 12
    morning = shifts["2026-W49-lun-matin-V1"]
    assert (morning.window.early, morning.window.late) == (8 * HOUR + 900, 12 * HOUR + 900)
    assert morning.pause is None
    long = shifts["2026-W49-mer-jour-V2"]
    assert long.pause is not None
    assert long.pause.length_s == 45 * 60


def test_the_closing_margin_is_taken_off_every_opening(folder: Path) -> None:
    edit(folder, "libraries.csv", "staple", horaires="We 15:00-16:00; Fr 09:00-09:05; PH off")
    asked = _problem(folder)
    staple = asked.problem.stops[[site.id for site in asked.served].index("staple")]
    assert staple.windows[2] == (TimeWindow(15 * HOUR, 16 * HOUR - 600),)
    # An opening shorter than the margin keeps its first instant.
    assert staple.windows[4] == (TimeWindow(9 * HOUR, 9 * HOUR),)


def test_waiting_follows_the_gaps_between_visits(folder: Path) -> None:
    edit(
        folder,
        "libraries.csv",
        "staple",
        horaires="Mo,Tu,Th 09:00-12:00",
        passages_par_semaine="2",
        ecart_min_jours="1",
        documents_par_semaine="70",
    )
    asked = _problem(folder)
    staple = asked.problem.stops[[site.id for site in asked.served].index("staple")]
    patterns = {pattern.days: pattern for pattern in staple.patterns}
    # 70 documents × 2 cents = 140 cents a day. Mon + Thu: gaps 3 and 4, (9 + 16) / 14 days.
    assert patterns[0, 3].waiting_cents == 140 * 25 // 14
    # Mon + Tue: gaps 1 and 6, (1 + 36) / 14 days; one visit: 49 / 14; none: a week more.
    assert patterns[0, 1].waiting_cents == 140 * 37 // 14
    assert patterns[3,].waiting_cents == 140 * 49 // 14
    assert patterns[()].waiting_cents == 140 * 7
    assert (patterns[3,].missing, patterns[()].missing_cents) == (1, 2 * 30000)


def test_the_gap_binds_as_long_as_some_choice_keeps_it(folder: Path) -> None:
    spaced = {"passages_par_semaine": "2", "ecart_min_jours": "2"}
    edit(folder, "libraries.csv", "staple", horaires="Mo,Tu,Th 09:00-12:00", **spaced)
    edit(folder, "libraries.csv", "eecke", horaires="Mo,Tu 09:00-12:00", **spaced)
    asked = _problem(folder)
    names = [site.id for site in asked.served]
    pairs = {
        name: [p.days for p in asked.problem.stops[names.index(name)].patterns if len(p.days) == 2]
        for name in ("staple", "eecke")
    }
    assert pairs == {"staple": [(0, 3), (1, 3)], "eecke": [(0, 1)]}


def test_the_gap_gives_way_when_a_holiday_leaves_neighbouring_days_only(folder: Path) -> None:
    open_on = {"horaires": "Tu,We,Fr 15:30-17:00; Sa 10:00-12:00; PH off", "horaires_navette": ""}
    edit(folder, "libraries.csv", "eecke", passages_par_semaine="2", ecart_min_jours="2", **open_on)
    pairs = {}
    for week in (WEEK, IsoWeek(2026, 53)):  # in week 53 Friday is New Year's Day; no van runs on Saturday
        asked = _problem(folder, week)
        eecke = asked.problem.stops[[site.id for site in asked.served].index("eecke")]
        pairs[week.number] = [p.days for p in eecke.patterns if len(p.days) == 2]
    assert pairs == {49: [(1, 4), (2, 4)], 53: [(1, 2)]}


def test_a_public_holiday_takes_its_rounds_and_visits_away(folder: Path) -> None:
    asked = _problem(folder, IsoWeek(2026, 53))  # 28 December to 3 January: Friday is New Year's Day
    assert not asked.problem.shifts_of_day[4]
    assert all(not stop.windows[4] for stop in asked.problem.stops)


@pytest.mark.parametrize(
    ("begin", "early", "late"),
    [
        (36000, 35400, 37200),  # 10 h: 9 h 50 to 10 h 20
        (36060, 35400, 37500),  # 10 h 01: outwards to 9 h 50 and 10 h 25
    ],
)
def test_the_announced_window_is_rounded_outwards(begin: int, early: int, late: int) -> None:
    assert announced(Rules(), begin) == TimeWindow(early, late)


@pytest.mark.parametrize(
    ("early", "late", "words"), [(8, 12, "matin"), (13, 17, "après-midi"), (9, 17, "journée")]
)
def test_spans_are_named_as_people_do(early: int, late: int, words: str) -> None:
    assert half_day(TimeWindow(early * HOUR, late * HOUR)) == words


def _planned(folder: Path) -> tuple[Result, Plan]:
    asked = _problem(folder)
    result = solve(asked.problem, Budget(iterations=200), engine_named("insertion"))
    stamp = RunStamp(
        engine="insertion",
        version="0",
        seconds=None,
        iterations=200,
        seed=1,
        travel="",
        network="",
        spent_s=0,
    )
    return result, plan_of(asked, result, stamp, datetime(2026, 11, 23, tzinfo=UTC))


def test_the_plan_tells_what_the_answer_says(folder: Path) -> None:
    result, plan = _planned(folder)
    visits = sum(len(tour.visits) for tour in plan.rounds)
    missing = sum(entry.missing for entry in plan.unplanned)
    assert visits + missing == 71
    assert plan.total_cents == pytest.approx(result.cost.total_mc / 1000, abs=4)
    for tour in plan.rounds:
        clock = tour.start_s
        for visit in tour.visits:
            assert clock + visit.leg_s <= visit.arrival_s <= visit.begin_s < visit.end_s
            assert visit.begin_s in visit.window
            assert visit.begin_s in visit.announced
            clock = visit.end_s
        assert clock + tour.leg_back_s <= tour.end_s <= tour.shift.late
        assert tour.load_end == tour.visits[-1].load_after


def test_a_plan_is_read_back_equal(folder: Path) -> None:
    _, plan = _planned(folder)
    assert parse_plan(dump_plan(plan)) == plan


def test_what_cannot_be_served_has_its_reason(folder: Path) -> None:
    edit(folder, "libraries.csv", "staple", horaires="Sa 10:00-12:00")
    asked = _problem(folder)
    result = solve(asked.problem, Budget(iterations=200), engine_named("insertion"))
    names = [site.id for site in asked.served]
    reasons = {names[entry.stop]: entry.reason.cause for entry in result.unassigned}
    assert reasons["staple"] is Cause.NEVER_OPEN
    stamp = RunStamp(
        engine="", version="", seconds=1, iterations=None, seed=1, travel="", network="", spent_s=0
    )
    plan = plan_of(asked, result, stamp, datetime(2026, 11, 23, tzinfo=UTC))
    (entry,) = [one for one in plan.unplanned if one.site == "staple"]
    assert "aucun jour de tournée" in entry.reason


def test_a_faster_van_and_a_dearer_hour_reach_the_problem(folder: Path) -> None:
    edit(folder, "vehicles.csv", "V1", vitesse_pct="120", cout_km_eur="0.50")
    edit(folder, "drivers.csv", "C1", cout_heure_eur="31.5")
    shift = next(s for s in _problem(folder).problem.shifts if s.vehicle == "V1")
    assert (shift.speed_percent, shift.km_cents, shift.hour_cents) == (120, 50, 3150)


def test_partners_are_served_only_when_owed_visits(folder: Path) -> None:
    partner = "mediatheque-departementale"
    assert partner not in [site.id for site in _problem(folder).served]
    network = read_network(folder)
    sites = tuple(replace(s, visits_per_week=1) if s.id == partner else s for s in network.sites)
    owed = replace(network, sites=sites)
    assert partner in [site.id for site in assemble(owed, _flat(owed), WEEK).served]
