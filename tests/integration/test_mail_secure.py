"""Mail by a server that wants TLS and a password: nothing is said in plain that should not be."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.services.mail import Mail, NotSent, send
from api.settings import Settings
from tests.integration.smtp_secure import PASSWORD, USER, Secure, secure_office

MAIL = Mail(
    to="accueil@arneke.exemple.fr",
    subject="Navette à Arnèke",
    text="La navette passera à 10 h.",
    name="un-essai",
    at=datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Secure]:
    with secure_office(tmp_path) as found:
        monkeypatch.setenv("SSL_CERT_FILE", str(found.certificate))  # this machine trusts it
        yield found


def settings(office: Secure, **fields: Any) -> Settings:
    known: dict[str, Any] = {
        "smtp_security": "starttls",
        "smtp_user": USER,
        "smtp_password": SecretStr(PASSWORD),
    } | fields
    return Settings(smtp_host="127.0.0.1", smtp_port=office.port, smtp_from="Navette <n@exemple.fr>", **known)


def test_it_goes_by_tls_with_a_password(office: Secure) -> None:
    send(settings(office), MAIL)
    (got,) = office.got
    assert "To: accueil@arneke.exemple.fr" in got
    # Outside of TLS only the greeting, and the wish for TLS.
    assert [line.split(" ")[0].upper() for line in office.plain] == ["EHLO", "STARTTLS"]


def test_it_goes_by_tls_from_the_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with secure_office(tmp_path, at_once=True) as office:
        monkeypatch.setenv("SSL_CERT_FILE", str(office.certificate))
        send(settings(office, smtp_security="tls"), MAIL)
    assert (len(office.got), office.plain) == (1, [])


def test_a_wrong_password_is_tried_again_later(office: Secure) -> None:
    with pytest.raises(NotSent, match="535") as told:
        send(settings(office, smtp_password=SecretStr("un autre")), MAIL)
    assert (told.value.again, told.value.refused, office.got) == (True, False, [])  # somebody may mend it


def test_a_server_that_is_not_who_it_says_hears_neither_password_nor_mail(
    office: Secure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotSent, match="certificat") as told:
        send(settings(office), MAIL)
    assert (told.value.again, office.got) == (True, [])  # certificates are renewed: later it may go
    assert not [line for line in office.plain if line.upper().startswith(("AUTH", "MAIL"))]


def test_without_tls_nothing_goes(office: Secure) -> None:
    office.offers = False
    with pytest.raises(NotSent) as told:
        send(settings(office), MAIL)
    assert (told.value.again, office.got) == (False, [])
    assert not [line for line in office.plain if line.upper().startswith(("AUTH", "MAIL"))]
