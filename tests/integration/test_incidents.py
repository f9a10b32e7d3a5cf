"""Incidents with their photos, and messages, over HTTP on both databases."""

import io
import struct
import zlib
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from api.service import Service
from api.services.actor import Role
from tests.queries import count_queries
from tests.road import CASSEL, ROUND, clock, publish
from tests.service_fixtures import ClientAs

INCIDENTS, MESSAGES = "/api/v1/incidents", "/api/v1/messages"


@pytest.fixture(autouse=True)
def round_of_tuesday(service: Service) -> None:
    with service.database.write() as session:
        publish(session)


def incident(**fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "visit": CASSEL,
        "text": "porte bloquée",
        "occurred_at": clock("9:12").isoformat(),
    } | fields


def picture(size: tuple[int, int] = (40, 20), kind: str = "JPEG", **saved: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **saved)
    return out.getvalue()


def put_photo(client: TestClient, told: dict[str, Any], content: bytes, key: str | None = None) -> Any:
    url = f"{INCIDENTS}/{told['id']}/photos/{key or uuid4()}"
    return url, client.put(url, files={"file": ("photo", content)})


def test_an_incident_is_told_once_and_settled(client_as: ClientAs) -> None:
    driver, desk = client_as(Role.DRIVER, driver="C1", name="Dominique"), client_as(Role.COORDINATOR)
    told = incident()
    first = driver.post(INCIDENTS, json=told)
    assert first.status_code == 200
    assert (first.json()["round"], first.json()["site"], first.json()["author"]) == (
        ROUND,
        "cassel",
        "Dominique",
    )
    assert driver.post(INCIDENTS, json=told).json() == first.json()
    assert [one["id"] for one in desk.get(f"{INCIDENTS}?open=true").json()["items"]] == [told["id"]]
    settled = desk.post(f"{INCIDENTS}/{told['id']}/settle", json={"note": "clé refaite"}).json()
    assert (settled["settled_note"], bool(settled["settled_at"])) == ("clé refaite", True)
    assert desk.get(f"{INCIDENTS}?open=true").json()["items"] == []
    assert driver.post(f"{INCIDENTS}/{told['id']}/settle", json={}).status_code == 403
    assert desk.post(f"{INCIDENTS}/{uuid4()}/settle", json={}).status_code == 404


def test_who_sees_which_incidents(client_as: ClientAs) -> None:
    client_as(Role.DRIVER, driver="C1", name="Dominique").post(INCIDENTS, json=incident())
    of_all = incident(visit="", round=ROUND)
    client_as(Role.COORDINATOR).post(INCIDENTS, json=of_all)

    def seen(client: TestClient) -> int:
        return len(client.get(INCIDENTS).json()["items"])

    assert seen(client_as(Role.OFFICIAL)) == 2
    assert seen(client_as(Role.LIBRARY, site="cassel")) == 1
    assert seen(client_as(Role.LIBRARY, site="arneke")) == 0
    assert seen(client_as(Role.DRIVER, driver="C2", name="Alex")) == 0
    assert client_as(Role.LIBRARY, site="arneke").post(INCIDENTS, json=incident()).status_code == 403
    assert client_as(Role.LIBRARY, site="cassel").get(f"{INCIDENTS}/{of_all['id']}").status_code == 404


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_encoded_anew(client_as: ClientAs, kind: str) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    told = incident()
    driver.post(INCIDENTS, json=told)
    marks = Image.Exif()
    marks[0x0110] = "Téléphone de Dominique"
    marks[0x0112] = 6  # taken upright: to be turned by a quarter
    url, answer = put_photo(driver, told, picture((3200, 1000), kind, exif=marks))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["width"], answer.json()["height"]) == (500, 1600)
    shown = client_as(Role.COORDINATOR).get(url)
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"].startswith("private")
    kept = Image.open(io.BytesIO(shown.content))
    assert (kept.size, kept.format, dict(kept.getexif())) == ((500, 1600), "JPEG", {})
    assert b"Dominique" not in shown.content
    assert (
        driver.put(url, files={"file": ("photo", picture())}).json() == answer.json()
    )  # sent again: the same
    assert len(client_as(Role.COORDINATOR).get(f"{INCIDENTS}/{told['id']}").json()["photos"]) == 1


def test_a_transparent_picture_stands_on_white(client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    told = incident()
    driver.post(INCIDENTS, json=told)
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    url, _ = put_photo(driver, told, out.getvalue())
    assert Image.open(io.BytesIO(driver.get(url).content)).getpixel((5, 5)) == (255, 255, 255)


def bomb() -> bytes:
    """A PNG of 50,000 × 50,000 pixels in some kilobytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "illisible"),
        (b"bonjour", 422, "illisible"),
        (picture()[:200], 422, "illisible"),
        (b"GIF89a" + bytes(100), 422, "illisible"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "illisible"),
        (bytes(4) + b"ftypheic" + bytes(100), 422, "HEIC"),
        (bytes(8 * 1024 * 1024 + 1), 413, "8 Mo"),
        (bomb(), 413, "pixels"),
    ],
)
def test_what_is_no_photo_is_told_so(client_as: ClientAs, content: bytes, status: int, words: str) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    told = incident()
    driver.post(INCIDENTS, json=told)
    _, answer = put_photo(driver, told, content)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text


def test_a_photo_needs_its_incident_and_its_reader(client_as: ClientAs) -> None:
    driver, told = client_as(Role.DRIVER, driver="C1", name="Dominique"), incident()
    assert put_photo(driver, told, picture())[1].status_code == 404
    driver.post(INCIDENTS, json=told)
    url, _ = put_photo(driver, told, picture())
    assert client_as(Role.LIBRARY, site="cassel").get(url).status_code == 200
    assert client_as(Role.LIBRARY, site="arneke").get(url).status_code == 404
    assert client_as(Role.PUBLIC).get(url).status_code == 401
    other = incident()
    driver.post(INCIDENTS, json=other)
    assert driver.get(url.replace(told["id"], other["id"])).status_code == 404
    for _ in range(11):
        assert put_photo(driver, told, picture())[1].status_code == 200
    assert put_photo(driver, told, picture())[1].status_code == 409


def test_a_list_of_incidents_takes_two_queries(service: Service, client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    for _ in range(6):
        told = incident()
        desk.post(INCIDENTS, json=told)
        put_photo(desk, told, picture())
    with count_queries(service.database) as sent:
        listed = desk.get(INCIDENTS).json()["items"]
    assert [len(one["photos"]) for one in listed] == [1] * 6
    assert len([one for one in sent if one.startswith("SELECT")]) == 2


def test_messages_go_both_ways_and_are_read(client_as: ClientAs) -> None:
    cassel, desk = client_as(Role.LIBRARY, site="cassel", name="Cassel"), client_as(Role.COORDINATOR)
    ready = {"site": "cassel", "kind": "ready", "facts": {"crates": 3}}
    key = {"Idempotency-Key": "m1"}
    first = cassel.post(MESSAGES, json=ready, headers=key)
    assert (first.status_code, cassel.post(MESSAGES, json=ready, headers=key).json()) == (201, first.json())
    cassel.post(MESSAGES, json={"site": "cassel", "text": "Merci !"})
    client_as(Role.LIBRARY, site="arneke").post(MESSAGES, json={"site": "arneke", "text": "Bonjour"})
    assert desk.get(f"{MESSAGES}/unread").json() == {"unread": 3, "by_site": {"cassel": 2, "arneke": 1}}
    assert desk.post(f"{MESSAGES}/read", json={"up_to": first.json()["id"]}).json()["unread"] == 2
    desk.post(MESSAGES, json={"site": "cassel", "text": "Bien reçu."})
    assert cassel.get(f"{MESSAGES}/unread").json() == {"unread": 1, "by_site": {"cassel": 1}}
    texts = [(one["text"], one["from_library"]) for one in cassel.get(MESSAGES).json()["items"]]
    assert texts == [("Bien reçu.", False), ("Merci !", True), ("", True)]
    assert len(desk.get(MESSAGES).json()["items"]) == 4
    assert len(desk.get(f"{MESSAGES}?site=arneke").json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"site": "cassel", "kind": "ready"}, 422),
        ({"site": "cassel", "kind": "ready", "facts": {"crates": "trois"}}, 422),
        ({"site": "cassel", "kind": "closed", "text": "fermé"}, 422),
        ({"site": "cassel"}, 422),
        ({"site": "cassel", "text": "x" * 4001}, 422),
        ({"site": "arneke", "text": "Bonjour"}, 403),
    ],
)
def test_a_message_that_says_nothing_is_told_so(
    client_as: ClientAs, body: dict[str, Any], status: int
) -> None:
    assert client_as(Role.LIBRARY, site="cassel").post(MESSAGES, json=body).status_code == status


def test_a_library_reads_its_own_messages_only(client_as: ClientAs) -> None:
    desk, cassel = client_as(Role.COORDINATOR), client_as(Role.LIBRARY, site="cassel")
    sent = desk.post(MESSAGES, json={"site": "arneke", "text": "Bonjour"}).json()
    assert cassel.get(f"{MESSAGES}?site=arneke").json()["items"] == []
    assert cassel.post(f"{MESSAGES}/read", json={"up_to": sent["id"]}).status_code == 404
    assert desk.post(MESSAGES, json={"site": "nulle-part", "text": "Bonjour"}).status_code == 404
    assert (
        desk.post(MESSAGES, json={"site": "arneke", "kind": "ready", "facts": {"crates": 1}}).status_code
        == 422
    )
