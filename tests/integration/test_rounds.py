"""Published rounds, for the coordination and for those who drive them."""

from uuid import UUID

from fastapi.testclient import TestClient
from sqlmodel import select

from api.service import Service
from api.services.actor import Role
from models.plan import Plan
from models.tables.plans import RoundRecord
from tests.queries import count_queries
from tests.service_fixtures import ClientAs


def test_drivers_see_their_own_rounds(
    client_as: ClientAs, camille: TestClient, draft: UUID, planned: Plan
) -> None:
    mine = next(one for one in planned.rounds if one.driver == "C1")
    other = next(one for one in planned.rounds if one.driver == "C2")
    driver = client_as(Role.DRIVER, driver="C1")
    assert driver.get(f"/api/v1/rounds/{mine.id}").status_code == 404  # not published yet
    camille.post(f"/api/v1/plans/{draft}/publish", json={"replaces": None}, headers={"If-Match": '"v1"'})
    told = driver.get(f"/api/v1/rounds/{mine.id}").json()
    assert [one["site"] for one in told["visits"]] == [visit.site for visit in mine.visits]
    assert {one["code"] for one in told["places"]} == set(mine.stops)
    assert driver.get(f"/api/v1/rounds/{other.id}").status_code == 403
    assert driver.get(f"/api/v1/rounds/{other.id}/files/tournees.gpx").status_code == 403
    assert driver.get(f"/api/v1/rounds/{mine.id}/files/tournees.gpx").status_code == 200
    assert driver.get(f"/api/v1/plans/{draft}").status_code == 403
    dates = {"from": "2026-11-30", "to": "2026-12-06"}
    own = driver.get("/api/v1/rounds", params=dates).json()["items"]
    assert [one["code"] for one in own] == [one.id for one in planned.rounds if one.driver == "C1"]
    assert len(camille.get("/api/v1/rounds", params=dates).json()["items"]) == len(planned.rounds)
    assert client_as(Role.OFFICIAL).get(f"/api/v1/rounds/{mine.id}").status_code == 200
    assert client_as(Role.LIBRARY, site="cassel").get(f"/api/v1/rounds/{mine.id}").status_code == 403
    wrong = driver.get("/api/v1/rounds", params={"from": "2026-12-06", "to": "2026-11-30"})
    assert wrong.status_code == 422


def test_lists_of_rounds_take_two_queries(
    camille: TestClient, draft: UUID, service: Service, planned: Plan
) -> None:
    camille.post(f"/api/v1/plans/{draft}/publish", json={"replaces": None}, headers={"If-Match": '"v1"'})
    with count_queries(service.database) as sent:
        camille.get("/api/v1/rounds", params={"from": "2026-11-30", "to": "2026-12-06"})
    assert len([one for one in sent if one.startswith("SELECT")]) == 2
    with service.database.read() as session:
        assert session.exec(select(RoundRecord)).all()
