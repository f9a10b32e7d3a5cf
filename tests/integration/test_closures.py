"""Closures over HTTP: proposed, looked at for their effect, decided, taken back; and respected by plans."""

import threading
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.service import Service
from api.services.actor import Role
from api.services.assemble import assemble
from api.services.described import change
from api.services.described.kinds import SITE
from api.services.network_records import network_of
from api.services.planning import plan_week
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.service import ChangeRecord
from routing.child import Asked
from tests.published_rows import publish
from tests.queries import count_queries
from tests.service_fixtures import ClientAs

WORKS = {"starts_on": "2026-12-01", "ends_on": "2026-12-02", "reason": "Travaux"}
BEFORE = date(2026, 11, 1)


@pytest.fixture
def coordinator(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR)


@pytest.fixture
def published(service: Service, planned: Plan) -> Plan:
    """The plan of week 2026-W49, published."""
    with service.database.write() as session:
        publish(session, planned)
    return planned


def _close(client: TestClient, site: str, **more: object) -> dict[str, object]:
    answer = client.post(f"/api/v1/sites/{site}/closures", json={**WORKS, **more})
    assert answer.status_code == 201, answer.json()
    found: dict[str, object] = answer.json()
    return found


def test_a_library_proposes_and_the_coordinator_decides(service: Service, client_as: ClientAs) -> None:
    library, coordinator = client_as(Role.LIBRARY, site="cassel", name="Cassel"), client_as(Role.COORDINATOR)
    made = _close(library, "cassel")
    assert (made["status"], made["declared_by"], made["version"]) == ("proposed", "Cassel", 1)
    path = f"/api/v1/closures/{made['id']}"
    assert library.post(f"{path}/accept", headers={"If-Match": '"v1"'}).status_code == 403
    done = coordinator.post(f"{path}/accept", headers={"If-Match": '"v1"'})
    assert (done.json()["status"], done.headers["etag"]) == ("accepted", '"v2"')
    late = coordinator.post(f"{path}/decline", headers={"If-Match": '"v1"'})
    assert (late.status_code, late.json()["stored"]["status"]) == (409, "accepted")
    again = coordinator.post(f"{path}/decline", headers={"If-Match": '"v2"'})
    assert (again.status_code, "déjà acceptée" in again.json()["detail"]) == (409, True)
    back = library.post(f"{path}/withdraw", headers={"If-Match": '"v2"'})
    assert back.json()["status"] == "withdrawn"
    with service.database.read() as session:
        told = session.exec(select(ChangeRecord).where(ChangeRecord.topic == "closures")).all()
    assert [one.site for one in told] == ["cassel"] * 3


def test_what_the_coordinator_declines_changes_no_round(service: Service, client_as: ClientAs) -> None:
    made = _close(client_as(Role.LIBRARY, site="cassel", name="Cassel"), "cassel")
    coordinator = client_as(Role.COORDINATOR)
    done = coordinator.post(f"/api/v1/closures/{made['id']}/decline", headers={"If-Match": '"v1"'})
    assert (done.status_code, done.json()["status"], done.headers["etag"]) == (200, "declined", '"v2"')
    with service.database.read() as session:
        assert network_of(session).site("cassel").closures == ()


def test_a_library_touches_its_own_closures_alone(client_as: ClientAs) -> None:
    library, other = client_as(Role.LIBRARY, site="cassel"), client_as(Role.LIBRARY, site="bailleul")
    made = _close(library, "cassel")
    assert library.post("/api/v1/sites/bailleul/closures", json=WORKS).status_code == 403
    assert library.post("/api/v1/sites/cassel/closures", json={**WORKS, "accepted": True}).status_code == 403
    assert library.post("/api/v1/closures", json=WORKS).status_code == 403
    assert library.post("/api/v1/closures/effect", json=WORKS).status_code == 403
    for ask in (
        other.get(f"/api/v1/closures/{made['id']}"),
        other.post(f"/api/v1/closures/{made['id']}/withdraw", headers={"If-Match": '"v1"'}),
        other.get("/api/v1/sites/cassel/closures"),
    ):
        assert ask.status_code == 403
    own = library.get("/api/v1/sites/cassel/closures").json()["items"]
    assert [one["id"] for one in own] == [made["id"]]


def test_the_same_closure_is_not_declared_twice(client_as: ClientAs) -> None:
    library = client_as(Role.LIBRARY, site="cassel")
    key = {"Idempotency-Key": "phone-1"}
    first = library.post("/api/v1/sites/cassel/closures", json=WORKS, headers=key)
    again = library.post("/api/v1/sites/cassel/closures", json=WORKS, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    twice = library.post("/api/v1/sites/cassel/closures", json=WORKS)
    assert (twice.status_code, "déjà proposée" in twice.json()["detail"]) == (409, True)
    assert len(library.get("/api/v1/sites/cassel/closures").json()["items"]) == 1


def test_of_many_decisions_at_once_one_counts(client_as: ClientAs) -> None:
    made = _close(client_as(Role.LIBRARY, site="cassel"), "cassel")
    clients = [client_as(Role.COORDINATOR) for _ in range(6)]
    statuses: list[int] = []

    def decide(client: TestClient, how: str) -> None:
        answer = client.post(f"/api/v1/closures/{made['id']}/{how}", headers={"If-Match": '"v1"'})
        statuses.append(answer.status_code)

    threads = [
        threading.Thread(target=decide, args=pair)
        for pair in zip(clients, ["accept", "decline"] * 3, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]


@pytest.mark.parametrize(
    "wrong",
    [
        {**WORKS, "ends_on": "2026-11-30"},
        {**WORKS, "ends_on": "2028-12-01"},
        {**WORKS, "starts_on": "1026-12-01"},
        {"starts_on": "2026-12-01"},
        {**WORKS, "starts_on": "hier"},
        {**WORKS, "reason": "x" * 201},
    ],
)
def test_days_that_make_no_sense_are_refused(coordinator: TestClient, wrong: dict[str, str]) -> None:
    for path in ("sites/cassel/closures", "closures", "closures/effect"):
        assert coordinator.post(f"/api/v1/{path}", json=wrong).status_code == 422
    assert coordinator.get("/api/v1/closures").json()["items"] == []


def test_closures_are_listed_in_two_queries(service: Service, coordinator: TestClient) -> None:
    for site in ("cassel", "bailleul", "arneke"):
        _close(coordinator, site, accepted=True)
    coordinator.post("/api/v1/closures", json={**WORKS, "accepted": True})
    with count_queries(service.database) as sent:
        found = coordinator.get("/api/v1/closures", params={"site": "cassel", "first": "2026-12-02"}).json()
    assert len([one for one in sent if one.startswith("SELECT")]) == 1
    assert {one["site"] for one in found["items"]} == {"cassel", None}
    assert coordinator.get("/api/v1/closures", params={"status": "proposed"}).json()["items"] == []
    assert coordinator.get("/api/v1/closures", params={"last": "2026-11-30"}).json()["items"] == []


def test_an_accepted_closure_is_respected_by_the_next_plan(
    service: Service, coordinator: TestClient, planned: Plan
) -> None:
    day = date(2026, 12, 1)
    site = next(v.site for tour in planned.rounds if tour.date == day for v in tour.visits)
    _close(coordinator, site, accepted=True, ends_on="2026-12-01")
    with service.database.read() as session:
        territory = service.territories.open(session)
    stop = next(
        s for s in assemble(territory.network, territory.travel, planned.week).problem.stops if s.id == site
    )
    assert stop.windows[1] == ()
    plan = plan_week(territory, IsoWeek(2026, 49), Asked(engine="insertion", iterations=30))
    visited = [tour.date for tour, _ in plan.visits_to(site)]
    assert day not in visited
    told = [one.reason for one in plan.unplanned if one.site == site]
    assert visited or "Fermeture : le mardi 1er" in told[0]


def test_the_calendar_holds_everything_dated(service: Service, coordinator: TestClient) -> None:
    _close(coordinator, "cassel")
    coordinator.post("/api/v1/closures", json={**WORKS, "ends_on": "2026-12-04", "accepted": True})
    gone = _close(coordinator, "arneke")
    coordinator.post(f"/api/v1/closures/{gone['id']}/withdraw", headers={"If-Match": '"v1"'})
    coordinator.post(
        "/api/v1/absences", json={"driver": "C1", "starts_on": "2026-12-24", "ends_on": "2026-12-31"}
    )
    season = {
        "label": "Hiver",
        "starts_on": "2026-12-01",
        "ends_on": "2027-02-28",
        "opening": "We 14:00-16:00",
    }
    seen = {"If-Match": '"v1"'}
    coordinator.put("/api/v1/sites/bailleul/seasons", json={"items": [season]}, headers=seen)
    with count_queries(service.database) as sent:
        told = coordinator.get(
            "/api/v1/calendar", params={"first": "2026-12-01", "last": "2026-12-31"}
        ).json()
    assert len([one for one in sent if one.startswith("SELECT")]) == 3
    assert [(one["site"], one["status"]) for one in told["closures"]] == [
        ("cassel", "proposed"),
        (None, "accepted"),
    ]
    assert [one["name"] for one in told["holidays"]] == ["Noël", "Vacances de Noël"]
    assert [one["driver"] for one in told["absences"]] == ["C1"]
    assert [(one["site"], one["label"]) for one in told["seasons"]] == [("bailleul", "Hiver")]
    for wrong in (
        {"first": "2026-12-02", "last": "2026-12-01"},
        {"first": "2026-12-02"},
        {"first": "x", "last": "y"},
    ):
        assert coordinator.get("/api/v1/calendar", params=wrong).status_code == 422


def test_what_published_rounds_count_on_is_told_when_it_goes(service: Service, published: Plan) -> None:
    site = next(s for s in service_sites(service) if s != "depot" and published.visits_to(s))
    days = sorted({tour.date for tour, _ in published.visits_to(site)})
    with service.database.write() as session:
        desk = change.Desk(session, service.territories, SITE)
        made = change.archive(desk, site, change.Seen(1, lambda record: record), BEFORE)
    (remark,) = made.remarks
    assert f"{len(days)}\u00a0jour" in remark.message
    with service.database.write() as session:
        desk = change.Desk(session, service.territories, SITE)
        change.restore(desk, site, change.Seen(2, lambda record: record))
        later = change.archive(desk, site, change.Seen(3, lambda record: record), date(2026, 12, 7))
    assert later.remarks == ()


def service_sites(service: Service) -> list[str]:
    with service.database.read() as session:
        return [site.id for site in service.territories.open(session).network.sites]
