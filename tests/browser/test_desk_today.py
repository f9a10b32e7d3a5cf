"""The desk follows a day: facts come in while it is open, a closure is accepted, a message answered."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.app import create_app
from api.db import Database
from api.endpoints import web_app
from api.schema import upgrade
from api.service import Service
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from tests.recorded_jobs import RecordedJobs
from tests.road import ARNEKE, CASSEL, ROUND, clock, fact, publish
from tests.serving import taken_at_their_word

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.skipif(not web_app.built(), reason="the screens are not built: make test builds them"),
]
TUESDAY = "/bureau?jour=2026-12-01"
SCREENS = (
    TUESDAY,
    "/bureau/messages",
    "/bureau/messages?vue=incidents",
    "/bureau/calendrier",
    f"/bureau/tournee/{ROUND}",
)
_TOLD_MS = 10_000  # the service looks once a second; machines that test are busy


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service whose clock runs from 9:33 on the Tuesday of the round."""
    patch = pytest.MonkeyPatch()
    began = time.monotonic()

    def now() -> datetime:
        return (clock("9:33") + timedelta(seconds=time.monotonic() - began)).astimezone(UTC)

    for module in ("scans", "progress", "positions"):
        patch.setattr(f"api.endpoints.{module}.now", now)
    patch.setattr("api.services.road.custody.now", now)
    yield from _running(tmp_path_factory.mktemp("day"), published=True)
    patch.undo()


@pytest.fixture(scope="module")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service where nothing has been published yet."""
    yield from _running(tmp_path_factory.mktemp("new"), published=False)


def _running(folder: Path, *, published: bool) -> Iterator[str]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(16)
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        settings = Settings(data=folder, out=folder / "out", public_url=base, jobs=False)
        service = Service(settings=settings, database=Database(settings.database_url), jobs=RecordedJobs())
        upgrade(service.database)
        with service.database.write() as session:
            fill_from_folder(session, default_folder())
        if published:
            with service.database.write() as session:
                publish(session)
        app = create_app(settings, service)
        app.state.identify = taken_at_their_word
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield base
        server.should_exit = server.force_exit = True
        thread.join(timeout=5)
        service.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768},
        locale="fr-FR",
        extra_http_headers={"x-test-actor": "coordinator"},
    )
    yield context.new_page()
    context.close()


def said_by(home: str, who: str, path: str, body: Any) -> None:
    headers = {"x-test-actor": who}
    answer = httpx2.post(f"{home}/api/v1{path}", json=body, headers=headers, timeout=20)
    assert answer.status_code < 300, answer.text


def test_the_day_changes_by_itself_and_fits_the_screen(page: Page, home: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(home + TUESDAY)
    line = page.get_by_role("article", name="Mardi matin")
    expect(line).to_contain_text("Départ prévu à 9 h 00, pas encore pointé")
    page.wait_for_timeout(500)  # the stream of changes is open
    said_by(
        home,
        "driver C1",
        "/scans",
        {
            "scans": [
                fact("left", f"{ROUND}/depot", "9:01"),
                fact("arrived", CASSEL, "9:12"),
                fact("delivered", CASSEL, "9:14", count=3),
                fact("left", CASSEL, "9:16"),
            ]
        },
    )
    expect(line).to_contain_text("En route vers Arnèke", timeout=_TOLD_MS)
    told = "1. Cassel : fait, à 9 h 12, prévu 9 h 10, 3 déposés, 0 pris"
    expect(line.get_by_role("button", name=told)).to_be_visible()
    said_by(home, "driver C1", "/scans", {"scans": [fact("closed", ARNEKE, "9:30")]})
    expect(page.get_by_text("Arnèke était fermé à 9 h 30.")).to_be_visible(timeout=_TOLD_MS)
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
    assert {url.split("/")[2] for url in asked} == {home.removeprefix("http://")}


def test_the_table_says_the_same_and_is_remembered(page: Page, home: str) -> None:
    page.goto(home + TUESDAY)
    page.get_by_role("button", name="Tableau").press("Enter")
    expect(page.get_by_role("rowheader", name="Bavinchove")).to_be_visible()
    page.reload()
    expect(page.get_by_role("rowheader", name="Bavinchove")).to_be_visible()
    page.get_by_role("link", name="Jour suivant").press("Enter")
    expect(page.get_by_text("Aucune tournée ce jour-là")).to_be_visible()


def test_a_closure_is_accepted_once_its_effect_is_read(page: Page, home: str) -> None:
    page.goto(home + TUESDAY)
    expect(page.get_by_role("heading", name="À décider")).to_be_visible()
    asked = {"starts_on": "2026-12-01", "ends_on": "2026-12-02", "reason": "Inventaire"}
    said_by(home, "library bavinchove", "/sites/bavinchove/closures", asked)
    accept = page.get_by_role("button", name="Accepter la fermeture de Bavinchove")
    expect(accept).to_be_enabled(timeout=10_000)  # the first effect reads the roads
    expect(page.get_by_text("1 passage publié tombe ces jours-là")).to_be_visible()
    accept.click()
    expect(accept).to_have_count(0)
    page.goto(home + "/bureau/calendrier")
    page.get_by_role("button", name="Ajouter une fermeture").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    found = httpx2.get(f"{home}/api/v1/closures", headers={"x-test-actor": "coordinator"}).json()["items"]
    assert [(one["site"], one["status"]) for one in found] == [("bavinchove", "accepted")]


def test_a_message_is_answered(page: Page, home: str) -> None:
    ready = {"site": "cassel", "kind": "ready", "facts": {"crates": 3}}
    said_by(home, "library cassel", "/messages", ready)
    page.goto(home + "/bureau/messages?lieu=cassel")
    expect(page.get_by_role("listitem").filter(has_text="Bacs prêts")).to_contain_text("3 bacs à prendre.")
    page.get_by_label("Votre message").fill("Merci, nous passons jeudi.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("listitem").filter(has_text="Merci, nous passons jeudi.").last).to_be_visible()
    expect(page.get_by_label("Votre message")).to_have_value("")
    page.get_by_role("button", name="Marquer comme lu").click()
    expect(page.get_by_text("Conversations (0 non lus)")).to_be_visible()


def test_axe_finds_nothing_in_either_theme(page: Page, home: str, new_home: str) -> None:
    body = {"visit": CASSEL, "text": "Portail fermé.", "occurred_at": clock("9:12").isoformat()}
    said_by(home, "driver C1", "/incidents", {"id": "0193f2a4-6d1e-7c33-9b8a-2f4f6c1d8e70", **body})
    reports = []
    for address in (*(home + one for one in SCREENS), f"{new_home}/bureau"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=15_000)
        expect(page.get_by_text("Un instant…")).to_have_count(0)
        for dark in (False, True):
            page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            found = Axe().run(page)
            if found.violations_count:
                reports.append(f"{address}: {found.generate_report()}")
    assert not reports, "\n".join(reports)


def test_a_new_installation_is_led_by_the_hand(page: Page, new_home: str) -> None:
    page.goto(f"{new_home}/bureau")
    expect(page.get_by_role("heading", name="Bienvenue dans Navette")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="1. Vos bibliothèques")).to_contain_text("fait")
    page.get_by_text("Importer mon réseau").click()
    page.get_by_label("Vos fichiers").set_input_files(default_folder() / "libraries.csv")
    expect(page.get_by_text("Ces fichiers ne changent rien.")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Calculer le premier planning").click()
    expect(page.get_by_text("Le calcul cherche de bonnes tournées")).to_be_visible()
