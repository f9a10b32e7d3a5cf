"""Promises over the default network: its quick plan of week 49 is published, and is the ordinary week too."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from api.endpoints import promises as endpoint
from api.service import Service
from api.services.actor import PUBLIC, SYSTEM, Role
from api.services.plans.store import save_plan
from api.services.promises.answer import Question, answer
from api.services.promises.items import promise_of_code
from api.services.promises.settle import settle
from api.services.territory import touch
from api.wire.promises import PromiseOut, PromiseState
from models.errors import InputError
from models.plan import Plan
from models.service_day import PARIS, IsoWeek
from models.tables.base import now as this_moment
from models.tables.demand import ItemRecord
from models.tables.network import ClosureRecord, ClosureStatus
from models.tables.plans import PlanKind, PlanStatus
from models.tables.predictions import PromiseRecord
from models.transfers.values import ItemState
from tests.published import moved, publish
from tests.queries import count_queries
from tests.road import clock, fact
from tests.road import publish as publish_round
from tests.service_fixtures import ClientAs

NOW = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)  # Monday of week 49, 8:00 in Paris
WEEK = IsoWeek(2026, 49)
_CLOCKS = ("api.endpoints.scans", "api.services.road.custody")


@pytest.fixture
def known(service: Service, planned: Plan) -> Service:
    """Week 49 is published, and the ordinary week."""
    publish(service, planned)
    with service.database.write() as session:
        template = save_plan(session, planned, kind=PlanKind.TEMPLATE, actor=SYSTEM)
        template.status, template.published_at = PlanStatus.PUBLISHED, this_moment()
    return service


def _ask(service: Service, origin: str, destination: str, **fields: Any) -> PromiseOut:
    with service.database.read() as session:
        return answer(session, service, Question(origin=origin, destination=destination, **fields), now=NOW)


def test_a_promise_with_its_reasons(known: Service) -> None:
    told = _ask(known, "bailleul", "cassel")
    assert told.state is PromiseState.PLANNED
    instants = (told.ready_by, told.earliest_at, told.likely_at, told.due_at, told.worst_at)
    ready_by, earliest_at, likely_at, due_at, worst_at = [one for one in instants if one is not None]
    assert told.pickup is not None
    assert told.available_at is not None
    assert told.late_at == told.due_at
    assert told.pickup.visit.startswith("2026-W49-")
    assert told.pickup.visit.endswith("/bailleul")
    # the crates are ready half an hour before the announced window begins (preparation_avant_min)
    assert ready_by == told.pickup.announced_early_at - timedelta(minutes=30)
    assert NOW <= ready_by < earliest_at <= likely_at <= due_at < worst_at
    assert told.available_at >= due_at
    assert told.chance_permille is not None
    assert 900 <= told.chance_permille <= 999
    assert told.chance_words in {"9 chances sur 10", "19 chances sur 20", "99 chances sur 100"}
    assert told.sentence.startswith("Un livre demandé maintenant à Bailleul sera à Cassel ")
    assert told.chance_words in told.sentence
    assert "Au pire" in told.sentence
    kinds = [step.what.value for step in told.steps]
    assert kinds[:3] == ["ready", "pickup", "sorting"]
    assert kinds[-1] == "opening"
    assert told.chain.startswith("prochaine levée à Bailleul ")
    assert "tri à Hazebrouck" in told.chain
    assert "chances supposées" in told.basis
    assert told.basis_at is not None


def test_asking_again_costs_one_statement_and_a_publication_counts_at_once(
    known: Service, planned: Plan
) -> None:
    first = _ask(known, "bailleul", "cassel")
    with count_queries(known.database) as sent:
        assert _ask(known, "bailleul", "cassel") == first
    assert len([one for one in sent if one.startswith("SELECT")]) == 1
    publish(known, moved(planned, WEEK.next()))
    later = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    assert _ask(known, "bailleul", "cassel", asked_at=later).basis.startswith("Planning publié")
    far = _ask(known, "bailleul", "cassel", asked_at=datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    assert far.basis.startswith("Semaine type")


def test_a_closure_moves_what_was_promised(known: Service) -> None:
    before = _ask(known, "bailleul", "cassel")
    assert before.earliest_at
    day = before.earliest_at.date()
    with known.database.write() as session:
        session.add(
            ClosureRecord(site="cassel", starts_on=day, ends_on=day, status=ClosureStatus.ACCEPTED, reason="")
        )
        touch(session)
    after = _ask(known, "bailleul", "cassel")
    assert after.earliest_at
    assert after.earliest_at.date() > day


def test_nothing_is_invented_where_nothing_is_published(service: Service) -> None:
    told = _ask(service, "bailleul", "cassel")
    assert (told.state, told.due_at, told.chance_permille) == (PromiseState.UNKNOWN, None, None)
    assert "aucune date ne peut être promise" in told.sentence
    assert told.basis == "Aucun planning publié, aucune semaine type."


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"origin": "casel"}, "Vouliez-vous dire « cassel » ?"),
        ({"origin": "depot"}, "Choisissez une bibliothèque."),
        ({"origin": "cassel"}, "Choisissez deux lieux différents."),
        ({"asked_at": datetime(1970, 1, 1, tzinfo=UTC)}, "est passé"),
        ({"asked_at": datetime(2036, 1, 1, tzinfo=UTC)}, "est trop loin"),
        ({"asked_at": datetime.max.replace(tzinfo=UTC)}, "est trop loin"),
        ({"asked_at": datetime(2026, 12, 1)}, "fuseau"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_answered_says_why(service: Service, fields: dict[str, Any], told: str) -> None:
    with service.database.read() as session, pytest.raises(InputError, match=told):
        answer(
            session, service, Question(**{"origin": "bailleul", "destination": "cassel", **fields}), now=NOW
        )


def test_promises_shown_are_remembered_once_and_counted(known: Service) -> None:
    told = _ask(known, "bailleul", "cassel")
    _ask(known, "bailleul", "cassel")
    with known.database.read() as session:
        assert session.exec(select(PromiseRecord)).all() == []  # nothing is written in the way of a question
    assert known.promised.flush() == 1
    _ask(known, "bailleul", "cassel")
    assert known.promised.flush() == 1
    with known.database.read() as session:
        (record,) = session.exec(select(PromiseRecord)).all()
    assert (record.shown, record.due_at, record.kept) == (3, told.due_at, None)


@pytest.fixture
def road(service: Service) -> Service:
    """Tuesday 1 December: cassel 9:10, arneke 9:25, bavinchove 9:40; and the same places on Wednesday."""
    with service.database.write() as session:
        publish_round(session)
        publish_round(session, code="2026-W49-mer-matin-V1", day=date(2026, 12, 2))
    return service


@pytest.mark.parametrize(("told_on_wednesday", "kept", "arrives"), [(True, True, True), (False, None, False)])
def test_promises_are_held_against_what_came(
    road: Service,
    client_as: ClientAs,
    told_on_wednesday: bool,
    kept: bool | None,
    arrives: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Taken at Cassel on Tuesday at 9:10, sorted at 11:10 (home at 10:10, and an hour), left at Arnèke on
    Wednesday at 9:25 to 9:30. Of Wednesday perhaps nobody tells anything: then nobody knows."""
    for module in _CLOCKS:  # nothing happens after it was heard
        monkeypatch.setattr(f"{module}.now", lambda: clock("20:00", date(2026, 12, 2)).astimezone(UTC))
    wednesday = "2026-W49-mer-matin-V1"
    facts = [fact("delivered", at="9:12", count=1), fact("left", at="9:15")]
    if told_on_wednesday:
        there: dict[str, Any] = {"visit": f"{wednesday}/arneke", "day": date(2026, 12, 2)}
        facts += [fact("arrived", at="9:26", **there), fact("left", at="9:31", **there)]
    sent = client_as(Role.COORDINATOR).post("/api/v1/scans", json={"scans": facts})
    assert sent.status_code == 200, sent.text
    with road.database.write() as session:
        session.add(
            PromiseRecord(
                origin="cassel",
                destination="arneke",
                pickup="2026-W49-mar-matin-V1/cassel",
                ready_at=clock("8:00"),
                likely_at=clock("9:30", date(2026, 12, 2)),
                due_at=clock("10:00", date(2026, 12, 2)),
                worst_at=clock("10:00", date(2026, 12, 2)),
                chance_permille=903,
                basis="Planning publié.",
            )
        )
    with road.database.write() as session:
        assert settle(session, clock("9:00", date(2026, 12, 3))) == 0  # a day has not passed
        assert settle(session, clock("10:01", date(2026, 12, 3))) == 1
        assert settle(session, clock("10:01", date(2026, 12, 3))) == 0
    with road.database.read() as session:
        record = session.exec(select(PromiseRecord)).one()
    assert (record.kept, record.settled_at is not None) == (kept, True)
    assert record.arrived_at == (clock("9:31", date(2026, 12, 2)) if arrives else None)


def test_what_is_aboard_is_promised_from_there(
    road: Service, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Crate B1 is taken at Cassel on Tuesday: home at 10:10, sorted at 11:10, at Arnèke on Wednesday."""
    monkeypatch.setattr("api.endpoints.scans.now", lambda: clock("9:13").astimezone(UTC))
    sent = client_as(Role.COORDINATOR).post(
        "/api/v1/scans", json={"scans": [fact("picked_up", at="9:12", crate="B1")]}
    )
    assert sent.status_code == 200
    with road.database.write() as session:
        session.add(
            ItemRecord(
                barcode="30593004517182",
                origin="cassel",
                destination="arneke",
                requested_at=NOW,
                state=ItemState.PACKED,
                crate="B1",
                source="koha",
                reference="1",
            )
        )
    with road.database.read() as session:
        for code in ("30593004517182", "B1"):
            told = promise_of_code(session, road, SYSTEM, code, clock("9:20"))
            assert (told.state, told.pickup) == (PromiseState.TRAVELLING, None)
            assert told.earliest_at == clock("9:30", date(2026, 12, 2))
            assert "à bord" in told.basis.lower()
            assert told.age_s == (clock("9:20") - clock("9:12")).seconds
        after = promise_of_code(session, road, SYSTEM, "B1", clock("15:00"))
    # home since 10:10 and nobody has told of unloading it: nothing is promised
    assert (after.state, after.due_at) == (PromiseState.TRAVELLING, None)


def test_unknown_codes_are_told_as_such(known: Service) -> None:
    with known.database.read() as session:
        told = promise_of_code(session, known, PUBLIC, "<nonsense>", NOW)
    assert (told.state, told.due_at) == (PromiseState.UNKNOWN, None)
    assert told.basis == "Aucune demande de transfert et aucun bac ne portent ce code."


def test_over_http(known: Service, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "now", lambda: NOW)
    anyone, staff = client_as(Role.PUBLIC), client_as(Role.COORDINATOR)
    first = anyone.get("/api/v1/promises?from=bailleul&to=cassel")
    assert first.status_code == 200
    assert first.headers["cache-control"] == "public, no-cache"
    tag = {"If-None-Match": first.headers["etag"]}
    assert anyone.get("/api/v1/promises?from=bailleul&to=cassel", headers=tag).status_code == 304
    with known.database.write() as session:
        touch(session)
        session.add(
            ClosureRecord(
                site="cassel",
                starts_on=NOW.date(),
                ends_on=NOW.date() + timedelta(days=6),
                status=ClosureStatus.ACCEPTED,
                reason="",
            )
        )
    again = anyone.get("/api/v1/promises?from=bailleul&to=cassel", headers=tag)
    assert again.status_code == 200
    assert again.json()["due_at"] > first.json()["due_at"]
    wrong = anyone.get("/api/v1/promises?from=bailleul&to=casel&at=1970-01-01T00:00:00Z")
    assert wrong.status_code == 422
    assert len(wrong.json()["findings"]) == 2
    assert anyone.get("/api/v1/public/items/30593004517182").status_code == 404
    monkeypatch.setattr(known.settings, "public_items", True)
    told = anyone.get("/api/v1/public/items/30593004517182")
    assert (told.status_code, told.json()["state"]) == (200, "inconnu")
    asked = [{"from": "bailleul", "to": "cassel"}, {"from": "cassel", "to": "cassel"}]
    many = staff.post("/api/v1/promises", json={"questions": asked}).json()
    assert (many["promises"][0]["state"], many["promises"][1]) == ("prévu", None)
    assert many["refused"][0]["number"] == 1
    too_many = staff.post("/api/v1/promises", json={"questions": asked * 5000})
    assert too_many.status_code == 422
    assert "10000 questions à la fois, c'est trop" in too_many.json()["detail"]
    item = staff.get("/api/v1/promises/items/rien").json()
    assert item["state"] == "inconnu"
    table = staff.get("/api/v1/promises/matrix").json()
    a, b = table["sites"].index("bailleul"), table["sites"].index("cassel")
    assert 0 < table["median_s"][a][b] < table["ninety_s"][a][b] < 40 * 86_400
    assert table["median_s"][a][a] is None
    assert again.json()["asked_at"] == NOW.astimezone(PARIS).isoformat()
