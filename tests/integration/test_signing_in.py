"""Signing in over HTTP: passwords, cookies, what is refused, and what a thief cannot do."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import col, select

from api.app import create_app
from api.security.cookies import cookie_name
from api.security.tokens import hashed
from api.service import Service
from api.settings import Settings
from models.tables.base import now
from models.tables.people import AccountRecord, AccountRole, AuditRecord, SessionRecord, ThrottleRecord
from tests.credentials import PASSWORD, Credentials

LOGIN, ME = "/api/v1/login", "/api/v1/me"


def _sign_in(client: TestClient, login: str = "camille", password: str = PASSWORD) -> Response:
    return client.post(LOGIN, json={"login": login, "password": password})


@pytest.fixture
def camille(real: Credentials) -> AccountRecord:
    return real.account("camille", AccountRole.COORDINATOR)


def test_a_password_begins_a_session(real: Credentials, camille: AccountRecord) -> None:
    client = real.nobody()
    answer = _sign_in(client, " Camille ")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["pending"]) == ("signed_in", None)
    me = client.get(ME).json()
    assert (me["name"], me["csrf"]) == ("Camille Dupont", told["csrf"])
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("navette=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_only_a_hash_of_the_cookie_is_stored(real: Credentials, camille: AccountRecord) -> None:
    client = real.nobody()
    _sign_in(client)
    token = client.cookies["navette"]
    assert len(token) == 43  # 256 bits in base 64
    with real.service.database.read() as session:
        stored = [one.token for one in session.exec(select(SessionRecord))]
    assert hashed(token) in stored
    assert token not in stored


def test_wrong_passwords_and_unknown_logins_are_told_alike(real: Credentials, camille: AccountRecord) -> None:
    wrong, unknown = (_sign_in(real.nobody(), login, "a wrong password") for login in ("camille", "claude"))
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert "set-cookie" not in wrong.headers


def test_a_closed_account_is_told_like_a_wrong_password(real: Credentials, camille: AccountRecord) -> None:
    with real.service.database.write() as session:
        session.get_one(AccountRecord, camille.id).closed_at = now()
    assert _sign_in(real.nobody()).status_code == 401


def test_guessing_is_slowed_down_and_the_right_password_too(
    real: Credentials, camille: AccountRecord
) -> None:
    """5 free tries from one address; the sixth passes and starts a wait of 2 s, the seventh waits."""
    client = real.nobody()
    assert [_sign_in(client, password=f"guess {k}").status_code for k in range(6)] == [401] * 6
    held = _sign_in(client)
    assert (held.status_code, held.headers["retry-after"]) == (429, "2")
    assert held.json()["type"] == "urn:navette:trop-souvent"
    with real.service.database.write() as session:
        for row in session.exec(select(ThrottleRecord)):
            row.until = None
    assert _sign_in(client).status_code == 200
    assert _sign_in(client, password="a guess").status_code == 401  # counted from nothing again


def test_a_session_is_never_handed_on(real: Credentials, camille: AccountRecord) -> None:
    """Fixation: whatever cookie a browser had before, it has another one after."""
    client = real.nobody()
    client.cookies.set("navette", "planted-by-somebody-else")
    _sign_in(client)
    tokens = [cookie.value for cookie in client.cookies.jar if cookie.name == "navette"]
    assert tokens[-1] != "planted-by-somebody-else"

    first = real.browser(camille)
    before = first.cookies["navette"]
    assert _sign_in(first).status_code == 200
    old = real.nobody()
    old.cookies.set("navette", before)
    assert old.get(ME).status_code == 401


def test_another_site_cannot_sign_anybody_in(real: Credentials, camille: AccountRecord) -> None:
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = real.nobody().post(LOGIN, json={"login": "camille", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_two_sign_ins_at_once_give_two_sessions(real: Credentials, camille: AccountRecord) -> None:
    clients = [real.nobody(), real.nobody()]
    threads = [threading.Thread(target=_sign_in, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [client.get(ME).status_code for client in clients] == [200, 200]
    assert clients[0].cookies["navette"] != clients[1].cookies["navette"]


def test_signing_out_ends_the_session_itself(real: Credentials, camille: AccountRecord) -> None:
    client, kept = real.browser(camille), real.nobody()
    kept.cookies.set("navette", client.cookies["navette"])
    answer = client.post("/api/v1/logout")
    assert (answer.status_code, "Max-Age=0" in answer.headers["set-cookie"]) == (204, True)
    assert kept.get(ME).status_code == 401


def test_a_new_password_ends_the_other_sessions(real: Credentials, camille: AccountRecord) -> None:
    client, other = real.browser(camille), real.browser(camille)
    new = "cinq mots sans aucun rapport"
    for given, status in (
        ({"current": "wrong", "new": new}, 403),
        ({"current": PASSWORD, "new": "court"}, 422),
        ({"current": PASSWORD, "new": PASSWORD}, 422),
        ({"current": PASSWORD, "new": new}, 204),
    ):
        assert client.post("/api/v1/me/password", json=given).status_code == status
    assert (client.get(ME).status_code, other.get(ME).status_code) == (200, 401)
    assert _sign_in(real.nobody()).status_code == 401
    assert _sign_in(real.nobody(), password=new).status_code == 200


def test_people_see_their_own_sessions_and_end_them(real: Credentials, camille: AccountRecord) -> None:
    client, other = real.browser(camille), real.browser(camille)
    stranger = real.official()
    mine = client.get("/api/v1/me/sessions").json()["items"]
    assert [one["current"] for one in mine].count(True) == 1
    assert not any("token" in one or "csrf" in one for one in mine)
    theirs = next(one["id"] for one in stranger.get("/api/v1/me/sessions").json()["items"])
    assert client.delete(f"/api/v1/me/sessions/{theirs}").status_code == 404
    with real.service.database.write() as session:  # one that has gone to sleep for good
        asleep = SessionRecord(
            account=camille.id,
            token="x",
            expires_at=now() + timedelta(days=1),
            seen_at=now() - timedelta(hours=13),
        )
        session.add(asleep)
    assert len(client.get("/api/v1/me/sessions").json()["items"]) == len(mine)
    others = [one["id"] for one in other.get("/api/v1/me/sessions").json()["items"] if one["current"]]
    assert client.delete(f"/api/v1/me/sessions/{others[0]}").status_code == 204
    assert (client.get(ME).status_code, other.get(ME).status_code) == (200, 401)


def test_what_happens_to_an_account_is_logged_without_its_secrets(
    real: Credentials, camille: AccountRecord
) -> None:
    client = real.nobody()
    _sign_in(client, password="a wrong password")
    csrf = _sign_in(client).json()["csrf"]
    new = {"current": PASSWORD, "new": "cinq mots sans aucun rapport"}
    client.post("/api/v1/me/password", json=new, headers={"x-csrf-token": csrf})
    with real.service.database.read() as session:
        logged = session.exec(
            select(AuditRecord).where(AuditRecord.subject == "account").order_by(col(AuditRecord.id))
        ).all()
    told = [(one.action, one.key, one.author) for one in logged if one.key == "camille"]
    assert told[-3:] == [
        ("sign_in_refused", "camille", "Navette"),
        ("signed_in", "camille", "Camille Dupont"),
        ("changed", "camille", "Camille Dupont"),
    ]
    everything = " ".join(f"{one.before} {one.after}" for one in logged)
    for secret in (PASSWORD, "argon2", "cinq mots", csrf):
        assert secret not in everything


def test_under_https_the_cookie_is_tied_to_us(
    tmp_path: Path, service: Service, real: Credentials, camille: AccountRecord
) -> None:
    settings = Settings(
        database=service.settings.database,
        data=tmp_path,
        public_url="https://navette.example",
        jobs=False,
    )
    secure = Service(settings=settings, database=service.database)
    client = TestClient(create_app(settings, secure), base_url="https://navette.example")
    answer = _sign_in(client)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-navette=")
    assert "Secure" in cookie
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert client.get(ME).status_code == 200
    assert cookie_name(settings) == "__Host-navette"
    started = real.begin(camille)
    other = TestClient(create_app(settings, secure), base_url="https://navette.example")
    other.cookies.set("navette", started.token)  # the name of plain http counts no longer
    assert other.get(ME).status_code == 401


def test_sessions_last_no_longer_than_set(real: Credentials, camille: AccountRecord) -> None:
    """14 days from signing in, whatever is done meanwhile."""
    began = now()
    _sign_in(real.nobody())
    with real.service.database.read() as session:
        found = session.exec(select(SessionRecord)).all()[-1]
    assert timedelta(days=14) <= found.expires_at - began < timedelta(days=14, minutes=1)
