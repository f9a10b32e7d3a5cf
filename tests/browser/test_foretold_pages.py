"""Delays, reliability, links of notices in a real browser: light, dark, small, enlarged, printed, by axe."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pypdfium2 as pdfium
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from api.db import Database
from api.schema import upgrade
from api.service import Service
from api.services import links, notices
from api.services.actor import SYSTEM
from api.services.plans.store import save_plan
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from models.plan import Plan
from models.tables.people import LinkKind
from models.tables.predictions import NoticeChannel
from tests.foretold import tell_a_past
from tests.recorded_jobs import RecordedJobs
from tests.serving import taken_at_their_word

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")
_AS_STAFF = {"x-test-actor": "coordinator"}


class Pages:
    """The addresses of a running service's pages."""

    def __init__(self, base: str, plan: UUID, period: str, tokens: list[str], home: str) -> None:
        asked, confirmed = tokens
        self.base = base
        self.delays = f"/delais?plan={plan}"
        self.reliability = f"/fiabilite?{period}"
        self.all = (
            self.delays,
            self.reliability,
            "/fiabilite?du=2020-01-01&au=2020-01-02",
            f"/avis/{asked}",
            f"/avis/{confirmed}",
            "/avis/rien",
            "/quand",
            f"{home}/avis",
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, planned: Plan) -> Iterator[Pages]:
    folder = tmp_path_factory.mktemp("service")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(16)
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        # Nothing is ever sent: jobs are noted, not carried out.
        settings = Settings(data=folder, public_url=base, jobs=False, smtp_host="127.0.0.1", smtp_port=9)
        service = Service(settings=settings, database=Database(settings.database_url), jobs=RecordedJobs())
        upgrade(service.database)
        app = create_app(settings, service)
        app.state.identify = taken_at_their_word
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        filled = _filled(service, base, planned)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield filled
        server.should_exit = True
        thread.join(timeout=5)
        service.close()


def _filled(service: Service, base: str, planned: Plan) -> Pages:
    with service.database.write() as session:
        fill_from_folder(session, default_folder())
    with service.database.write() as session:
        first, last = tell_a_past(session)
        plan = save_plan(session, planned, actor=SYSTEM)
        wishes = [
            notices.wish(session, service, "cassel", NoticeChannel.MAIL, f"{name}@exemple.fr")
            for name in ("accueil", "mairie")
        ]
        tokens = [notices.token_of(service, one.id) for one in wishes]
        notices.confirm(session, service, tokens[1])
        link = links.create(session, LinkKind.LIBRARY, "cassel", "", "un essai")
        home = links.path_of(service.keyring, link)
        return Pages(base, plan.id, f"du={first}&au={last}", tokens, home)


def _context(browser: Browser, width: int = 1366, scale: float = 1, scheme: str = "light") -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": 768},
        device_scale_factor=scale,
        locale="fr-FR",
        color_scheme="dark" if scheme == "dark" else "light",
        extra_http_headers=_AS_STAFF,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nobody_else_is_asked(browser: Browser, pages: Pages, scheme: str) -> None:
    context = _context(browser, scheme=scheme)
    page = context.new_page()
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda one: asked.add(one.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in pages.all:
        # One line of the table of pairs: axe looks at each of its two thousand cells for many seconds.
        page.goto(pages.base + path.replace(pages.delays, f"{pages.delays}&de=cassel"))
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
    assert {one for one in asked if not one.startswith((pages.base, "data:"))} == set()
    assert complaints == []
    context.close()


def test_they_fit_a_small_screen_and_large_letters(browser: Browser, pages: Pages) -> None:
    # 1280 pixels at 200 % are 640.
    for width, scale in ((320, 1), (640, 2)):
        context = _context(browser, width, scale)
        page = context.new_page()
        for path in pages.all:
            page.goto(pages.base + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            for touched in page.locator("form button:visible, input:visible, select:visible").all():
                box = touched.bounding_box()
                assert box is not None
                assert box["height"] >= 44, path
        context.close()


def test_delays_and_reliability_are_printed_whole(browser: Browser, pages: Pages) -> None:
    context = _context(browser)
    page = context.new_page()
    delays = _printed(page, pages.base + pages.delays)
    # The table of all pairs comes last and stands whole on one sheet, lying.
    assert len(delays) <= 4
    width, height = delays[len(delays) - 1].get_size()
    assert width > height
    last = delays[len(delays) - 1].get_textpage().get_text_bounded()
    assert all(village in last for village in ("Arnèke", "Zuytpeene"))
    assert "Montrer" not in " ".join(one.get_textpage().get_text_bounded() for one in delays)
    reliability = _printed(page, pages.base + pages.reliability)
    assert len(reliability) == 1
    text = " ".join(one.get_textpage().get_text_bounded() for one in reliability)
    assert "Promesses" in text
    assert "Afficher" not in text
    context.close()


def _printed(page: Page, url: str) -> pdfium.PdfDocument:
    page.goto(url)
    return pdfium.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=False))
