"""No secret in logs, wherever it stands in a line."""

import logging

import pytest

from api.middleware.redact import Redacting, redact_event, redacted
from api.security.keyring import Keyring
from api.security.same_site import local_path
from api.security.tokens import DEVICE, link_named, link_opens, link_token, new_api_key, new_code, new_token
from models.tables.base import Record

KEYS = Keyring(b"a secret that is long enough to be one")
LINK = Record().id
SECRETS = [new_token(DEVICE), new_api_key().whole, new_token(), link_token(KEYS, LINK, 1), new_code(32)]


@pytest.mark.parametrize(
    "line",
    [
        "GET /b/{} HTTP/1.1",
        "GET /calendrier/{}.ics HTTP/1.1",
        "POST /invitation/{} 200",
        "http://navette.test/premier-compte/{}?x=1",
        "GET /api/positions?lat=1&deviceid={}&lon=2",
        "authorization: Bearer {}",
        "{{'authorization': 'bearer {}'}}",
        "cookie: a=b; __Host-navette={}; c=d",
        "cookie: navette={}",
    ],
)
@pytest.mark.parametrize("secret", SECRETS, ids=["phone", "key", "invitation", "link", "code"])
def test_a_secret_is_told_as_dots(line: str, secret: str) -> None:
    told = redacted(line.format(secret))
    assert secret[8:] not in told
    assert "…" in told


def test_tokens_with_a_prefix_are_found_anywhere() -> None:
    for secret in SECRETS[:2]:
        assert redacted(f"the phone sent <{secret}> again") == f"the phone sent <{secret[:4]}…> again"


def test_what_is_no_secret_stays() -> None:
    for line in (
        "GET /api/v1/sites/cassel",
        "GET /tournees/2026-W49-mar-matin-V1",
        "/api/v1/links?kind=library",
    ):
        assert redacted(line) == line


def test_a_record_keeps_its_shape() -> None:
    secret = SECRETS[0]
    record = logging.LogRecord(
        "uvicorn.access", 20, "", 1, '%s - "%s" %d', ("1.2.3.4", f"/b/{secret}", 200), None
    )
    assert Redacting().filter(record)
    assert record.getMessage() == '1.2.3.4 - "/b/…" 200'
    assert redact_event(None, "info", {"path": f"/b/{secret}", "status": 200}) == {
        "path": "/b/…",
        "status": 200,
    }


def test_a_links_token_names_its_link_and_proves_its_generation() -> None:
    token = link_token(KEYS, LINK, 1)
    assert len(token) == 46
    assert link_named(token) == link_named(token.upper()) == LINK
    assert link_opens(KEYS, token, LINK, 1)
    assert not link_opens(KEYS, token, LINK, 2)
    assert not link_opens(Keyring(b"another secret of sufficient length"), token, LINK, 1)
    assert link_named(token[:-1]) is None
    assert link_named("u" * 46) is None


@pytest.mark.parametrize("path", ["/", "/carte", "/semaines/2026-W49/carte.html?x=1#y", "/a//b"])
def test_one_goes_on_to_paths_of_ours(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "carte",
        "/connexion?suite=/connexion",
        "/deconnexion",
        "/" + "a" * 600,
    ],
)
def test_and_nowhere_else(path: str) -> None:
    assert local_path(path) == "/"
