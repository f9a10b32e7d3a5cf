"""What every endpoint shares: pages, versions, repeated requests, problems."""

import threading
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI, Response
from fastapi.testclient import TestClient
from sqlmodel import col, select

from api.endpoints.caller import Anyone
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import handle_problems
from api.endpoints.versions import Seen, tagged
from api.repositories.paging import Slice, page
from api.service import Service
from api.services import idempotency
from api.services.changes import announce
from api.services.versions import must_match
from api.wire.base import Listed, Wire, listed
from models.errors import Conflict, InputError, TooOften, Unavailable
from models.tables.network import SiteRecord
from models.tables.service import ChangeRecord, IdempotencyRecord


class Wish(Wire):
    """Something to be done once."""

    text: str


class Named(Wire):
    """Something with a version."""

    version: int
    name: str


def _sample() -> APIRouter:
    router = APIRouter()

    @router.post("/wishes")
    def wish(asked: Wish, caller: Anyone, once: Once) -> Wish:
        with caller.write() as session:

            def make() -> Wish:
                announce(session, "wishes", asked.text)
                return Wish(text=f"{asked.text} !")

            return once(session, caller.actor, asked, make, Wish)

    @router.get("/names")
    def names(caller: Anyone, asked: Paging) -> Listed[str]:
        with caller.read() as session:
            query = select(SiteRecord)
            return listed(page(session, query, [col(SiteRecord.code)], asked), lambda one: one.code)

    @router.put("/names/{code}")
    def rename(code: str, asked: Wish, seen: Seen, caller: Anyone, response: Response) -> Named:
        with caller.write() as session:
            site = session.exec(select(SiteRecord).where(SiteRecord.code == code)).one()
            must_match(site, seen, Named(version=site.version, name=site.name))
            site.name = asked.text
            session.flush()
            return tagged(response, Named(version=site.version, name=site.name))

    @router.get("/boom/{how}")
    def boom(how: int) -> None:
        raise [ZeroDivisionError("secret"), Unavailable("Plus de place."), TooOften("Attendez.", 7)][how]

    return router


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    app = FastAPI()
    app.state.service = service
    app.include_router(_sample())
    handle_problems(app)
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found


def _wishes(service: Service) -> list[str]:
    with service.database.read() as session:
        return [one.ref for one in session.exec(select(ChangeRecord).where(ChangeRecord.topic == "wishes"))]


def test_a_repeated_request_is_answered_alike_and_done_once(client: TestClient, service: Service) -> None:
    answers = [
        client.post("/wishes", json={"text": "pluie"}, headers={"Idempotency-Key": "k1"}) for _ in range(3)
    ]
    assert [answer.json() for answer in answers] == [{"text": "pluie !"}] * 3
    assert _wishes(service) == ["pluie"]


def test_eight_phones_with_one_key_at_once_do_it_once(client: TestClient, service: Service) -> None:
    seen: list[int] = []

    def send() -> None:
        answer = client.post("/wishes", json={"text": "vent"}, headers={"Idempotency-Key": "k2"})
        seen.append(answer.status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * 8
    assert _wishes(service) == ["vent"]


def test_a_key_for_another_request_is_refused(client: TestClient) -> None:
    client.post("/wishes", json={"text": "a"}, headers={"Idempotency-Key": "k3"})
    answer = client.post("/wishes", json={"text": "b"}, headers={"Idempotency-Key": "k3"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:navette:conflit")
    assert "clé neuve" in answer.json()["detail"]


def test_without_a_key_every_request_counts(client: TestClient, service: Service) -> None:
    for _ in range(2):
        client.post("/wishes", json={"text": "neige"})
    assert _wishes(service) == ["neige", "neige"]


def test_a_failed_request_leaves_its_key_free(service: Service) -> None:
    def fail() -> None:
        with service.database.write() as session:
            assert idempotency.remembered(session, "me", "k", "d") is None
            raise Conflict("non")

    with pytest.raises(Conflict):
        fail()
    with service.database.read() as session:
        assert session.exec(select(IdempotencyRecord)).all() == []


@pytest.mark.parametrize("limit", [1, 7, 46, 47, 48, 200])
def test_pages_tell_everything_once_in_order(client: TestClient, limit: int) -> None:
    found: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(60):
        told = client.get("/names", params={"limit": limit, **cursor}).json()
        found += told["items"]
        if told["next"] is None:
            break
        cursor = {"cursor": told["next"]}
    assert len(found) == 47  # 45 libraries, the depot, the partner
    assert found == sorted(found)
    assert len(set(found)) == 47


def test_newest_first_goes_backwards_from_the_same_cursor(service: Service) -> None:
    with service.database.read() as session:
        keys = [col(SiteRecord.position), col(SiteRecord.code)]
        first = page(session, select(SiteRecord), keys, Slice(limit=2), newest_first=True)
        second = page(session, select(SiteRecord), keys, Slice(limit=2, cursor=first.next), newest_first=True)
    assert [one.position for one in [*first.rows, *second.rows]] == [46, 45, 44, 43]


@pytest.mark.parametrize("cursor", ["x", "bm9uc2Vuc2U", "WzFd", "W10", "bnVsbA", "é", "W1siYSJdXQ"])
def test_a_foreign_cursor_is_refused_plainly(client: TestClient, cursor: str) -> None:
    answer = client.get("/names", params={"cursor": cursor})
    assert answer.status_code == 422
    assert "curseur" in answer.json()["detail"]


def test_two_editors_are_told_of_each_other(client: TestClient) -> None:
    first = client.put("/names/cassel", json={"text": "Un"}, headers={"If-Match": '"v1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"v2"')
    second = client.put("/names/cassel", json={"text": "Deux"}, headers={"If-Match": '"v1"'})
    told = second.json()
    assert (second.status_code, told["type"]) == (409, "urn:navette:version-depassee")
    assert (told["yours"], told["current"], told["stored"]) == (1, 2, {"version": 2, "name": "Un"})


def test_a_change_must_say_what_it_was_made_from(client: TestClient) -> None:
    assert client.put("/names/cassel", json={"text": "Un"}).status_code == 428
    unread = client.put("/names/cassel", json={"text": "Un"}, headers={"If-Match": "demain"})
    assert (unread.status_code, unread.headers["content-type"]) == (422, "application/problem+json")


def test_what_cannot_be_understood_is_told_field_by_field_in_french(client: TestClient) -> None:
    told = client.post("/wishes", json={"txt": 1}).json()
    assert told["findings"] == ["text : il manque.", "txt : ce champ n'existe pas."]
    assert client.get("/names", params={"limit": 0}).json()["findings"] == [
        "query.limit : il faut au moins 1."
    ]
    broken = client.post("/wishes", content=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["title"]) == (422, "La demande ne peut pas être comprise")


def test_problems_of_every_kind_look_alike(client: TestClient) -> None:
    for path, status in [("/rien", 404), ("/boom/0", 500), ("/boom/1", 503), ("/boom/2", 429)]:
        answer = client.get(path)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].startswith("urn:navette:")
    assert client.delete("/wishes").status_code == 405
    assert client.get("/boom/2").headers["retry-after"] == "7"
    assert "secret" not in client.get("/boom/0").text


def test_a_cursor_of_dates_and_numbers_comes_back_as_it_was(service: Service) -> None:
    with service.database.write() as session:
        for k in range(5):
            announce(session, "t", str(k))
    with service.database.read() as session:
        keys = [col(ChangeRecord.at), col(ChangeRecord.seq)]
        first = page(session, select(ChangeRecord), keys, Slice(limit=3))
        second = page(session, select(ChangeRecord), keys, Slice(limit=3, cursor=first.next))
        with pytest.raises(InputError):
            page(session, select(SiteRecord), [col(SiteRecord.code)], Slice(cursor=first.next))
    assert [one.ref for one in [*first.rows, *second.rows]] == list("01234")
    assert second.next is None
