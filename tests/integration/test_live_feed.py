"""The day's rounds as GTFS-Realtime: understood by the official bindings, by the rules of a validator."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import Parse
from google.transit.gtfs_realtime_pb2 import FeedMessage
from gtfs_rt_validator.api import Mode, Request, resolve, validate
from sqlmodel import select

from api.service import Service
from api.services.actor import Role
from models.tables.plans import PlanRecord, PlanStatus
from models.tables.predictions import ForeseenRecord
from models.tables.scans import PositionRecord
from tests.queries import count_queries
from tests.road import ARNEKE, BAVINCHOVE, CASSEL, CASSEL_AGAIN, ROUND, TUESDAY, clock, fact, publish
from tests.service_fixtures import ClientAs

LIVE, PACKED = "/api/v1/live/gtfs-rt.json", "/api/v1/live/gtfs-rt.pb"
AT_CASSEL = (fact("arrived", at="9:13"), fact("delivered", at="9:16", count=2), fact("left", at="9:18"))
Clock = Callable[[str], None]


@pytest.fixture(autouse=True)
def round_of_tuesday(service: Service) -> None:
    with service.database.write() as session:
        publish(session)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the clock of the service: `at("9:30")` on the day of the round."""

    def set_clock(text: str) -> None:
        moment = clock(text).astimezone(UTC)
        for module in ("scans", "live_feed", "published_feed"):
            monkeypatch.setattr(f"api.endpoints.{module}.now", lambda: moment)

    set_clock("8:00")
    return set_clock


def tell(client_as: ClientAs, *facts: dict[str, Any]) -> None:
    client_as(Role.DRIVER, driver="C1").post("/api/v1/scans", json={"scans": list(facts)})


def seen(client_as: ClientAs) -> FeedMessage:
    """The feed as JSON, as the official bindings read it."""
    answer = client_as(Role.PUBLIC).get(LIVE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    feed: FeedMessage = Parse(answer.content, FeedMessage())
    return feed


def halts(feed: FeedMessage) -> list[tuple[str, str | None, int | None, int | None]]:
    """(what, arrival « 9:40 », its delay, its uncertainty) of each halt of the one round."""
    found: list[tuple[str, str | None, int | None, int | None]] = []
    for one in feed.entity[0].trip_update.stop_time_update:
        kind = one.ScheduleRelationship.Name(one.schedule_relationship)
        if not one.HasField("arrival"):
            found.append((kind, None, None, None))
            continue
        moment = datetime.fromtimestamp(one.arrival.time, clock("9:00").tzinfo)
        unsure = one.arrival.uncertainty if one.arrival.HasField("uncertainty") else None
        found.append((kind, f"{moment.hour}:{moment.minute:02d}", one.arrival.delay, unsure))
    return found


def predict(service: Service, **visits: tuple[str, str, str]) -> None:
    """Store what is foreseen of the round: p10, p50, p90 of each visit, by site."""
    told = {
        f"{ROUND}/{site}": [*(int(clock(text).timestamp()) for text in times), 0]
        for site, times in visits.items()
    }
    with service.database.write() as session:
        session.add(ForeseenRecord(round=ROUND, day=TUESDAY, made_at=clock("9:20"), detail=told))


def test_silence_is_not_punctuality(client_as: ClientAs, at: Clock) -> None:
    feed = seen(client_as)
    assert (feed.header.gtfs_realtime_version, feed.header.timestamp) == (
        "2.0",
        int(clock("8:00").timestamp()),
    )
    trip = feed.entity[0].trip_update
    assert (trip.trip.trip_id, trip.trip.start_date, trip.vehicle.id) == (ROUND, "20261201", "V1")
    assert [kind for kind, *_ in halts(feed)] == ["NO_DATA"] * 6  # the depot, four visits, the depot


def test_what_happened_is_told_and_the_delay_carried_on(client_as: ClientAs, at: Clock) -> None:
    at("9:20")
    tell(client_as, *AT_CASSEL)
    # Cassel was to end at 9:15: three minutes late from there on, legs of 10 min, visits of 5.
    assert halts(seen(client_as)) == [
        ("NO_DATA", None, None, None),
        ("SCHEDULED", "9:13", 180, 0),
        ("SCHEDULED", "9:28", 180, None),
        ("SCHEDULED", "9:43", 180, None),
        ("SCHEDULED", "9:58", 180, None),
        ("SCHEDULED", "10:13", 180, None),
    ]


def test_the_last_prediction_is_told_with_how_sure_it_is_and_never_before_now(
    client_as: ClientAs, service: Service, at: Clock
) -> None:
    at("9:20")
    tell(client_as, *AT_CASSEL)
    predict(service, arneke=("9:26", "9:29", "9:34"), bavinchove=("9:38", "9:45", "9:56"))
    told = halts(seen(client_as))
    # (9:34 − 9:26) / 2 = 4 min; (9:56 − 9:38) / 2 = 9 min.
    assert told[2:4] == [("SCHEDULED", "9:29", 240, 240), ("SCHEDULED", "9:45", 300, 540)]
    at("9:33")
    assert halts(seen(client_as))[2][:3] == ("SCHEDULED", "9:33", 480)


def test_closed_doors_and_visits_left_out_are_skipped(client_as: ClientAs, at: Clock) -> None:
    at("9:45")
    tell(client_as, fact("closed", CASSEL, at="9:12"), fact("delivered", BAVINCHOVE, at="9:42", count=1))
    kinds = [kind for kind, *_ in halts(seen(client_as))]
    assert kinds == ["NO_DATA", "SKIPPED", "SKIPPED", "SCHEDULED", "SCHEDULED", "SCHEDULED"]


def test_a_round_that_found_every_door_closed_is_cancelled(client_as: ClientAs, at: Clock) -> None:
    at("10:30")
    times = {CASSEL: "9:10", ARNEKE: "9:25", BAVINCHOVE: "9:40", CASSEL_AGAIN: "9:55"}
    tell(client_as, *(fact("closed", ref, at=text) for ref, text in times.items()))
    update = seen(client_as).entity[0].trip_update
    assert (update.trip.ScheduleRelationship.Name(update.trip.schedule_relationship)) == "CANCELED"
    assert not update.stop_time_update


def test_another_way_than_planned_leaves_no_time_that_runs_backwards(client_as: ClientAs, at: Clock) -> None:
    at("9:45")
    tell(
        client_as,
        fact("delivered", CASSEL, at="9:12", count=1),
        fact("delivered", BAVINCHOVE, at="9:28", count=1),
        fact("delivered", ARNEKE, at="9:40", count=1),
    )
    kinds = [kind for kind, *_ in halts(seen(client_as))]
    assert kinds[1:4] == ["SCHEDULED", "SCHEDULED", "NO_DATA"]


def test_a_plan_that_no_longer_stands_is_left_out(client_as: ClientAs, service: Service, at: Clock) -> None:
    at("9:20")
    tell(client_as, fact("arrived", at="9:13"))
    with service.database.write() as session:
        session.info["plans_made"] = {plan.id for plan in session.exec(select(PlanRecord))}
        session.exec(select(PlanRecord)).one().status = PlanStatus.SUPERSEDED
    assert not seen(client_as).entity


def test_a_validator_finds_nothing_to_say(client_as: ClientAs, at: Clock, tmp_path: Path) -> None:
    client = client_as(Role.PUBLIC)
    static = tmp_path / "gtfs.zip"
    static.write_bytes(client.get("/api/v1/plans/published/gtfs.zip").content)
    at("9:45")
    tell(client_as, fact("left", f"{ROUND}/depot", at="9:01"), fact("closed", CASSEL, at="9:12"))
    tell(client_as, fact("arrived", ARNEKE, at="9:27"), fact("left", ARNEKE, at="9:33"))
    packed = tmp_path / "live.pb"
    packed.write_bytes(client.get(PACKED).content)
    asked = Request(mode=Mode.MODERN, gtfs=static, inputs=resolve(str(packed)), at=clock("9:45"))
    result = validate(asked)
    assert (result.run.messages_validated, len(result.run.rules_run)) == (1, 121)
    assert (result.error_ids(), set(result.run.notices.rule_ids())) == ((), set())


def test_it_is_made_once_and_anew_as_soon_as_something_happens(
    client_as: ClientAs, service: Service, at: Clock
) -> None:
    at("9:20")
    client = client_as(Role.PUBLIC)
    tag = client.get(LIVE).headers["etag"]
    with count_queries(service.database) as sent:
        assert client.get(LIVE, headers={"If-None-Match": tag}).status_code == 304
    assert len(sent) <= 4  # BEGIN, plans, network, changes
    tell(client_as, fact("arrived", at="9:13"))
    with count_queries(service.database) as sent:
        assert client.get(LIVE, headers={"If-None-Match": tag}).status_code == 200
    assert len(sent) <= 10


def test_questions_do_not_grow_with_the_rounds(client_as: ClientAs, service: Service, at: Clock) -> None:
    at("9:20")
    counts = []
    for vehicle in ("V2", "V3"):
        with service.database.write() as session:
            publish(session, code=f"2026-W49-mar-matin-{vehicle}")
        tell(client_as, fact("arrived", f"2026-W49-mar-matin-{vehicle}/cassel", at="9:13"))
        with count_queries(service.database) as sent:
            client_as(Role.PUBLIC).get(LIVE)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_where_the_van_is_is_told_only_while_it_runs_and_where_that_is_wanted(
    client_as: ClientAs, service: Service, at: Clock
) -> None:
    at("9:20")
    with service.database.write() as session:
        session.add(PositionRecord(round=ROUND, at=clock("9:19"), lon=2.48, lat=50.8))
    assert [one.HasField("vehicle") for one in seen(client_as).entity] == [False]
    service.settings.live_positions = True
    assert [one.HasField("vehicle") for one in seen(client_as).entity] == [False]  # it does not run yet
    tell(client_as, fact("arrived", at="9:13"))
    assert [one.HasField("vehicle") for one in seen(client_as).entity] == [False, True]
    at("9:26")  # seven minutes old: it tells nothing of now
    assert [one.HasField("vehicle") for one in seen(client_as).entity] == [False]
    assert clock("9:26") - clock("9:19") > timedelta(minutes=5)
