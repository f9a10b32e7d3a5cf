"""Promises on a day when the van is late, doors are shut and crates are aboard.

Tuesday 1 December: cassel 9:10, arneke 9:25, bavinchove 9:40, cassel again 9:55, home at 10:10; sorted an
hour later, 11:10. A second round leaves at 12:00: cassel 12:10, arneke 12:25 to 12:30. The same two on
Wednesday.
"""

from datetime import UTC, date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlmodel import col

from api.endpoints import promises as endpoint
from api.service import Service
from api.services.actor import SYSTEM, Role
from api.services.changes import announce
from api.services.foretelling.step import step
from api.services.promises.answer import Question, answer
from api.services.promises.items import promise_of_code
from api.wire.promises import PromiseOut, PromiseState
from models.tables.demand import ItemRecord
from models.tables.plans import RoundRecord, VisitRecord
from models.transfers.values import ItemState
from tests.on_the_road import foresee, tell
from tests.queries import count_queries
from tests.road import ARNEKE, BAVINCHOVE, CASSEL, CASSEL_AGAIN, ROUND, clock, fact, publish
from tests.service_fixtures import ClientAs

WEDNESDAY = date(2026, 12, 2)
_HOURS = ("start_s", "end_s")
_TIMES = ("arrival_s", "begin_s", "end_s", "announced_early", "announced_late")


@pytest.fixture(autouse=True)
def road(service: Service) -> None:
    with service.database.write() as session:
        publish(session)
        publish(session, code="2026-W49-mer-matin-V1", day=WEDNESDAY)
        for day, name in ((date(2026, 12, 1), "mar"), (WEDNESDAY, "mer")):
            tour = publish(session, code=f"2026-W49-{name}-soir-V1", day=day)
            _later(session, RoundRecord, col(RoundRecord.id) == tour.id, _HOURS)
            _later(session, VisitRecord, col(VisitRecord.round) == tour.id, _TIMES)


def _later(session: Any, table: Any, which: Any, names: tuple[str, ...]) -> None:
    """Three hours."""
    session.connection().execute(
        update(table).where(which).values({name: getattr(table, name) + 3 * 3600 for name in names})
    )


def _ask(service: Service, at: str) -> PromiseOut:
    with service.database.read() as session:
        return answer(session, service, Question(origin="cassel", destination="arneke"), now=clock(at))


def _foresee(service: Service, made: str, **likely: str) -> None:
    foresee(service, made, **likely)
    with service.database.write() as session:
        announce(session, "rounds", ROUND)


def _plain(text: str) -> str:
    """Without the typesetter's spaces and apostrophes."""
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("’", "'")


def test_a_late_van_moves_what_is_promised(service: Service, at: Any, driver: TestClient) -> None:
    """At 9:12 it is ready for Cassel's second visit (announced from 9:45, half an hour before). Home at 10:10
    it is sorted at 11:10, and leaves at 12:00. Foreseen there at 10:58, home at 11:13, it is sorted at 12:13:
    the next morning, then."""
    at("9:12")
    assert _ask(service, "9:12").earliest_at == clock("12:30")
    tell(driver, fact("arrived", CASSEL, "9:11"))
    on_time = _ask(service, "9:12")  # the delay is carried on until something is foreseen
    assert on_time.earliest_at == clock("12:30")
    assert _plain(on_time.basis).startswith(
        "La tournée « Mardi matin » est à l'heure (dernières nouvelles à 9 h 11, il y a 1 min). Planning"
    )
    assert (on_time.basis_at, on_time.age_s) == (clock("9:11"), 60)
    _foresee(service, "9:12", arneke="10:28", bavinchove="10:43", cassel_2="10:58")
    late = _ask(service, "9:12")
    assert late.earliest_at == clock("9:30", WEDNESDAY)
    # planned home at 10:10, expected at 11:13
    assert "La tournée « Mardi matin » a 1 h 03 de retard" in _plain(late.basis)
    assert late.pickup
    assert late.pickup.announced_early_at == clock("9:45")  # as it was told
    assert late.steps[1].early_at == clock(
        "10:55"
    )  # as it is expected: whole five minutes, a quarter of an hour
    assert late.steps[1].late_at == clock("11:10")
    assert "entre 10 h 55 et 11 h 10" in _plain(late.steps[1].words)


def test_a_door_that_was_shut_is_not_counted_on(service: Service, at: Any, driver: TestClient) -> None:
    """Cassel's second visit is over; the next one is at 12:10, too late for Tuesday: home at 13:10."""
    at("9:14")
    tell(driver, fact("arrived", CASSEL, "9:11"), fact("closed", CASSEL_AGAIN, "9:13"))
    told = _ask(service, "9:14")
    assert told.pickup
    assert told.pickup.visit == "2026-W49-mar-soir-V1/cassel"
    assert told.earliest_at == clock("9:30", WEDNESDAY)
    assert "La navette a trouvé porte close à Cassel à 9 h 13." in _plain(told.basis)
    at("9:31")
    tell(driver, fact("arrived", BAVINCHOVE, "9:30"))  # Arnèke is driven by
    told = _ask(service, "9:31")
    assert "Le passage de ce jour à Arnèke n'a pas été pointé : il n'est plus compté." in _plain(told.basis)


def test_what_is_aboard_arrives_when_the_van_does(service: Service, at: Any, driver: TestClient) -> None:
    """Loaded at the depot for Arnèke. Foreseen there at 9:50 it arrives at 9:55; then the door is shut: home
    again at 10:35 at the latest, sorted an hour later, with the round of 12:00 after all."""
    with service.database.write() as session:
        session.add(
            ItemRecord(
                barcode="30593004517182",
                origin="cassel",
                destination="arneke",
                requested_at=clock("8:00"),
                state=ItemState.PACKED,
                crate="B1",
                source="koha",
                reference="1",
            )
        )
    at("9:30")
    tell(driver, fact("picked_up", f"{ROUND}/depot", "9:00", crate="B1"), fact("left", CASSEL, "9:29"))
    _foresee(service, "9:30", arneke="9:50", bavinchove="10:05", cassel_2="10:20")
    with service.database.read() as session:
        told = promise_of_code(session, service, SYSTEM, "B1", clock("9:31"))
    assert (told.state, told.earliest_at) == (PromiseState.TRAVELLING, clock("9:55"))
    assert "a 25 min de retard (dernières nouvelles à 9 h 29, il y a 2 min)." in _plain(told.basis)
    assert (told.basis_at, told.age_s) == (clock("9:29"), 120)
    assert told.early_at == clock("9:50")
    at("9:53")
    tell(driver, fact("closed", ARNEKE, "9:52"))
    with service.database.read() as session:
        told = promise_of_code(session, service, SYSTEM, "B1", clock("9:53"))
    assert told.earliest_at == clock("12:30")
    assert "porte close à Arnèke à 9 h 52" in _plain(told.basis)


def test_a_fact_counts_at_once_and_silence_costs_one_statement(
    service: Service, at: Any, driver: TestClient, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Foreseen by ourselves, as the thread does each 0.7 s: the next answer has another ETag."""
    moment = clock("9:14").astimezone(UTC)
    monkeypatch.setattr(endpoint, "now", lambda: moment)
    at("9:14")
    anyone, path = client_as(Role.PUBLIC), "/api/v1/promises?from=cassel&to=arneke"
    first = anyone.get(path)
    tell(driver, fact("arrived", CASSEL, "9:11"), fact("left", CASSEL, "9:14"))
    assert step(service, moment) == 1
    again = anyone.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200
    assert "9 h 14, à l'instant" in _plain(again.json()["basis"])
    with count_queries(service.database) as sent:
        same = anyone.get(path, headers={"If-None-Match": again.headers["etag"]})
    assert same.status_code == 304
    assert len([one for one in sent if "published_at" in one]) == 1
    assert len([one for one in sent if one.startswith("SELECT")]) == 1
    with service.database.write() as session:
        announce(session, "positions", ROUND)  # says nothing new of the round: nothing else is told
    assert anyone.get(path, headers={"If-None-Match": again.headers["etag"]}).status_code == 304


def test_nobody_waits_while_somebody_else_looks_at_the_road(
    service: Service, at: Any, driver: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.services.promises.index._JUST_BEFORE_S", 60.0)
    at("9:14")
    before = _ask(service, "9:14")
    tell(driver, fact("arrived", CASSEL, "9:11"))
    with service.promises._lock:  # somebody else is at it
        assert _ask(service, "9:14") == before
    after = _ask(service, "9:14")
    assert "dernières nouvelles" in after.basis
