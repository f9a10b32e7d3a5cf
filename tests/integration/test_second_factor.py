"""The second factor over HTTP: set up, asked for, each code once, stopped."""

import threading
from pathlib import Path

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr

from api.app import create_app
from api.db import Database
from api.service import Service
from api.settings import Settings
from models.tables.people import AccountRecord, AccountRole
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
