"""Where a document is, for anybody who has its code, where the installation allows it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.services.actor import Role
from models.tables.demand import ItemRecord
from models.transfers.values import ItemState
from tests.road import clock, fact, publish
from tests.service_fixtures import ClientAs

WEDNESDAY = date(2026, 12, 2)
PATH = "/api/v1/public/items"


@pytest.fixture
def road(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Cassel, Arnèke and Bavinchove on Tuesday 1 and Wednesday 2 December; it is Tuesday, 8:00."""
    monkeypatch.setattr(service.settings, "public_items", True)
    monkeypatch.setattr("api.endpoints.promises.now", lambda: clock("8:00").astimezone(UTC))
    with service.database.write() as session:
        publish(session)
        publish(session, code="2026-W49-mer-matin-V1", day=WEDNESDAY)
    return service


@pytest.fixture
def anyone(client_as: ClientAs) -> TestClient:
    return client_as(Role.PUBLIC)


def asked_for(service: Service, state: ItemState, barcode: str = "30593004517182", **fields: Any) -> str:
    """A document of Cassel that Arnèke asked for, as Koha tells it."""
    known: dict[str, Any] = {"origin": "cassel", "destination": "arneke", "source": "Koha"} | fields
    with service.database.write() as session:
        session.add(
            ItemRecord(
                **known,
                barcode=barcode,
                title="Un titre",
                reference=barcode,
                requested_at=clock("7:00"),
                updated_at=clock("7:30"),
                state=state,
            )
        )
    return f"{PATH}/{barcode}"


def test_it_answers_only_where_the_installation_says_so(
    service: Service, anyone: TestClient, road: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = asked_for(service, ItemState.WAITING)
    assert anyone.get(path).status_code == 200
    monkeypatch.setattr(service.settings, "public_items", False)
    answer = anyone.get(path)
    assert (answer.status_code, "identification" in answer.json()["detail"]) == (404, True)


@pytest.mark.parametrize(
    ("state", "told", "dated"),
    [
        (ItemState.WAITING, "prévu", True),
        (ItemState.PACKED, "prévu", True),
        (
            ItemState.TRAVELLING,
            "en route",
            False,
        ),  # its software says that it left; nobody knows how far it is
        (ItemState.ARRIVED, "livré", False),
        (ItemState.CANCELLED, "inconnu", False),
    ],
)
def test_each_state_has_one_word_a_basis_and_its_age(
    state: ItemState, told: str, dated: bool, road: Service, anyone: TestClient
) -> None:
    answer = anyone.get(asked_for(road, state))
    found = answer.json()
    assert (answer.status_code, found["state"]) == (200, told)
    assert found["basis"]
    assert (found["earliest_at"] is not None) == dated
    if (
        dated
    ):  # taken on Tuesday at 9:10, sorted from 10:10 to 11:10, at Arnèke on Wednesday from 9:25 to 9:30
        assert datetime.fromisoformat(found["earliest_at"]) == clock("9:30", WEDNESDAY)
    else:
        assert found["age_s"] == 1800  # told at 7:30
    assert "Un titre" not in answer.text


def test_what_nothing_is_published_for_waits(road: Service, anyone: TestClient) -> None:
    path = asked_for(road, ItemState.WAITING, origin="bailleul")
    assert anyone.get(path).json()["state"] == "en attente"


def test_a_crate_aboard_is_told_by_the_code_on_it(
    road: Service, anyone: TestClient, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.endpoints.scans.now", lambda: clock("9:13").astimezone(UTC))
    monkeypatch.setattr("api.endpoints.promises.now", lambda: clock("9:14").astimezone(UTC))
    document = asked_for(road, ItemState.PACKED, crate="B1")
    told = {"scans": [fact("picked_up", at="9:12", crate="B1")]}
    assert client_as(Role.COORDINATOR).post("/api/v1/scans", json=told).status_code == 200
    for path in (document, f"{PATH}/B1"):
        found = anyone.get(path).json()
        assert found["state"] == "en route"
        assert datetime.fromisoformat(found["earliest_at"]) == clock("9:30", WEDNESDAY)


@pytest.mark.parametrize("code", ["0", "30593004517182", "' OR 1=1 --", "<script>", "é\u202e", "x" * 80])
def test_what_nobody_knows_is_unknown_with_what_to_do(code: str, road: Service, anyone: TestClient) -> None:
    answer = anyone.get(f"{PATH}/{code}")
    assert (answer.status_code, answer.json()["state"]) == (200, "inconnu")
    assert "Vérifiez-le" in answer.json()["sentence"]


def test_a_letter_that_not_every_database_keeps_is_no_accident(road: Service, anyone: TestClient) -> None:
    assert anyone.get(f"{PATH}/%00").status_code in {200, 422}


def test_codes_are_not_tried_one_after_the_other(road: Service, anyone: TestClient) -> None:
    """30 are free, right or wrong; then each waits."""
    path = asked_for(road, ItemState.WAITING)
    tried = [anyone.get(f"{PATH}/{k}").status_code for k in range(31)]
    held = anyone.get(path)
    assert (tried, held.status_code) == ([200] * 31, 429)
    assert "retry-after" in held.headers
    assert anyone.get(f"{PATH}/{'x' * 81}").status_code == 422
