"""The built screens: one shell for every address, its files for good, nothing of the disk besides."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.endpoints import web_app
from api.services.actor import Role
from tests.service_fixtures import ClientAs

pytestmark = pytest.mark.skipif(
    not web_app.built(), reason="the screens are not built: make test builds them"
)
REPO = Path(__file__).parents[2]


@pytest.fixture
def nobody(client_as: ClientAs) -> TestClient:
    return client_as(Role.PUBLIC)


@pytest.mark.parametrize("path", ["/bureau", "/bureau/semaine/2026-W49", "/tournee", "/tournee/arret/3"])
def test_every_address_of_the_screens_answers_the_shell(path: str, nobody: TestClient) -> None:
    answer = nobody.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    nonces = re.findall(r"<script nonce=\"([^\"]+)\">", answer.text)
    assert nonces
    assert all(f"'nonce-{nonce}'" in policy for nonce in nonces)
    assert "<script>" not in answer.text
    assert "unsafe" not in policy


def test_files_are_kept_for_good_and_packed(nobody: TestClient) -> None:
    named = re.findall(r"/_app/immutable/entry/start[^\"]+\.js", nobody.get("/bureau").text)[0]
    answer = nobody.get(named, headers={"accept-encoding": "br, gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    plain = nobody.get(named, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "path",
    ["/_app/../web_app.py", "/_app/%2e%2e/%2e%2e/app.py", "/_app/nothing.js", "/_app/", "/_app/immutable"],
)
def test_nothing_else_of_the_disk_is_sent(path: str, nobody: TestClient) -> None:
    assert nobody.get(path).status_code == 404


def test_the_door_leads_to_the_desk(nobody: TestClient) -> None:
    assert nobody.get("/", follow_redirects=False).headers["location"] == "/bureau"


def test_one_set_of_tokens() -> None:
    """What the pages without JavaScript and the screens both name has the same value in light and in dark."""
    pages = (REPO / "api/pages/tokens.css.j2").read_text().splitlines()
    screens = (REPO / "web/src/styles/tokens.css").read_text().split("@media")
    for ours, theirs in zip(pages, screens, strict=False):
        told = dict(re.findall(r"--([a-z-]+): ([^;]+);", theirs))
        for name, value in re.findall(r"--([a-z-]+): ([^;]+);", ours):
            assert told[name].lower() == value.lower(), name
