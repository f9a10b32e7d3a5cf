"""A sheet of paper keyed in after the round: in its order, once, beside what phones told."""

import threading
from collections.abc import Callable
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.service import Service
from api.services.actor import Role
from models.tables.plans import ActionKind, VisitActionRecord, VisitRecord
from tests.queries import count_queries
from tests.road import ARNEKE, BAVINCHOVE, CASSEL, CASSEL_AGAIN, REFS, ROUND, TUESDAY, clock, fact, publish
from tests.service_fixtures import ClientAs
from tests.telling import stored, tell

SHEET = f"/api/v1/rounds/{ROUND}/sheet"
SQUARES = ("time", "delivered", "picked_up", "empties", "closed")
SetClock = Callable[..., None]


@pytest.fixture(autouse=True)
def set_clock(service: Service, monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """The round is published; it is half past nine on its day until a test says otherwise."""
    with service.database.write() as session:
        publish(session)

    def put(text: str, day: date = TUESDAY) -> None:
        for module in ("scans", "keying", "progress"):
            monkeypatch.setattr(f"api.endpoints.{module}.now", lambda: clock(text, day).astimezone(UTC))
        monkeypatch.setattr("api.services.road.custody.now", lambda: clock(text, day).astimezone(UTC))

    put("9:30")
    return put


@pytest.fixture
def desk(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR, name="Camille")


def block(ref: str, time: str | None, *crates: int | None, closed: bool = False) -> dict[str, Any]:
    counts = dict(zip(("delivered", "picked_up", "empties"), crates, strict=False))
    return {"visit": ref, "time": time, **counts, "closed": closed}


def key_in(client: TestClient, *blocks: dict[str, Any]) -> dict[str, Any]:
    answer = client.put(SHEET, json={"visits": list(blocks)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def read_off(visit: dict[str, Any]) -> dict[str, Any]:
    """What was keyed in of one block: the hour of its arrival, the crates of the others."""
    found = {name: visit[name]["keyed"] for name in SQUARES if visit[name]["keyed"]}
    return {name: one["time"] if one["crates"] is None else one["crates"] for name, one in found.items()}


def test_the_sheet_has_everything_in_the_order_of_the_paper(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        visit = session.exec(select(VisitRecord).where(VisitRecord.ref == ARNEKE)).one()
        session.add(
            VisitActionRecord(
                visit=visit.id, kind=ActionKind.DELIVER, crates=1, crate="HAZ-0099", other_site="cassel"
            )
        )
    sheet = desk.get(SHEET).json()
    assert [visit["visit"] for visit in sheet["visits"]] == list(REFS)
    assert (sheet["day"], sheet["driver_name"], sheet["vehicle_name"]) == (
        "2026-12-01",
        "Chauffeur 1",
        "Fourgon",
    )
    second = sheet["visits"][1]
    assert (second["number"], second["commune"], second["planned"]) == (2, "Arnèke", "9:25")
    assert (second["leave"], second["take"], second["codes"]) == (2, 1, ["HAZ-0099"])
    assert (sheet["keyed"], sheet["conflicts"]) == (0, 0)
    assert all(visit[name]["keyed"] is None for visit in sheet["visits"] for name in SQUARES)


def test_what_the_hand_wrote_is_told_as_paper_at_its_own_hours(
    service: Service, desk: TestClient, set_clock: SetClock
) -> None:
    set_clock("18:00")
    sheet = key_in(desk, block(CASSEL, "9:12", 3, 2, 1), block(ARNEKE, "9:31", closed=True))
    assert read_off(sheet["visits"][0]) == {"time": "9:12", "delivered": 3, "picked_up": 2, "empties": 1}
    assert read_off(sheet["visits"][1]) == {"time": "9:31", "closed": "9:31"}
    assert (sheet["keyed"], sheet["conflicts"]) == (2, 0)
    told = stored(service)
    assert {(one.source, one.author, one.received_at) for one in told} == {
        ("paper", "Camille", clock("18:00"))
    }
    assert {one.occurred_at for one in told if one.visit == CASSEL} == {clock("9:12")}
    done = desk.get(f"/api/v1/rounds/{ROUND}/progress").json()["visits"]
    assert [(one["state"], one["began_at"]) for one in done[:2]] == [
        ("done", "2026-12-01T09:12:00+01:00"),
        ("closed", "2026-12-01T09:31:00+01:00"),
    ]


def test_a_sheet_keyed_in_twice_by_two_people_is_told_once(
    service: Service, client_as: ClientAs, desk: TestClient
) -> None:
    blocks = [block(ref, f"9:{10 + k}", 2, 1, 0) for k, ref in enumerate(REFS)]
    first = key_in(desk, *blocks)
    again = key_in(client_as(Role.COORDINATOR, name="Andrée"), *blocks)
    assert again == first
    assert len(stored(service)) == 4 * 4  # four visits; hour, left, taken, empty


def test_four_who_send_one_sheet_at_once_tell_it_once(service: Service, desk: TestClient) -> None:
    """A browser that repeats what it takes for lost, while the first request is still on its way."""
    blocks = [block(ref, f"9:{10 + k}", 2, 1, 0) for k, ref in enumerate(REFS)]
    threads = [threading.Thread(target=key_in, args=(desk, *blocks)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored(service)) == 4 * 4


def test_a_square_keyed_in_anew_corrects_and_an_empty_one_takes_back(
    service: Service, desk: TestClient, set_clock: SetClock
) -> None:
    set_clock("18:00")
    key_in(desk, block(CASSEL, "10:12", 3, 2))  # the hour of another stop, and one crate too many
    sheet = key_in(desk, block(CASSEL, "9:12", 2, None))
    assert read_off(sheet["visits"][0]) == {"time": "9:12", "delivered": 2}
    progress = desk.get(f"/api/v1/rounds/{ROUND}/progress").json()["visits"][0]
    assert (progress["began_at"], progress["picked_up"]) == ("2026-12-01T09:12:00+01:00", None)
    assert (progress["delivered"]["crates"], progress["delivered"]["told"]) == (2, 3)
    third = key_in(desk, block(CASSEL, "9:12", 2, 4))  # and again from nothing
    assert read_off(third["visits"][0]) == {"time": "9:12", "delivered": 2, "picked_up": 4}
    kinds = [str(one.kind) for one in stored(service)]
    assert kinds.count("correction") == 2  # the hour of the arrival; the hour and the count of what was left
    assert kinds.count("undo") == 1


def test_one_block_leaves_the_others_alone(desk: TestClient, set_clock: SetClock) -> None:
    set_clock("18:00")
    key_in(desk, block(CASSEL, "9:12", 3, 2))
    sheet = key_in(desk, block(CASSEL_AGAIN, "9:58", 0, 1))
    assert read_off(sheet["visits"][0]) == {"time": "9:12", "delivered": 3, "picked_up": 2}
    assert read_off(sheet["visits"][3]) == {"time": "9:58", "delivered": 0, "picked_up": 1}


def test_what_phones_told_stands_beside_with_what_counts_and_why(
    client_as: ClientAs, desk: TestClient
) -> None:
    driver = client_as(Role.DRIVER, driver="C1", name="Dominique")
    tell(
        driver,
        fact("arrived", CASSEL, "9:10"),
        fact("delivered", CASSEL, "9:14", count=3),
        fact("picked_up", CASSEL, "9:14", count=2),
    )
    sheet = key_in(desk, block(CASSEL, "9:20", 2, 2))
    first = sheet["visits"][0]
    assert sheet["conflicts"] == 2
    assert first["delivered"]["why"] == (
        "Dominique (téléphone) dit 3, Camille (papier) dit 2. Le dernier dit compte : 2."
    )
    [phone] = first["delivered"]["others"]
    assert (phone["source"], phone["teller"], phone["crates"], phone["counts"]) == (
        "phone",
        "Dominique",
        3,
        False,
    )
    assert first["delivered"]["keyed"]["counts"]
    assert first["time"]["why"].endswith("La première heure dite compte : 9 h 10.")
    assert (first["picked_up"]["conflict"], first["picked_up"]["why"]) == (False, "")
    # The coordinator believes the phone: what was keyed in is corrected, and nothing contradicts any more.
    settled = fact("correction", CASSEL, "9:25", target=first["delivered"]["keyed"]["scan"], count=3)
    tell(desk, settled)
    assert desk.get(SHEET).json()["visits"][0]["delivered"]["conflict"] is False


def test_codes_scanned_and_closed_doors_are_weighed_as_the_fold_weighs_them(
    client_as: ClientAs, desk: TestClient
) -> None:
    driver = client_as(Role.DRIVER, driver="C1", name="Dominique")
    tell(driver, *(fact("delivered", ARNEKE, "9:25", crate=f"B{k}") for k in range(3)))
    tell(driver, fact("delivered", BAVINCHOVE, "9:28", count=2))
    sheet = key_in(desk, block(ARNEKE, "9:26", 2), block(BAVINCHOVE, "9:28", closed=True))
    arneke, bavinchove = sheet["visits"][1:3]
    assert (
        arneke["delivered"]["why"] == "Camille (papier) dit 2, mais 3 codes ont été scannés : ils comptent."
    )
    assert not arneke["delivered"]["keyed"]["counts"]
    assert bavinchove["closed"]["why"] == "Des bacs ont été déposés ou pris : « fermé » ne compte pas."
    assert bavinchove["state"] == "done"


def test_without_an_hour_others_count_else_the_plan(
    service: Service, client_as: ClientAs, desk: TestClient
) -> None:
    tell(client_as(Role.DRIVER, driver="C1"), fact("arrived", CASSEL, "9:17"))
    blocks = (block(CASSEL, None, 3), block(ARNEKE, None, 1))
    key_in(desk, *blocks)
    paper = {one.visit: (one.occurred_at, one.notes) for one in stored(service) if one.source == "paper"}
    assert paper == {CASSEL: (clock("9:17"), ["no_hour"]), ARNEKE: (clock("9:25"), ["no_hour"])}
    assert key_in(desk, *blocks)["keyed"] == 2
    assert len(stored(service)) == 3
    arneke = desk.get(f"/api/v1/rounds/{ROUND}/progress").json()["visits"][1]
    assert (arneke["state"], arneke["began_at"]) == ("done", None)  # nobody takes it for punctual
    key_in(desk, block(ARNEKE, "9:29", 1))
    arneke = desk.get(f"/api/v1/rounds/{ROUND}/progress").json()["visits"][1]
    assert arneke["began_at"] == "2026-12-01T09:29:00+01:00"
    key_in(desk, block(ARNEKE, None, 1))
    arneke = desk.get(f"/api/v1/rounds/{ROUND}/progress").json()["visits"][1]
    assert (arneke["state"], arneke["began_at"]) == ("done", None)


def test_an_hour_after_midnight_is_of_the_next_day(
    service: Service, desk: TestClient, set_clock: SetClock
) -> None:
    set_clock("8:00", TUESDAY + timedelta(days=1))
    key_in(desk, block(CASSEL, "25:10", 1))
    assert {one.occurred_at for one in stored(service)} == {clock("0:00") + timedelta(hours=25, minutes=10)}


def test_what_is_no_sheet_is_told_and_nothing_is_stored(
    service: Service, desk: TestClient, client_as: ClientAs
) -> None:
    for blocks, status in (
        ([block(CASSEL, "9:12", 3), block(f"{ROUND}/bailleul", "9:20", 1)], 422),
        ([block(CASSEL, "9:12", 3), block(CASSEL, "9:20", 1)], 422),
        ([block(CASSEL, "9:72", 3)], 422),
        ([block(CASSEL, "9:40", 3)], 422),  # it is half past nine
        ([block(CASSEL, "9:12", -1)], 422),
        ([block(CASSEL, "9 h 12", 3)], 422),
    ):
        assert desk.put(SHEET, json={"visits": blocks}).status_code == status
    assert desk.put("/api/v1/rounds/nulle-part/sheet", json={"visits": []}).status_code == 404
    assert client_as(Role.OFFICIAL).put(SHEET, json={"visits": []}).status_code == 403
    assert client_as(Role.DRIVER, driver="C1").get(SHEET).status_code == 403
    assert client_as(Role.OFFICIAL).get(SHEET).status_code == 200
    assert stored(service) == []


def test_reading_a_sheet_takes_a_bounded_number_of_queries(service: Service, desk: TestClient) -> None:
    with count_queries(service.database) as before:
        desk.get(SHEET)
    key_in(desk, *(block(ref, "9:12", 3, 2, 1) for ref in REFS))
    with count_queries(service.database) as after:
        desk.get(SHEET)
    assert len(after) <= len(before) + 2  # what mends what was told, and where it came from
    assert len(after) <= 20
