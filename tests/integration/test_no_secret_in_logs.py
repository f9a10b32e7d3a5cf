"""Everything is logged as loudly as can be, and no secret is in it."""

import logging
from collections.abc import Iterator

import pyotp
import pytest
from sqlalchemy import text

from api.middleware.redact import Redacting
from api.service import Service
from tests.credentials import PASSWORD, Credentials

V1 = "/api/v1"
NEW = "cinq mots sans aucun rapport"


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger of the service and of what it is built on, at DEBUG; rows and statements too."""
    names = (
        "sqlalchemy.engine",
        "sqlalchemy.pool",
        "sqlalchemy.orm",
        "uvicorn",
        "python_multipart",
        "navette",
    )
    for name in names:
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(_not_the_browsers)
    yield caplog
    caplog.handler.removeFilter(_not_the_browsers)


def _not_the_browsers(record: logging.LogRecord) -> bool:
    """What the client of a test logs of its own requests is not ours."""
    return not record.name.startswith(("httpx", "httpcore"))


def test_no_secret_is_logged(real: Credentials, loud: pytest.LogCaptureFixture) -> None:
    camille = real.coordinator()
    secrets: dict[str, str] = {"password": PASSWORD, "wrong password": "a wrong password", "new": NEW}
    secrets["session"] = camille.cookies["navette"]
    secrets["csrf"] = camille.headers["x-csrf-token"]

    invited = camille.post(f"{V1}/accounts/invitations", json={"role": "official"}).json()["url"]
    secrets["invitation"] = invited.rsplit("/", 1)[1]
    form = {"name": "Odile Martin", "login": "odile", "password": PASSWORD}
    odile = real.nobody()
    assert odile.post("/" + invited.split("/", 3)[3], data=form).status_code == 303
    secrets["other session"] = odile.cookies["navette"]

    real.nobody().post(f"{V1}/login", json={"login": "camille", "password": "a wrong password"})
    real.nobody().post("/connexion", data={"login": "a wrong password", "password": PASSWORD})
    offered = camille.post(f"{V1}/me/totp", json={"password": PASSWORD}).json()
    secrets["second factor"], secrets["pending factor"] = offered["secret"], offered["pending"]
    code = pyotp.TOTP(offered["secret"]).now()
    camille.post(f"{V1}/me/totp/confirm", json={"pending": offered["pending"], "code": code})
    asked = real.nobody().post(f"{V1}/login", json={"login": "camille", "password": PASSWORD}).json()
    secrets["pending"] = asked["pending"]
    real.nobody().post(f"{V1}/login/code", json={"pending": asked["pending"], "code": code})
    camille.post(f"{V1}/me/password", json={"current": PASSWORD, "new": NEW})

    enrolment = camille.post(f"{V1}/devices/enrolments", json={"driver": "C1"}).json()["code"]
    secrets["enrolment"], secrets["enrolment as typed"] = enrolment, enrolment.replace("-", "")
    phone = real.nobody().post(f"{V1}/devices/enrol", json={"code": enrolment, "name": "Un"}).json()["token"]
    secrets["phone"] = phone
    key = camille.post(f"{V1}/api-keys", json={"name": "Koha", "scopes": ["network:read"]}).json()["key"]
    secrets["key"] = key
    made = camille.post(f"{V1}/links", json={"kind": "library", "subject": "cassel"}).json()
    secrets["link"] = made["url"].rsplit("/", 1)[1]
    for token in (phone, key, secrets["link"], phone[:-1] + "x", key[:-1] + "x"):
        real.bearer(token).get(f"{V1}/me")
        real.nobody().get(f"/b/{token}")
        real.nobody().get(f"{V1}/me", headers={"x-navette-link": token})
    camille.post("/deconnexion", data={"csrf": "forged"})

    logged = loud.text
    assert "SELECT session.id" in logged  # it is loud indeed
    assert "sign-in refused" in logged
    assert [name for name, secret in secrets.items() if secret in logged] == []


def test_a_broken_statement_does_not_tell_its_values(
    service: Service, loud: pytest.LogCaptureFixture
) -> None:
    said = r"SELECT|base de données"
    with pytest.raises(Exception, match=said) as told, service.database.read() as session:
        session.connection().execute(text("SELECT nothing FROM nowhere WHERE x = :x"), {"x": "hush-hush"})
    assert "hush-hush" not in f"{told.value} {told.value.__cause__} {loud.text}"


def test_addresses_with_a_token_are_told_without_it(caplog: pytest.LogCaptureFixture) -> None:
    """As the access log of the server writes them."""
    caplog.handler.addFilter(Redacting())
    log = logging.getLogger("uvicorn.access")
    with caplog.at_level(logging.INFO, logger="uvicorn.access"):
        for path in ("/b/hush", "/invitation/hush", "/calendrier/hush.ics", "/x?id=hush&lat=50"):
            log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", path, "1.1", 200)
    assert len(caplog.messages) == 4
    assert "hush" not in caplog.text
    assert '"GET /x?id=…&lat=50 HTTP/1.1" 200' in caplog.text
