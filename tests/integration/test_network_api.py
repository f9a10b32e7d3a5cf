"""The network over HTTP: read, changed, put away, by two people at once, and never made unplannable."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.app import create_app
from api.db import Database
from api.schema import upgrade
from api.service import Service
from api.services.actor import Actor, Role
from api.services.assemble import assemble
from api.settings import Settings
from models.service_day import IsoWeek
from models.tables.network import SiteRecord
from tests.queries import count_queries
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


def _seen(client: TestClient, path: str) -> dict[str, str]:
    return {"If-Match": client.get(path).headers["etag"]}


def test_sites_are_listed_by_page_and_found_by_what_they_are(coordinator: TestClient) -> None:
    first = coordinator.get("/api/v1/sites", params={"limit": 40}).json()
    rest = coordinator.get("/api/v1/sites", params={"limit": 40, "cursor": first["next"]}).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (40, 7, None)  # 45 + depot + partner
    depots = coordinator.get("/api/v1/sites", params={"kind": "dépôt"}).json()["items"]
    assert [one["code"] for one in depots] == ["depot"]
    named = coordinator.get("/api/v1/sites", params={"text": "DOULIEU"}).json()["items"]
    assert [one["code"] for one in named] == ["doulieu"] or len(named) == 1
    assert coordinator.get("/api/v1/sites", params={"text": "100%"}).json()["items"] == []
    by_insee = coordinator.get("/api/v1/sites", params={"commune": "59135"}).json()["items"]
    assert [one["code"] for one in by_insee] == ["cassel"]
    assert coordinator.get("/api/v1/sites", params={"archived": True}).json()["items"] == []


def test_lists_need_few_queries_however_long(service: Service, coordinator: TestClient) -> None:
    coordinator.get("/api/v1/sites")  # the ground is read once
    for path, most in (("/api/v1/sites?limit=200", 2), ("/api/v1/vehicles", 1), ("/api/v1/drivers", 1)):
        with count_queries(service.database) as sent:
            assert coordinator.get(path).status_code == 200
        assert len([one for one in sent if one.startswith("SELECT")]) <= most, sent


def test_a_site_is_added_with_a_code_from_its_name(coordinator: TestClient) -> None:
    answer = coordinator.post("/api/v1/sites", json=NEW)
    assert (answer.status_code, answer.headers["etag"]) == (201, '"v1"')
    made = answer.json()
    assert made["code"] == "bibliotheque-d-oeudeghem"
    assert answer.headers["location"] == "/api/v1/sites/bibliotheque-d-oeudeghem"
    assert made["travel_estimated"] is True
    assert any("estimés à vol d'oiseau" in one["message"] for one in made["remarks"])
    again = coordinator.post(
        "/api/v1/sites", json={**NEW, "name": "Bibliothèque d’Œudeghem !", "lon": 2.4899}
    )
    assert again.json()["code"] == "bibliotheque-d-oeudeghem-2"
    taken = coordinator.post("/api/v1/sites", json={**NEW, "code": "CASSEL", "name": "Autre"})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:navette:conflit")


def test_a_new_site_is_planned_from_then_on(service: Service, coordinator: TestClient) -> None:
    code = coordinator.post("/api/v1/sites", json=NEW).json()["code"]
    with service.database.read() as session:
        territory = service.territories.open(session)
    asked = assemble(territory.network, territory.travel, IsoWeek(2026, 49))
    assert code in {stop.id for stop in asked.problem.stops}
    assert territory.travel.estimated[territory.travel.index[code]]


def test_a_change_tells_the_new_version_and_its_remarks(coordinator: TestClient) -> None:
    seen = _seen(coordinator, "/api/v1/sites/cassel")
    answer = coordinator.patch(
        "/api/v1/sites/cassel", json={"phone": "0328424242", "visits_per_week": 0}, headers=seen
    )
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v2"')
    assert answer.json()["phone"] == "03 28 42 42 42"  # as files are read
    assert [one["message"] for one in answer.json()["remarks"]] == [
        "« Médiathèque de Cassel » n'a aucun passage par semaine : la navette l'ignore."
    ]
    assert coordinator.get("/api/v1/network").json()["revision"] == 2


def test_a_moved_site_is_told_to_be_estimated(coordinator: TestClient) -> None:
    near = {"lon": 2.489167, "lat": 50.798619 + 0.0002}  # 22 m to the north
    moved = coordinator.patch("/api/v1/sites/cassel", json=near, headers={"If-Match": '"v1"'})
    assert (moved.json()["travel_estimated"], moved.json()["remarks"]) == (False, [])
    far = {"lat": 50.798619 + 0.001}  # 111 m
    moved = coordinator.patch("/api/v1/sites/cassel", json=far, headers={"If-Match": '"v2"'})
    assert moved.json()["travel_estimated"] is True
    assert "estimés" in moved.json()["remarks"][-1]["message"]


def test_of_two_people_the_second_gets_both_versions(client_as: ClientAs) -> None:
    one, two = client_as(Role.COORDINATOR), client_as(Role.COORDINATOR)
    seen = _seen(two, "/api/v1/sites/cassel")
    one.patch("/api/v1/sites/cassel", json={"phone": "1"}, headers=seen)
    late = two.patch("/api/v1/sites/cassel", json={"phone": "2"}, headers=seen)
    assert late.status_code == 409
    problem = late.json()
    assert (problem["yours"], problem["current"], problem["stored"]["phone"]) == (1, 2, "1")
    assert two.patch("/api/v1/sites/cassel", json={"phone": "2"}).status_code == 428
    assert two.get("/api/v1/sites/cassel").json()["phone"] == "1"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"opening": "mercredi 14h"}, "opening", "illisibles"),
    ({"shuttle_hours": "Mo-Fr 25:00"}, "shuttle_hours", "illisibles"),
    ({"insee": "591-5"}, "insee", "cinq caractères"),
    ({"postcode": "5967"}, "", ""),  # the zero that spreadsheets drop: taken as 05967, and a mere remark
    ({"assumed": ["horaires", "adresse"]}, "assumed", "« suppose » contient « adresse »"),
    ({"lon": 50.7986, "lat": 2.489}, "lat", "inversées"),
    ({"deliver": 41}, "libraries.csv", "41 bacs par passage"),
    ({"opening": "Su 10:00-11:00", "shuttle_hours": ""}, "libraries.csv", "n'ouvre jamais pendant"),
    ({"lon": 2.9, "lat": 50.3}, "libraries.csv", "hors de Cassel"),
    ({"name": "Médiathèque de Bailleul", "insee": "59043", "commune": "Bailleul"}, "", "figure déjà"),
    ({"name": " "}, "name", "trop court"),
    ({"name": None}, "", "donnez une valeur"),
    ({"visits_per_week": 8}, "visits_per_week", "au plus 7"),
    ({"visits_per_week": "beaucoup"}, "visits_per_week", "nombre entier"),
    ({"code": "autre"}, "code", "n'existe pas"),  # codes never change
    ({"lon": 1e400}, "", ""),
]


@pytest.mark.parametrize(("change", "where", "said"), WRONG)
def test_what_the_check_calls_serious_is_not_stored(
    coordinator: TestClient, change: dict[str, Any], where: str, said: str
) -> None:
    before = coordinator.get("/api/v1/sites/cassel").json()
    headers = {"If-Match": '"v1"', "Content-Type": "application/json"}
    answer = coordinator.patch("/api/v1/sites/cassel", content=json.dumps(change), headers=headers)
    if not said:
        assert answer.status_code in {200, 422}
        return
    assert answer.status_code == 422
    assert any(one.startswith(where) and said in one for one in answer.json()["findings"]), answer.json()
    assert coordinator.get("/api/v1/sites/cassel").json() == before
    assert coordinator.get("/api/v1/network").json()["revision"] == 1


def test_a_fault_that_is_there_can_be_mended_bit_by_bit(service: Service, coordinator: TestClient) -> None:
    with service.database.write() as session:  # as an older version, or another tool, might have left it
        cassel = session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one()
        cassel.collect = cassel.deliver = 99
    phone = coordinator.patch("/api/v1/sites/cassel", json={"phone": "1"}, headers={"If-Match": '"v2"'})
    assert (phone.status_code, phone.json()["remarks"][0]["serious"]) == (200, True)
    worse = coordinator.patch("/api/v1/sites/cassel", json={"collect": 100}, headers={"If-Match": '"v3"'})
    assert worse.status_code == 422
    other = coordinator.patch("/api/v1/sites/arneke", json={"collect": 100}, headers={"If-Match": '"v1"'})
    assert other.status_code == 422
    mended = coordinator.patch(
        "/api/v1/sites/cassel", json={"collect": 3, "deliver": 3}, headers={"If-Match": '"v3"'}
    )
    assert (mended.status_code, mended.json()["remarks"]) == (200, [])


def test_nothing_serious_is_ever_stored(coordinator: TestClient) -> None:
    check = coordinator.get("/api/v1/network/check").json()
    assert check["plannable"] is True
    assert any("téléphones connus : 0 sur 45" in one["message"] for one in check["findings"])


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


def test_a_site_is_archived_and_comes_back(service: Service, coordinator: TestClient) -> None:
    gone = coordinator.post("/api/v1/sites/cassel/archive", headers={"If-Match": '"v1"'})
    assert gone.json()["archived_at"] is not None
    assert "cassel" not in {one["code"] for one in coordinator.get("/api/v1/sites?limit=200").json()["items"]}
    archived = coordinator.get("/api/v1/sites", params={"archived": True}).json()["items"]
    assert [one["code"] for one in archived] == ["cassel"]
    with service.database.read() as session:
        assert "cassel" not in {site.id for site in service.territories.open(session).network.sites}
    stale = coordinator.post("/api/v1/sites/cassel/restore", headers={"If-Match": '"v1"'})
    assert stale.status_code == 409
    back = coordinator.post("/api/v1/sites/cassel/restore", headers={"If-Match": '"v2"'})
    assert (back.status_code, back.json()["archived_at"]) == (200, None)


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


def test_a_library_sees_its_own_site_alone(client_as: ClientAs) -> None:
    cassel = client_as(Role.LIBRARY, site="cassel")
    assert cassel.get("/api/v1/sites/cassel").status_code == 200
    assert cassel.get("/api/v1/sites/cassel/seasons").status_code == 200
    for path in (
        "sites/bailleul",
        "sites/bailleul/contacts",
        "sites/nulle-part",
        "sites",
        "vehicles",
        "absences",
    ):
        assert cassel.get(f"/api/v1/{path}").status_code == 403
    seen = {"If-Match": '"v1"'}
    assert cassel.patch("/api/v1/sites/cassel", json={"phone": "1"}, headers=seen).status_code == 403
    official = client_as(Role.OFFICIAL)
    assert official.get("/api/v1/sites/cassel").status_code == 200
    assert official.patch("/api/v1/sites/cassel", json={"phone": "1"}, headers=seen).status_code == 403


def test_the_layer_is_geojson(coordinator: TestClient) -> None:
    answer = coordinator.get("/api/v1/network/sites.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    layer = answer.json()
    assert (layer["type"], len(layer["features"])) == ("FeatureCollection", 47)
    cassel = next(one for one in layer["features"] if one["id"] == "cassel")
    assert cassel["geometry"] == {"type": "Point", "coordinates": [2.48917, 50.79862]}  # longitude first
    assert cassel["properties"]["kind"] == "bibliothèque"


def test_a_repeated_post_adds_once(coordinator: TestClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = coordinator.post("/api/v1/sites", json=NEW, headers=headers)
    again = coordinator.post("/api/v1/sites", json=NEW, headers=headers)
    assert first.json() == again.json()
    assert len(coordinator.get("/api/v1/sites?limit=200").json()["items"]) == 48


_Ask = Callable[[TestClient], Any]
NOWHERE: list[_Ask] = [
    lambda client: client.get("/api/v1/sites/nulle-part"),
    lambda client: client.get("/api/v1/sites/nulle-part/contacts"),
    lambda client: client.patch("/api/v1/sites/nulle-part", json={}, headers={"If-Match": '"v1"'}),
    lambda client: client.get("/api/v1/vehicles/V9"),
    lambda client: client.post("/api/v1/drivers/C9/archive", headers={"If-Match": '"v1"'}),
]


@pytest.mark.parametrize("ask", NOWHERE)
def test_what_does_not_exist_is_not_found(coordinator: TestClient, ask: _Ask) -> None:
    assert ask(coordinator).status_code == 404


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


@pytest.mark.parametrize(("method", "path", "body", "status"), EMPTY)
def test_an_installation_without_a_network_says_so(
    tmp_path: Path, method: str, path: str, body: Any, status: int
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    upgrade(database)
    service = Service(settings=Settings(data=tmp_path, jobs=False), database=database)
    app = create_app(service.settings, service)
    app.state.identify = lambda _: Actor(role=Role.COORDINATOR, name="Camille")
    answer = TestClient(app, raise_server_exceptions=False).request(method, f"/api/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    service.close()


def test_no_character_breaks_the_service(coordinator: TestClient) -> None:
    assert coordinator.get("/api/v1/sites/a%00b").status_code in {404, 422}
    odd = coordinator.patch(
        "/api/v1/sites/cassel", json={"access_note": "clé\x00 n°\x1b 4 😀"}, headers={"If-Match": '"v1"'}
    )
    assert (odd.status_code, odd.json()["access_note"]) == (200, "clé n° 4 😀")
    assert coordinator.get("/api/v1/sites", params={"text": "\x00"}).status_code in {200, 422}
