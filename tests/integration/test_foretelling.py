"""What is foreseen of a running round: stored once for each new fact, shown as stored, learnt from."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from api.service import Service
from api.services.actor import Role
from api.services.foretelling import step as steps
from api.services.foretelling import taught
from api.services.foretelling.follower import Foreteller
from api.services.foretelling.learning import learn_from_past
from api.services.foretelling.situation import situations
from api.services.foretelling.step import look_back, step
from models.tables.predictions import LearntRecord, PredictionRecord
from tests.queries import count_queries
from tests.road import ARNEKE, CASSEL, ROUND, TUESDAY, clock, fact, publish
from tests.service_fixtures import ClientAs

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def round_of_tuesday(service: Service) -> None:
    with service.database.write() as session:
        publish(session)


@pytest.fixture
def tell(client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Tells facts at an hour: `tell("9:28", fact(...), ...)`."""
    driver = client_as(Role.DRIVER, driver="C1", name="Dominique")

    def send(at: str, *facts: dict[str, Any]) -> None:
        for module in ("api.endpoints.scans", "api.endpoints.progress", "api.services.road.custody"):
            monkeypatch.setattr(f"{module}.now", lambda: clock(at).astimezone(UTC))
        if facts:
            answer = driver.post("/api/v1/scans", json={"scans": list(facts)}).json()
            assert {one["state"] for one in answer["results"]} == {"stored"}

    return send


def stored(session: Session) -> list[PredictionRecord]:
    found = session.exec(select(PredictionRecord)).all()
    return sorted(found, key=lambda one: (one.made_at, one.p50_at))


def left_cassel(at: str) -> tuple[dict[str, Any], ...]:
    return fact("arrived", CASSEL, "9:10"), fact("left", CASSEL, at)


def test_nothing_is_foreseen_before_the_first_fact(service: Service) -> None:
    assert step(service, clock("9:20")) == 0
    with service.database.read() as session:
        assert stored(session) == []


def test_a_fact_is_foreseen_from_once(service: Service, tell: Any) -> None:
    tell("9:28", *left_cassel("9:27"))
    assert step(service, clock("9:28")) == 1
    assert step(service, clock("9:29")) == 0  # nothing new: nobody computes, nobody stores
    with service.database.read() as session:
        found = stored(session)
    assert [one.site for one in found] == ["arneke", "bavinchove", "cassel"]
    assert {one.basis for one in found} == {"pointages"}
    assert {one.told_at for one in found} == {clock("9:27")}
    for one in found:
        assert clock("9:28") <= one.p10_at <= one.p50_at <= one.p90_at
    # Left 12 minutes late, a leg of 10 minutes: towards 9:37 rather than 9:25.
    assert abs(found[0].p50_at - clock("9:37")) < timedelta(minutes=4)


def test_two_processes_store_a_fact_once(
    service: Service, tell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell("9:28", *left_cassel("9:27"))
    with service.database.read() as session:
        both = situations(session, clock("9:28"))
    monkeypatch.setattr(steps, "situations", lambda *_: both)  # each has looked before the other stored
    assert [step(service, clock("9:28")), step(service, clock("9:28"))] == [1, 0]
    with service.database.read() as session:
        assert len(stored(session)) == 3


def test_one_round_that_fails_keeps_no_other_waiting(
    service: Service, tell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell("9:28", *left_cassel("9:27"))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(steps, "predict", broken)
    assert step(service, clock("9:28")) == 0
    monkeypatch.undo()
    assert step(service, clock("9:28")) == 1


def test_an_overdue_van_is_thought_about_again_every_two_minutes(service: Service, tell: Any) -> None:
    tell("9:28", *left_cassel("9:27"))
    step(service, clock("9:28"))
    with service.database.read() as session:
        likely = stored(session)[0].p50_at
    late = likely + timedelta(minutes=10)  # nobody told of an arrival
    assert step(service, late) == 1
    assert step(service, late + timedelta(seconds=1)) == 0
    with service.database.read() as session:
        again = [one for one in stored(session) if one.visit == ARNEKE]
    assert again[-1].p50_at >= late


def test_what_is_shown_is_what_was_stored_and_not_before_now(
    service: Service, tell: Any, client_as: ClientAs
) -> None:
    tell("9:28", *left_cassel("9:27"))
    desk = client_as(Role.COORDINATOR)
    progress, arrivals = f"/api/v1/rounds/{ROUND}/progress", "/api/v1/sites/arneke/arrivals"
    assert desk.get(progress).json()["visits"][1]["expected_at"] is None  # nothing is computed by asking
    step(service, clock("9:28"))
    with service.database.read() as session:
        kept = stored(session)[0]
    told = desk.get(progress).json()["visits"][1]
    assert told["expected_at"] == told["p50_at"] == (kept.p50_at.astimezone(clock("9:28").tzinfo).isoformat())
    tell("9:59")  # half an hour without news: none of it can be past
    with count_queries(service.database) as sent:
        arrival = client_as(Role.LIBRARY, site="arneke").get(arrivals).json()["arrivals"][0]
    assert arrival["p10_at"] == arrival["p90_at"] == clock("9:59").isoformat()
    assert (arrival["basis"], arrival["told_at"]) == ("pointages", clock("9:27").isoformat())
    # Communes, calls, rounds, their visits, how visits went, and what is foreseen.
    assert len([one for one in sent if one.startswith("SELECT")]) == 6


def test_what_came_true_moves_the_calibration_once(service: Service, tell: Any) -> None:
    tell("9:28", *left_cassel("9:27"))
    step(service, clock("9:28"))
    tell("9:50", fact("arrived", ARNEKE, "9:50"))
    assert look_back(service, clock("9:51")) == 0  # a tap may be taken back for two minutes
    assert look_back(service, clock("9:53")) == 1
    assert look_back(service, clock("9:54")) == 0
    with service.database.read() as session:
        learnt = session.exec(select(LearntRecord).where(LearntRecord.kind == "calibration")).one()
    # 10 min or less of the plan ahead: the shortest distance but one; one outcome.
    assert sum(learnt.content["seen"].values()) == 1
    assert all(
        shift > 0 for shifts in learnt.content["shifts"].values() for shift in shifts[:2]
    )  # it came later


def test_the_thread_goes_on_after_a_failure_and_ends_when_asked(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.services.foretelling.follower.EVERY_S", 0.01)
    looks: list[int] = []

    def look(self: Foreteller) -> None:
        looks.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(Foreteller, "look", look)
    thread = Foreteller(service)
    thread.start()
    while len(looks) < 3:
        pass
    thread.stop()
    assert not thread._thread.is_alive()


def test_what_past_rounds_took_is_learnt_at_night(service: Service, tell: Any) -> None:
    assert learn_from_past(service, clock("3:45", WEDNESDAY)) == 0  # nothing stored while nothing was told
    tell("9:28", *left_cassel("9:27"))
    assert learn_from_past(service, clock("10:00")) == 0  # a day that is not over teaches nothing
    assert learn_from_past(service, clock("3:45", WEDNESDAY)) == 1
    with service.database.read() as session:
        assert taught.learnt(session).rounds == 1
