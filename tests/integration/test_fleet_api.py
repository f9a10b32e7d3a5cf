"""Vehicles, drivers, absences, contacts, seasons and the network's rules over HTTP."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.db import Database
from api.schema import upgrade
from api.service import Service
from api.services.actor import Actor, Role
from api.services.assemble import assemble
from api.settings import Settings
from models.service_day import IsoWeek
from tests.service_fixtures import ClientAs

NEW = {
    "name": "Bibliothèque d'Œudeghem",
    "commune": "Cassel",
    "insee": "59135",
    "postcode": "59670",
    "lon": 2.4871,
    "lat": 50.8003,
    "opening": "We 14:00-17:00; PH off",
    "visits_per_week": 1,
    "deliver": 1,
    "collect": 1,
}


@pytest.fixture
def coordinator(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("sites/depot", "sert encore à « Fourgon », « Utilitaire léger »"),
        ("vehicles/V1", "est encore conduit par « Chauffeur 1 »"),
    ],
)
def test_what_is_needed_is_not_archived(coordinator: TestClient, path: str, said: str) -> None:
    answer = coordinator.post(f"/api/v1/{path}/archive", headers={"If-Match": '"v1"'})
    assert answer.status_code == 409
    assert said in answer.json()["detail"]
    assert coordinator.get(f"/api/v1/{path}").json()["archived_at"] is None


def test_the_last_driver_stays(coordinator: TestClient) -> None:
    assert coordinator.post("/api/v1/drivers/C2/archive", headers={"If-Match": '"v1"'}).status_code == 200
    answer = coordinator.post("/api/v1/drivers/C1/archive", headers={"If-Match": '"v1"'})
    assert (answer.status_code, "aucun chauffeur" in answer.json()["detail"]) == (409, True)


def test_vehicles_and_drivers_follow_the_same_rules(coordinator: TestClient) -> None:
    van = {"name": "Kangoo", "depot": "depot", "capacity": 12, "hours": "Mo-Fr 08:00-18:00", "km_cents": 31}
    made = coordinator.post("/api/v1/vehicles", json=van)
    assert (made.status_code, made.json()["code"], made.json()["km_cents"]) == (201, "kangoo", 31)
    assert "n'a pas de chauffeur" in made.json()["remarks"][0]["message"]
    nowhere = coordinator.post("/api/v1/vehicles", json={**van, "depot": "cassel"})
    assert (nowhere.status_code, "est inconnu" in nowhere.json()["findings"][0]) == (422, True)
    person = {
        "name": "Alix",
        "vehicle": "kangoo",
        "hours": "Tu 09:00-17:00",
        "break_minutes": 45,
        "break_between": "11:45-13:45",
        "hour_cents": 2450,
    }
    driver = coordinator.post("/api/v1/drivers", json=person).json()
    assert (driver["break_minutes"], driver["break_between"], driver["hour_cents"]) == (
        45,
        "11:45-13:45",
        2450,
    )
    same = coordinator.patch(
        "/api/v1/drivers/alix",
        json={"vehicle": "V1", "hours": "Mo-Fr 09:00-12:00"},
        headers={"If-Match": '"v1"'},
    )
    assert (same.status_code, "aux mêmes heures" in same.json()["findings"][0]) == (422, True)
    short = coordinator.patch(
        "/api/v1/drivers/alix", json={"break_between": "midi"}, headers={"If-Match": '"v1"'}
    )
    assert short.json()["findings"][0].startswith("break_between : « pause_entre » vaut « midi »")


def test_a_driver_then_a_van_are_put_away_and_taken_back(coordinator: TestClient) -> None:
    """V2 is driven by C2 alone: first the driver goes, then the van; they come back the other way round."""

    def ask(path: str, seen: int, method: str = "POST", **body: object) -> Any:
        headers = {"If-Match": f'"v{seen}"'}
        answer = coordinator.request(method, f"/api/v1/{path}", json=body or None, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"v{seen + 1}"'
        return answer.json()

    def names(kind: str) -> list[str]:
        return [one["code"] for one in coordinator.get(f"/api/v1/{kind}").json()["items"]]

    assert ask("drivers/C2", 1, "PATCH", name="Alix")["name"] == "Alix"
    assert ask("vehicles/V2", 1, "PATCH", capacity=9)["capacity"] == 9
    assert ask("drivers/C2/archive", 2)["archived_at"] is not None
    assert ask("vehicles/V2/archive", 2)["archived_at"] is not None
    assert ("C2" in names("drivers"), "V2" in names("vehicles")) == (False, False)
    assert ask("vehicles/V2/restore", 3)["archived_at"] is None
    assert ask("drivers/C2/restore", 3)["archived_at"] is None
    assert ("C2" in names("drivers"), "V2" in names("vehicles")) == (True, True)
    shown = coordinator.get("/api/v1/drivers/C2")
    assert (shown.json()["name"], shown.headers["etag"]) == ("Alix", '"v4"')


def test_an_absent_driver_leaves_the_week(service: Service, coordinator: TestClient) -> None:
    off = {"driver": "C1", "starts_on": "2026-12-01", "ends_on": "2026-12-02", "reason": "Congés"}
    made = coordinator.post("/api/v1/absences", json=off)
    assert (made.status_code, made.json()["rounds"]) == (201, [])
    assert coordinator.post("/api/v1/absences", json={**off, "vehicle": "V1"}).status_code == 422
    assert coordinator.post("/api/v1/absences", json={**off, "ends_on": "2026-11-30"}).status_code == 422
    assert coordinator.post("/api/v1/absences", json={**off, "driver": "C9"}).status_code == 404
    listed = coordinator.get("/api/v1/absences", params={"driver": "C1", "first": "2026-12-02"}).json()
    assert [one["id"] for one in listed["items"]] == [made.json()["id"]]
    assert coordinator.get("/api/v1/absences", params={"last": "2026-11-30"}).json()["items"] == []

    def days() -> set[int]:
        with service.database.read() as session:
            territory = service.territories.open(session)
        shifts = assemble(territory.network, territory.travel, IsoWeek(2026, 49)).problem.shifts
        return {shift.day for shift in shifts if shift.driver == "C1"}

    assert days() == {0, 3, 4}
    assert coordinator.delete(f"/api/v1/absences/{made.json()['id']}").status_code == 204
    assert coordinator.delete(f"/api/v1/absences/{made.json()['id']}").status_code == 404
    assert days() == {0, 1, 2, 3, 4}


def test_new_contacts_are_a_new_state_of_the_network(coordinator: TestClient) -> None:
    """What was kept by the network's revision is not taken for the last word any more."""

    def revision() -> int:
        found: int = coordinator.get("/api/v1/network").json()["revision"]
        return found

    def put(*names: str) -> int:
        body = {"items": [{"name": name} for name in names]}
        path = "/api/v1/sites/cassel/contacts"
        return coordinator.put(path, json=body, headers={"If-Match": '"v1"'}).status_code

    assert (revision(), put("Sacha"), revision()) == (1, 200, 2)
    assert (put(), revision()) == (409, 2)  # refused: nothing is new


def test_contacts_and_seasons_are_put_whole(service: Service, coordinator: TestClient) -> None:
    people = {"items": [{"name": "Dominique", "phone": "0612345678"}, {"name": "Sacha", "role": "clé"}]}
    put = coordinator.put("/api/v1/sites/cassel/contacts", json=people, headers={"If-Match": '"v1"'})
    assert (put.status_code, put.json()["version"], put.headers["etag"]) == (200, 2, '"v2"')
    kept = put.json()["items"][1]
    assert put.json()["items"][0]["phone"] == "06 12 34 56 78"
    only = {"items": [{"id": kept["id"], "name": "Sacha", "role": "mairie"}]}
    put = coordinator.put("/api/v1/sites/cassel/contacts", json=only, headers={"If-Match": '"v2"'})
    assert put.json()["items"] == [{**kept, "role": "mairie"}]
    late = coordinator.put("/api/v1/sites/cassel/contacts", json=people, headers={"If-Match": '"v2"'})
    assert late.status_code == 409

    def season(first: str, last: str, opening: str = "We 09:00-12:00") -> dict[str, str]:
        return {"label": "Été", "starts_on": first, "ends_on": last, "opening": opening}

    path = "/api/v1/sites/cassel/seasons"
    apart = {"items": [season("2027-08-01", "2027-08-31"), season("2027-07-01", "2027-07-31")]}
    put = coordinator.put(path, json=apart, headers={"If-Match": '"v3"'})
    assert [one["starts_on"] for one in put.json()["items"]] == ["2027-07-01", "2027-08-01"]
    both = {"items": [season("2027-07-01", "2027-08-01"), season("2027-08-01", "2027-08-31", "midi")]}
    wrong = coordinator.put(path, json=both, headers={"If-Match": '"v4"'})
    assert wrong.status_code == 422
    told = "\n".join(wrong.json()["findings"])
    assert "items.1 : une autre saison tient déjà du jeudi 1" in told
    assert "items.1 : les horaires « midi »" in told
    with service.database.read() as session:
        site = service.territories.open(session).network.site("cassel")
    assert [window.early for window in site.public_windows(date(2027, 7, 7))] == [9 * 3600]


def test_the_network_and_its_rules_change(service: Service, coordinator: TestClient) -> None:
    change = {"coordinator_phone": "0328000000", "rules": {"setup_s": 300}}
    answer = coordinator.patch("/api/v1/network", json=change, headers={"If-Match": '"v1"'})
    assert (answer.status_code, answer.json()["version"], answer.json()["revision"]) == (200, 2, 2)
    assert answer.json()["coordinator_phone"] == "03 28 00 00 00"
    assert (answer.json()["rules"]["setup_s"], answer.json()["rules"]["handling_s"]) == (300, 30)
    late = coordinator.patch("/api/v1/network", json=change, headers={"If-Match": '"v1"'})
    assert (late.status_code, late.json()["stored"]["version"]) == (409, 2)
    for wrong in ({"rules": {"setup_s": -1}}, {"rules": {"autre": 1}}, {"rules": {"announce_round_s": 0}}):
        answer = coordinator.patch("/api/v1/network", json=wrong, headers={"If-Match": '"v2"'})
        assert answer.status_code == 422
    with service.database.read() as session:
        assert service.territories.open(session).network.rules.setup_s == 300


EMPTY = [
    ("GET", "network", None, 404),
    ("GET", "network/check", None, 404),
    ("GET", "network/sites.geojson", None, 200),
    ("GET", "network/export.xlsx", None, 404),
    ("GET", "sites", None, 200),
    ("GET", "calendar?first=2026-12-01&last=2026-12-31", None, 200),
    ("POST", "sites", NEW, 404),
    ("POST", "closures/effect", {"starts_on": "2026-12-01", "ends_on": "2026-12-01"}, 422),
    ("POST", "network/import?dry_run=true", None, 422),
]


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A coordinator of an installation that has no network yet; what they ask changes nothing in it."""
    folder = tmp_path_factory.mktemp("empty")
    database = Database(f"sqlite:///{folder / 'empty.db'}")
    upgrade(database)
    service = Service(settings=Settings(data=folder, jobs=False), database=database)
    app = create_app(service.settings, service)
    app.state.identify = lambda _: Actor(role=Role.COORDINATOR, name="Camille")
    yield TestClient(app, raise_server_exceptions=False)
    service.close()


@pytest.mark.parametrize(("method", "path", "body", "status"), EMPTY)
def test_an_installation_without_a_network_says_so(
    newcomer: TestClient, method: str, path: str, body: Any, status: int
) -> None:
    answer = newcomer.request(method, f"/api/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
