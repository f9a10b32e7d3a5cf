"""The published rounds as GTFS, by the canonical rules: gtfs-validator follows MobilityData's."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gtfs_validator import cli as validator

from api.service import Service
from api.services.actor import Role
from api.services.folder import Territory
from maps.export.gtfs import Feed, gtfs
from models.plan import Plan
from models.service_day import IsoWeek
from tests.published import moved, publish
from tests.queries import count_queries
from tests.service_fixtures import ClientAs

URL = "https://navette.example.org"
FEED = "/api/v1/plans/published/gtfs.zip"
Tables = dict[str, list[dict[str, str]]]


def tables(content: bytes) -> Tables:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
        }


def notices(content: bytes, on: date, folder: Path) -> list[dict[str, Any]]:
    """What the validator finds, as of a date."""
    feed = folder / "feed.zip"
    feed.write_bytes(content)
    asked = ["-i", str(feed), "-o", str(folder), "-c", "FR", "-d", on.isoformat()]
    assert validator.main(asked) == 0
    assert json.loads((folder / "system_errors.json").read_text())["notices"] == []
    found: list[dict[str, Any]] = json.loads((folder / "report.json").read_text())["notices"]
    return found


@pytest.fixture(scope="module")
def weeks(planned: Plan) -> tuple[Plan, Plan]:
    return planned, moved(planned, IsoWeek(2026, 50))


def feed_of(weeks: tuple[Plan, ...], territory: Territory, **more: Any) -> Feed:
    roads = ("© les contributeurs d'OpenStreetMap", "https://www.openstreetmap.org/copyright")
    return Feed(
        plans=weeks,
        network=territory.network,
        url=URL,
        version="1",
        shapes=territory.shapes,
        roads=roads,
        **more,
    )


@pytest.mark.parametrize("documents", [False, True])
def test_a_feed_keeps_every_rule(
    weeks: tuple[Plan, Plan], territory: Territory, tmp_path: Path, documents: bool
) -> None:
    found = notices(gtfs(feed_of(weeks, territory, documents=documents)), date(2026, 12, 1), tmp_path)
    # Thiennes lies 109 m from the nearest road of the map (data/README.md): that is so, and may be said.
    far = [one["sampleNotices"] for one in found if one["code"] == "stop_too_far_from_shape"]
    assert {each["stopId"] for some in far for each in some} <= {"thiennes"}
    # A feed reaches as far as weeks are published, here less than 30 days.
    assert {one["code"] for one in found} <= {"stop_too_far_from_shape", "feed_expiration_date30_days"}


def test_what_is_wrong_is_found(weeks: tuple[Plan, Plan], territory: Territory, tmp_path: Path) -> None:
    """So that the test above can fail: a van that is there before it left."""
    first = weeks[0].rounds[0]
    visit = replace(first.visits[0], arrival_s=first.start_s - 60, end_s=first.start_s - 30)
    wrong = replace(weeks[0], rounds=(replace(first, visits=(visit, *first.visits[1:])),))
    codes = {one["code"] for one in notices(gtfs(feed_of((wrong,), territory)), date(2026, 12, 1), tmp_path)}
    assert "stop_time_with_arrival_before_previous_departure_time" in codes


def test_names_stay_when_a_week_is_published_again(weeks: tuple[Plan, Plan], territory: Territory) -> None:
    before = tables(gtfs(feed_of(weeks, territory)))
    later = replace(weeks[0].rounds[0], start_s=weeks[0].rounds[0].start_s - 300)
    again = replace(weeks[0], rounds=(later, *weeks[0].rounds[1:]))
    after = tables(gtfs(feed_of((again, weeks[1]), territory)))
    for name, key in (("trips.txt", "trip_id"), ("routes.txt", "route_id"), ("shapes.txt", "shape_id")):
        assert {one[key] for one in before[name]} == {one[key] for one in after[name]}
    # Ten rounds a week, the same each week: twenty trips on ten routes.
    assert (len(before["trips.txt"]), len(before["routes.txt"])) == (20, 10)


def test_ways_are_as_long_as_planned(weeks: tuple[Plan, Plan], territory: Territory) -> None:
    told = tables(gtfs(feed_of(weeks, territory)))
    for tour in weeks[0].rounds:
        last = [one for one in told["stop_times.txt"] if one["trip_id"] == tour.id][-1]
        # Legs meet on two sides of a street: some metres are added at each halt.
        assert float(last["shape_dist_traveled"]) == pytest.approx(tour.distance_m, rel=0.03, abs=200)


def test_without_roads_no_way_is_drawn_nor_credited(weeks: tuple[Plan, Plan], territory: Territory) -> None:
    told = tables(gtfs(replace(feed_of(weeks, territory), shapes=None)))
    assert "shapes.txt" not in told
    assert [one["attribution_id"] for one in told["attributions.txt"]] == ["exploitant"]


def test_documents_may_board_where_passengers_may_not(weeks: tuple[Plan, Plan], territory: Territory) -> None:
    closed, opened = (
        tables(gtfs(feed_of(weeks, territory, documents=each)))["stop_times.txt"] for each in (False, True)
    )
    assert {(one["pickup_type"], one["drop_off_type"]) for one in closed} == {("1", "1")}
    first = [
        (one["pickup_type"], one["drop_off_type"]) for one in opened if one["trip_id"] == opened[0]["trip_id"]
    ]
    assert (first[0], first[1], first[-1]) == (("0", "1"), ("0", "0"), ("1", "0"))


def test_anybody_may_have_the_feed_and_is_told_when_it_is_the_same(
    client_as: ClientAs, service: Service, planned: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.endpoints.published_feed.now", lambda: planned.rounds[0].day.at(0))
    client = client_as(Role.PUBLIC)
    empty = client.get(FEED)
    assert (empty.status_code, tables(empty.content)["trips.txt"]) == (200, [])
    publish(service, planned)
    answer = client.get(FEED)
    tag = answer.headers["etag"]
    assert (answer.status_code, len(tables(answer.content)["trips.txt"])) == (200, len(planned.rounds))
    assert tag != empty.headers["etag"]
    assert tables(answer.content)["feed_info.txt"][0]["feed_version"] == tag.strip('"')
    with count_queries(service.database) as sent:
        assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304
    assert len(sent) <= 3  # BEGIN, plans, network
    publish(service, moved(planned, IsoWeek(2026, 50)))
    newer = client.get(FEED, headers={"If-None-Match": tag})
    assert (newer.status_code, newer.headers["etag"] != tag) == (200, True)
