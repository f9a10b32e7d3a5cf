"""The pages of accounts in a real browser: nothing that their policy forbids, nothing too small to touch."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.app import create_app
from api.db import Database
from api.endpoints.web_app import built
from api.middleware.install import protect
from api.schema import upgrade
from api.service import Service
from api.services.first_start import first_link
from api.services.folder import Territory
from api.services.outputs import write_week
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from models.plan import Plan

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
PASSWORD = "quatre mots sans rapport"


@dataclass
class Desk:
    """A browser at a running service, everything it complained of, and the state it has come to."""

    base: str
    first: str
    context: BrowserContext
    page: Page
    secret: str = ""
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@contextmanager
def _served(app: FastAPI, door: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield
    server.should_exit = True
    thread.join(timeout=5)


@contextmanager
def _door() -> Iterator[tuple[socket.socket, str]]:
    """A free port, and its address."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(16)
        yield door, f"http://127.0.0.1:{door.getsockname()[1]}"


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service that nobody has an account of yet, and a browser of one who has its first link."""
    home = tmp_path_factory.mktemp("service")
    with _door() as (door, base):
        settings = Settings(data=home, out=home / "out", public_url=base, jobs=False)
        service = Service(settings=settings, database=Database(settings.database_url))
        upgrade(service.database)
        with service.database.write() as session:
            fill_from_folder(session, default_folder())
        first = first_link(service)
        assert first is not None
        context = browser.new_context(viewport=DESK, locale="fr-FR")  # type: ignore[arg-type]
        found = Desk(base, first, context, context.new_page())
        _listen(found.page, found.complaints)
        with _served(create_app(settings, service), door):
            yield found
        context.close()
        service.close()


def _listen(page: Page, complaints: list[str]) -> None:
    page.on("console", lambda told: complaints.append(f"{told.type} {told.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))


def _violations(desk: Desk) -> list[str]:
    return [one for one in desk.complaints if "Content Security Policy" in one or "Refused" in one]


def test_the_first_account_is_made_its_second_factor_set_up_and_used(desk: Desk) -> None:
    """One after the other, as somebody does on the first day."""
    page = desk.page
    page.goto(desk.first)
    page.fill("#name", "Camille Durand")
    page.fill("#login", "camille")
    page.fill("#password", PASSWORD)
    page.click("text=Créer le compte")
    assert page.url == desk.base + ("/bureau" if built() else "/semaines")
    desk.go("/mon-compte")
    page.fill("form[action$=second-facteur] >> #password", PASSWORD)
    page.click("text=Mettre un code en place")
    desk.secret = page.inner_text(".secret").replace(" ", "")
    clock = pyotp.TOTP(desk.secret)
    page.fill("#code", clock.now())
    page.click("text=Confirmer")
    assert page.url.endswith("/mon-compte?fait=code")
    page.click("header >> text=Se déconnecter")
    assert "Vous êtes déconnecté" in page.inner_text("main")
    desk.go("/mon-compte")
    assert "/connexion?suite=/mon-compte" in page.url
    page.fill("#login", "camille")
    page.fill("#password", PASSWORD)
    page.click("main >> text=Se connecter >> nth=-1")
    page.fill("#code", clock.at(int(time.time()) + 30))  # the one that has served is not taken again
    page.click("text=Entrer")
    assert page.url == desk.base + "/mon-compte"
    assert _violations(desk) == []


@pytest.mark.parametrize("path", ["/semaines", "/docs", "/mon-compte", "/deconnexion", "/tournees/x"])
def test_no_page_does_what_its_policy_forbids(path: str, desk: Desk) -> None:
    desk.complaints.clear()
    page = desk.go(path)
    assert page.inner_text("body").strip()
    if path == "/docs":
        page.wait_for_selector(".opblock")
    assert _violations(desk) == []
    assert desk.complaints == [one for one in desk.complaints if "404" in one or one.startswith("verbose")]


@pytest.mark.parametrize("path", ["/connexion", "/mon-compte", "/deconnexion"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_fit_and_can_be_touched(path: str, size: dict[str, int], desk: Desk, browser: Browser) -> None:
    state = desk.context.storage_state() if path != "/connexion" else None
    context = browser.new_context(viewport=size, storage_state=state)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(desk.base + path)
    assert page.url == desk.base + path
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for touched in page.locator("button:visible, input:visible, nav a:visible").all():
        box = touched.bounding_box()
        assert box is not None
        assert box["height"] >= 44, touched.inner_text()
    context.close()


def test_the_login_page_is_used_by_the_keyboard_alone(desk: Desk, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.base + "/connexion")
    expect(page.locator("#login")).to_be_focused()
    page.keyboard.type("camille")
    page.keyboard.press("Tab")
    page.keyboard.type("a wrong password")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#login") == "camille"
    context.close()


def test_a_map_is_drawn_alone_in_its_sandbox(
    browser: Browser, planned: Plan, territory: Territory, tmp_path: Path
) -> None:
    folder = write_week(planned, territory, tmp_path, public_url="http://navette.test")
    app = FastAPI()
    protect(app, Settings(data=tmp_path))
    app.add_api_route("/carte", lambda: FileResponse(folder / "carte.html", media_type="text/html"))
    complaints: list[str] = []
    with _door() as (door, base), _served(app, door):
        page = browser.new_page()
        _listen(page, complaints)
        page.goto(base + "/carte")
        page.wait_for_load_state("networkidle")
        assert page.locator("#carte path").count() > 10
        assert page.evaluate("origin") == "null"
        page.close()
    assert complaints == []
