"""The pages of accounts, as a browser without scripts uses them."""

import re

import pyotp
import pytest
from fastapi.testclient import TestClient

from models.tables.people import AccountRecord, AccountRole
from tests.credentials import PASSWORD, Credentials

HTML = {"accept": "text/html,application/xhtml+xml"}


def _page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.headers
    return answer.text


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


@pytest.fixture
def browser(real: Credentials) -> TestClient:
    """A browser without scripts: it sends no header of its own."""
    client = real.coordinator()
    del client.headers["x-csrf-token"]
    return client


def test_people_are_led_to_sign_in_and_back(real: Credentials) -> None:
    real.account("camille", AccountRole.COORDINATOR)
    client = real.nobody()
    led = client.get("/mon-compte?fait=code", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, "/connexion?suite=/mon-compte%3Ffait%3Dcode")
    page = _page(client, led.headers["location"])
    form = {"login": "camille", "password": PASSWORD, "suite": _hidden(page, "suite")}
    back = client.post("/connexion", data=form)
    assert (back.status_code, back.headers["location"]) == (303, "/mon-compte?fait=code")
    assert "Camille Dupont" in _page(client, "/mon-compte")
    assert client.get("/connexion?suite=/carte", headers=HTML).headers["location"] == "/carte"


def test_programs_get_a_problem_instead(real: Credentials) -> None:
    for path, headers in (("/mon-compte", {"accept": "*/*"}), ("/api/v1/me", HTML)):
        answer = real.nobody().get(path, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_nobody_is_led_elsewhere(real: Credentials) -> None:
    real.account("camille", AccountRole.COORDINATOR)
    for suite in ("https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"):
        client = real.nobody()
        page = client.get("/connexion", params={"suite": suite}, headers=HTML).text
        assert _hidden(page, "suite") == "/"
        form = {"login": "camille", "password": PASSWORD, "suite": suite}
        assert client.post("/connexion", data=form).headers["location"] == "/"


def test_a_wrong_password_is_told_on_the_page_and_the_login_kept(real: Credentials) -> None:
    answer = real.nobody().post("/connexion", data={"login": '"><b>x', "password": "wrong"}, headers=HTML)
    assert answer.status_code == 401
    assert "incorrect" in answer.text
    assert 'value="&#34;&gt;&lt;b&gt;x"' in answer.text  # escaped
    assert "<b>x" not in answer.text


def test_what_people_are_called_is_escaped(real: Credentials, browser: TestClient) -> None:
    account = real.account("camille", AccountRole.COORDINATOR)
    with real.service.database.write() as session:
        session.get_one(AccountRecord, account.id).name = "<script>alert(1)</script>"
    page = _page(browser, "/mon-compte")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_second_factor_is_set_up_used_and_stopped(real: Credentials, browser: TestClient) -> None:
    csrf = _hidden(_page(browser, "/mon-compte"), "csrf")
    wrong = browser.post("/mon-compte/second-facteur", data={"csrf": csrf, "password": "wrong"})
    assert (wrong.status_code, "mot de passe actuel" in wrong.text) == (403, True)
    offered = browser.post("/mon-compte/second-facteur", data={"csrf": csrf, "password": PASSWORD})
    assert "<svg" in offered.text
    secret = re.search(r'class="secret">([^<]+)<', offered.text)
    assert secret
    clock = pyotp.TOTP(secret[1].replace(" ", ""))
    form = {"csrf": csrf, "pending": _hidden(offered.text, "pending"), "code": "12345"}
    again = browser.post("/mon-compte/second-facteur/confirmer", data=form)
    assert (again.status_code, secret[1] in again.text) == (422, True)  # the same key, to try again
    done = browser.post("/mon-compte/second-facteur/confirmer", data=form | {"code": clock.now()})
    assert done.headers["location"] == "/mon-compte?fait=code"
    with real.service.database.write() as session:
        account = session.get_one(AccountRecord, real.account("camille", AccountRole.COORDINATOR).id)
        account.totp_last = 0

    other = real.nobody()
    asked = other.post("/connexion", data={"login": "camille", "password": PASSWORD, "suite": "/carte"})
    assert "six chiffres" in asked.text
    form = {"pending": _hidden(asked.text, "pending"), "code": "000", "suite": _hidden(asked.text, "suite")}
    refused = other.post("/connexion/code", data=form)
    assert (refused.status_code, "pas le bon" in refused.text) == (401, True)
    late = other.post("/connexion/code", data=form | {"pending": "forged"})
    assert (late.status_code, "cinq minutes" in late.text) == (401, True)
    given = other.post("/connexion/code", data=form | {"code": clock.now()})
    assert (given.status_code, given.headers["location"]) == (303, "/carte")

    stopped = browser.post("/mon-compte/second-facteur/arreter", data={"csrf": csrf, "password": PASSWORD})
    assert stopped.headers["location"] == "/mon-compte?fait=sans-code"


def test_the_password_is_changed(real: Credentials, browser: TestClient) -> None:
    csrf = _hidden(_page(browser, "/mon-compte"), "csrf")
    form = {"csrf": csrf, "current": PASSWORD, "new": "court"}
    short = browser.post("/mon-compte/mot-de-passe", data=form)
    assert (short.status_code, "au moins 12" in short.text) == (422, True)
    new = "cinq mots sans aucun rapport"
    done = browser.post("/mon-compte/mot-de-passe", data=form | {"new": new})
    assert done.headers["location"] == "/mon-compte?fait=mot-de-passe"
    assert "est changé" in _page(browser, done.headers["location"])


def test_a_session_is_ended_from_the_page(real: Credentials, browser: TestClient) -> None:
    other = real.coordinator()
    page = _page(browser, "/mon-compte")
    csrf, rows = _hidden(page, "csrf"), re.findall(r"<li>.*?</li>", page, re.DOTALL)
    others = [row for row in rows if "celle-ci" not in row]
    assert (len(rows), len(others)) == (3, 2)  # this one, the other, and the one that came with the account
    for row in others:
        path = re.search(r'action="([^"]+)"', row)
        assert path
        assert browser.post(path[1], data={"csrf": csrf}).headers["location"] == "/mon-compte?fait=session"
    assert other.get("/api/v1/me").status_code == 401


def test_forms_of_others_change_nothing(real: Credentials, browser: TestClient) -> None:
    stranger = real.official()
    foreign = stranger.headers["x-csrf-token"]
    for csrf in ("", "x", foreign):
        for path in ("/deconnexion", "/mon-compte/mot-de-passe", "/mon-compte/second-facteur"):
            answer = browser.post(path, data={"csrf": csrf, "password": PASSWORD}, headers=HTML)
            assert (answer.status_code, "rechargez la page" in answer.text) == (403, True)
    own = _hidden(_page(browser, "/mon-compte"), "csrf")
    elsewhere = browser.post("/deconnexion", data={"csrf": own}, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    assert browser.get("/api/v1/me").status_code == 200


def test_people_sign_out(browser: TestClient) -> None:
    page = _page(browser, "/deconnexion")
    out = browser.post("/deconnexion", data={"csrf": _hidden(page, "csrf")})
    assert out.headers["location"] == "/connexion?fini=1"
    assert "Vous êtes déconnecté" in _page(browser, out.headers["location"])
    assert browser.get("/deconnexion", headers=HTML).headers["location"] == "/connexion"


def test_what_went_wrong_is_told_on_a_page(real: Credentials) -> None:
    answer = real.coordinator().get("/tournees/nulle", headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "nulle" in answer.text
    gone = real.nobody().get("/invitation/0000", headers=HTML)
    assert (gone.status_code, "Demandez-en un nouveau" in gone.text) == (404, True)
    missing = real.nobody().get("/nowhere", headers=HTML)
    assert (missing.status_code, "n’existe pas" in missing.text) == (404, True)


@pytest.mark.parametrize(
    "path", ["/semaines", "/carte", "/feuilles", "/semaines/2026-W49/plan.json", "/tournees/x"]
)
def test_pages_of_rounds_are_for_those_who_have_signed_in(path: str, real: Credentials) -> None:
    assert real.nobody().get(path, headers=HTML).headers["location"].startswith("/connexion?suite=/")
    assert real.device().get(path).status_code == 403
    assert real.library().get(path).status_code == 403
    assert real.official().get(path).status_code in {200, 404}
