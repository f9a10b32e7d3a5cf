"""Crates, shipments, flows, and what to leave and take, over HTTP on both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from api.service import Service
from api.services.actor import Role
from models.tables.demand import ItemRecord
from models.tables.plans import ActionKind, VisitActionRecord, VisitRecord
from models.transfers.values import ItemState
from tests.queries import count_queries
from tests.road import ARNEKE, CASSEL, ROUND, clock, fact, publish
from tests.service_fixtures import ClientAs


@pytest.fixture(autouse=True)
def round_of_tuesday(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with service.database.write() as session:
        publish(session)
    for module in ("api.endpoints.scans", "api.services.road.custody"):
        monkeypatch.setattr(f"{module}.now", lambda: clock("9:30").astimezone(UTC))


def tell(client_as: ClientAs, *facts: dict[str, Any]) -> None:
    told = client_as(Role.DRIVER, driver="C1").post("/api/v1/scans", json={"scans": list(facts)})
    assert {one["state"] for one in told.json()["results"]} == {"stored"}


def test_a_series_is_registered_once(client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    series = {"prefix": "B", "first": 8, "last": 12, "digits": 3, "home": "cassel"}
    assert desk.post("/api/v1/crates/series", json=series).json() == {"made": 5, "known": []}
    again = desk.post("/api/v1/crates/series", json=series | {"last": 13}).json()
    assert again == {"made": 1, "known": ["B008", "B009", "B010", "B011", "B012"]}
    listed = desk.get("/api/v1/crates?home=cassel&limit=4").json()
    assert [one["code"] for one in listed["items"]] == ["B008", "B009", "B010", "B011"]
    rest = desk.get(f"/api/v1/crates?home=cassel&limit=4&cursor={listed['next']}").json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["B012", "B013"], None)
    for wrong in ({"first": 9, "last": 8}, {"first": 0, "last": 2000}, {"home": "nulle-part"}):
        assert desk.post("/api/v1/crates/series", json=series | wrong).status_code == 422


def test_a_crate_is_changed_by_who_has_seen_it(client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    made = desk.post("/api/v1/crates", json={"code": "B1", "label": "gris"})
    assert (made.status_code, made.headers["etag"]) == (201, '"v1"')
    assert desk.post("/api/v1/crates", json={"code": "B1"}).status_code == 409
    assert desk.post("/api/v1/crates", json={"code": "B 1/2"}).status_code == 422
    assert desk.patch("/api/v1/crates/B1", json={"label": "bleu"}).status_code == 428
    seen = {"If-Match": '"v1"'}
    changed = desk.patch("/api/v1/crates/B1", json={"retired": True}, headers=seen)
    assert (changed.status_code, changed.headers["etag"], changed.json()["label"]) == (200, '"v2"', "gris")
    assert changed.json()["retired_at"]
    late = desk.patch("/api/v1/crates/B1", json={"label": "bleu"}, headers=seen)
    assert (late.status_code, late.json()["current"], late.json()["stored"]["label"]) == (409, 2, "gris")
    assert desk.get("/api/v1/crates").json()["items"] == []
    assert [one["code"] for one in desk.get("/api/v1/crates?retired=true").json()["items"]] == ["B1"]
    assert desk.get("/api/v1/crates/B2").status_code == 404


def test_a_repeated_registration_gives_the_first_answer(client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    key = {"Idempotency-Key": "a1"}
    first = desk.post("/api/v1/crates", json={"code": "B1"}, headers=key)
    again = desk.post("/api/v1/crates", json={"code": "B1"}, headers=key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())


def test_where_a_crate_is_and_has_been(client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    desk.post("/api/v1/crates/series", json={"prefix": "B", "first": 1, "last": 3, "digits": 1})
    taken = fact("picked_up", CASSEL, "9:12", crate="B1")
    wrong = fact("delivered", CASSEL, "9:13", crate="B2")
    tell(
        client_as,
        taken,
        wrong,
        fact("undo", CASSEL, "9:14", target=wrong["id"]),
        fact("delivered", ARNEKE, "9:26", crate="B1"),
        fact("empty", ARNEKE, "9:27", crate="B1"),
        fact("picked_up", ARNEKE, "9:28", crate="X9"),
    )
    crate = desk.get("/api/v1/crates/B1").json()
    assert (crate["custody"]["holder"], crate["custody"]["place"], crate["custody"]["empty"]) == (
        "site",
        "arneke",
        True,
    )
    at_arneke = desk.get("/api/v1/crates?holder=site&place=arneke&empty=true").json()["items"]
    assert [one["code"] for one in at_arneke] == ["B1"]
    steps = desk.get("/api/v1/crates/B1/history").json()["items"]
    assert [(one["words"], one["undone"]) for one in steps] == [
        ("Vide à Arnèke.", False),
        ("Déposé à Arnèke.", False),
        (f"Pris à Cassel, à bord de {ROUND}.", False),
    ]
    assert [one["undone"] for one in desk.get("/api/v1/crates/B2/history").json()["items"]] == [True]
    assert [one["code"] for one in desk.get("/api/v1/crates/unregistered").json()["items"]] == ["X9"]


def test_the_balance_of_a_site(client_as: ClientAs) -> None:
    tell(
        client_as,
        fact("delivered", CASSEL, "9:12", count=5),
        fact("picked_up", CASSEL, "9:13", count=2),
        fact("delivered", ARNEKE, "9:26", crate="B1"),
        fact("empty", ARNEKE, "9:26", crate="B1"),
    )
    url = "/api/v1/crates/balance?from=2026-12-01&to=2026-12-01"
    found = client_as(Role.OFFICIAL).get(url).json()["items"]
    assert [{k: v for k, v in one.items() if k != "commune"} for one in found] == [
        {"site": "arneke", "delivered": 1, "picked_up": 0, "balance": 1, "here": 1, "empty": 1},
        {"site": "cassel", "delivered": 5, "picked_up": 2, "balance": 3, "here": 0, "empty": 0},
    ]
    assert client_as(Role.OFFICIAL).get(url.replace("to=2026", "to=2025")).status_code == 422


def test_lists_of_crates_take_two_queries(service: Service, client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    desk.post("/api/v1/crates/series", json={"prefix": "B", "first": 1, "last": 60})
    with count_queries(service.database) as sent:
        assert len(desk.get("/api/v1/crates").json()["items"]) == 50
    assert len([one for one in sent if one.startswith("SELECT")]) == 2


def test_bacs_prets(client_as: ClientAs) -> None:
    cassel, desk = client_as(Role.LIBRARY, site="cassel", name="Cassel"), client_as(Role.COORDINATOR)
    told = {"origin": "cassel", "crates": 3, "documents": 40, "ready_on": "2026-12-01"}
    made = cassel.post("/api/v1/shipments", json=told)
    assert (made.status_code, made.headers["etag"], made.json()["declared_by"]) == (201, '"v1"', "Cassel")
    url = f"/api/v1/shipments/{made.json()['id']}"
    assert cassel.post("/api/v1/shipments", json=told | {"origin": "arneke"}).status_code == 403
    assert desk.post("/api/v1/shipments", json=told | {"destination": "nulle-part"}).status_code == 422
    assert client_as(Role.LIBRARY, site="arneke").get(url).status_code == 404
    assert client_as(Role.LIBRARY, site="arneke").get("/api/v1/shipments").json()["items"] == []
    assert len(cassel.get("/api/v1/shipments").json()["items"]) == 1
    changed = cassel.patch(url, json={"crates": 4}, headers={"If-Match": '"v1"'})
    assert changed.json()["crates"] == 4
    assert cassel.patch(url, json={"state": "carried"}, headers={"If-Match": '"v2"'}).status_code == 409
    tell(client_as, fact("picked_up", CASSEL, "9:12", count=4))
    assert desk.get(url).json()["state"] == "carried"
    assert cassel.patch(url, json={"crates": 9}, headers={"If-Match": '"v3"'}).status_code == 409
    assert desk.patch(url, json={"state": "announced"}, headers={"If-Match": '"v3"'}).status_code == 200


def test_what_to_leave_and_take(service: Service, client_as: ClientAs) -> None:
    with service.database.write() as session:
        tour = publish(session, code="2026-W49-mar-soir-V1")

        arneke = session.exec(
            select(VisitRecord).where(VisitRecord.round == tour.id, VisitRecord.number == 2)
        ).one()
        session.add(
            VisitActionRecord(visit=arneke.id, kind=ActionKind.DELIVER, crate="B7", other_site="cassel")
        )
        for crate in ("B7", "B8", "B9"):
            session.add(
                ItemRecord(
                    barcode=crate,
                    origin="bailleul",
                    destination="arneke",
                    requested_at=datetime(2026, 11, 20, tzinfo=UTC),
                    state=ItemState.PACKED,
                    crate=crate,
                    source="essai",
                    reference=crate,
                )
            )
    desk = client_as(Role.COORDINATOR)
    ready = {"origin": "cassel", "destination": "arneke", "crates": 5, "ready_on": "2026-12-01"}
    desk.post("/api/v1/shipments", json=ready)
    desk.post("/api/v1/shipments", json=ready | {"ready_on": "2026-12-02"})  # the day after
    url = "/api/v1/rounds/2026-W49-mar-soir-V1/actions"
    with count_queries(service.database) as sent:
        told = client_as(Role.DRIVER, driver="C1").get(url).json()
    assert len([one for one in sent if one.startswith("SELECT")]) <= 8
    cassel, arneke_told, bavinchove, again = told["visits"]
    # The plan has 2 to leave and 1 to take everywhere. Cassel announced 5; arneke is owed three named crates.
    assert [(one["leave"], one["take"]) for one in told["visits"]] == [(2, 5), (3, 1), (2, 1), (2, 1)]
    assert [one["words"] for one in cassel["taking"]] == ["5 bacs annoncés pour Arnèke."]
    assert [one["words"] for one in arneke_told["leaving"]] == [
        "Bac B7, venu de Cassel.",
        "Bac B8, venu de Bailleul.",
        "Bac B9, venu de Bailleul.",
    ]
    assert [one["words"] for one in bavinchove["taking"]] == ["1 bac, comme d'habitude."]
    assert again["visit"].endswith("/cassel~2")
    assert client_as(Role.DRIVER, driver="C2").get(url).status_code == 403
    assert desk.get("/api/v1/rounds/aucune/actions").status_code == 404


def test_flows_are_put_in_and_come_out_as_a_file(client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    flow = {"origin": "cassel", "destination": "arneke", "weekly_documents": 30, "weekly_crates": 1}
    assert desk.put("/api/v1/flows", json={"flows": [flow]}).json() == {"new": 1, "changed": 0, "same": 0}
    told = desk.get("/api/v1/flows/csv")
    assert told.text.splitlines() == [
        "origine,destination,documents_semaine,bacs_semaine",
        "cassel,arneke,30,1",
    ]
    text = "Origine;Destination;Documents semaine\r\ncassel;arneke;31\r\narneke;bailleul;5\r\n"
    files = {"file": ("flux.csv", text.encode("cp1252"), "text/csv")}
    assert desk.post("/api/v1/flows/csv", files=files).json() == {"new": 1, "changed": 1, "same": 0}
    wrong = {"file": ("flux.csv", b"origine,destination,bacs_semaine\ncassel,nulle-part,=1+1\n", "text/csv")}
    refused = desk.post("/api/v1/flows/csv", files=wrong)
    assert (refused.status_code, "ligne 2" in refused.json()["findings"][0]) == (422, True)
    assert len(desk.get("/api/v1/flows").json()["items"]) == 2
    url = "/api/v1/flows/cassel/arneke"
    assert desk.delete(url, headers={"If-Match": '"v1"'}).status_code == 409
    assert desk.delete(url, headers={"If-Match": '"v2"'}).status_code == 204
    assert desk.delete(url, headers={"If-Match": '"v2"'}).status_code == 404
    assert client_as(Role.OFFICIAL).put("/api/v1/flows", json={"flows": []}).status_code == 403


def test_a_long_history_is_read_page_by_page(client_as: ClientAs, service: Service) -> None:
    """Every step once, also one that names the crate by two corrections, on the page of the newer."""
    desk = client_as(Role.COORDINATOR)
    given = [
        fact("picked_up" if k % 2 else "delivered", CASSEL, f"9:{k:02d}", crate="B1") for k in range(1, 8)
    ]
    other = fact("delivered", ARNEKE, "8:00", crate="B2")
    mended = [fact("correction", "", at, target=other["id"], crate="B1") for at in ("9:20", "9:21")]
    tell(client_as, *given, other, *mended, fact("undo", "", "9:30", target=given[0]["id"]))
    seen: list[str] = []
    sizes, cursor = [], None
    while True:
        asked = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        with count_queries(service.database) as sent:
            told = desk.get("/api/v1/crates/B1/history", params=asked).json()
        assert len([one for one in sent if one.startswith("SELECT")]) <= 6
        seen += [one["scan"] for one in told["items"]]
        sizes.append(len(told["items"]))
        cursor = told["next"]
        if cursor is None:
            break
    # Nine facts name it, in threes: two corrections that stand for one step, then the seven.
    assert sizes == [2, 3, 3]
    assert sorted(seen) == sorted([other["id"], *(one["id"] for one in given)])
    assert desk.get("/api/v1/crates/B1/history?cursor=faux").status_code == 422
