"""Signing in over HTTP: passwords, codes, cookies, what is refused, and what a thief cannot do."""

import threading
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr
from sqlmodel import col, select

from api.app import create_app
from api.db import Database
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


@pytest.fixture
def guarded(real: Credentials, camille: AccountRecord) -> pyotp.TOTP:
    """Camille's second factor, set up over HTTP, with the codes of the next steps still unused."""
    client = real.browser(camille)
    offered = client.post("/api/v1/me/totp", json={"password": PASSWORD}).json()
    clock = pyotp.TOTP(offered["secret"])
    confirmed = {"pending": offered["pending"], "code": clock.now()}
    assert client.post("/api/v1/me/totp/confirm", json=confirmed).status_code == 204
    with real.service.database.write() as session:
        session.get_one(AccountRecord, camille.id).totp_last = 0
    return clock


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


def test_the_second_factor_is_asked_for_after_the_password(real: Credentials, guarded: pyotp.TOTP) -> None:
    client = real.nobody()
    asked = _sign_in(client).json()
    assert (asked["state"], asked["csrf"]) == ("code_needed", None)
    assert client.get(ME).status_code == 401
    given = client.post("/api/v1/login/code", json={"pending": asked["pending"], "code": guarded.now()})
    assert (given.status_code, given.json()["state"]) == (200, "signed_in")
    assert client.get(ME).json()["account"]["second_factor"] is True


def test_a_code_counts_once_also_for_two_at_once(real: Credentials, guarded: pyotp.TOTP) -> None:
    code = guarded.now()
    clients = [real.nobody() for _ in range(4)]
    asked = [_sign_in(client).json()["pending"] for client in clients]
    statuses: list[int] = []

    def give(client: TestClient, pending: str) -> None:
        answer = client.post("/api/v1/login/code", json={"pending": pending, "code": code})
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=give, args=pair) for pair in zip(clients, asked, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 401, 401, 401]


def test_codes_are_not_guessed(real: Credentials, guarded: pyotp.TOTP) -> None:
    """Six digits would be guessed in a million tries: after five every try waits."""
    client = real.nobody()
    pending = _sign_in(client).json()["pending"]
    wrong = "000000" if guarded.now() != "000000" else "111111"
    tried = [
        client.post("/api/v1/login/code", json={"pending": pending, "code": wrong}).status_code
        for _ in range(8)
    ]
    assert tried == [401] * 6 + [429] * 2


def test_what_was_answered_to_a_password_is_worth_nothing_once_it_has_changed(
    real: Credentials, guarded: pyotp.TOTP, camille: AccountRecord
) -> None:
    client = real.nobody()
    pending = _sign_in(client).json()["pending"]
    with real.service.database.write() as session:
        session.get_one(AccountRecord, camille.id).password = "another"
    answer = client.post("/api/v1/login/code", json={"pending": pending, "code": guarded.now()})
    assert (answer.status_code, "a changé" in answer.json()["detail"]) == (401, True)
    for forged in ("", "x", pending[:-4] + "AAAA"):
        answer = client.post("/api/v1/login/code", json={"pending": forged, "code": "123456"})
        assert answer.status_code == 403


def test_the_secret_of_the_second_factor_is_stored_encrypted(
    real: Credentials, guarded: pyotp.TOTP, camille: AccountRecord
) -> None:
    with real.service.database.read() as session:
        stored = session.get_one(AccountRecord, camille.id).totp
    assert guarded.secret not in stored
    assert real.service.keyring.decrypt(stored) == guarded.secret


def test_stopping_the_second_factor_takes_the_password(
    real: Credentials, guarded: pyotp.TOTP, camille: AccountRecord
) -> None:
    client = real.browser(camille)
    assert client.post("/api/v1/me/totp", json={"password": PASSWORD}).status_code == 409
    assert client.post("/api/v1/me/totp/stop", json={"password": "wrong"}).status_code == 403
    assert _sign_in(real.nobody()).json()["state"] == "code_needed"
    assert client.post("/api/v1/me/totp/stop", json={"password": PASSWORD}).status_code == 204
    assert _sign_in(real.nobody()).json()["state"] == "signed_in"


def test_a_second_factor_counts_only_once_confirmed_and_only_for_its_account(real: Credentials) -> None:
    client, other = real.coordinator(), real.official()
    offered = client.post("/api/v1/me/totp", json={"password": PASSWORD}).json()
    assert offered["qr_svg"].startswith("<svg")
    assert client.get(ME).json()["account"]["second_factor"] is False
    code = pyotp.TOTP(offered["secret"]).now()
    confirmed = {"pending": offered["pending"], "code": code}
    assert other.post("/api/v1/me/totp/confirm", json=confirmed).status_code == 403
    wrong = {**confirmed, "code": "000000" if code != "000000" else "111111"}
    assert client.post("/api/v1/me/totp/confirm", json=wrong).status_code == 422
    assert client.get(ME).json()["account"]["second_factor"] is False


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


def test_another_secret_opens_nothing(real: Credentials, guarded: pyotp.TOTP, tmp_path: Path) -> None:
    """A copied database without its secret: the second factor cannot be read."""
    settings = Settings(
        database=real.service.settings.database,
        data=tmp_path / "thief",
        secret=SecretStr("x" * 40),
        jobs=False,
    )
    thief = Service(settings=settings, database=Database(settings.database_url))
    client = TestClient(create_app(settings, thief), raise_server_exceptions=False)
    pending = _sign_in(client).json()["pending"]
    answer = client.post("/api/v1/login/code", json={"pending": pending, "code": guarded.now()})
    assert answer.status_code == 403
    thief.close()
