"""The driver's phone in a browser, 360 × 740, touched: whole rounds without network, cuts, kills, faults.

The service is a real one with a real enrolment. What the server ends with is read from its own database.
"""

import gzip
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from sqlmodel import select

from api.app import create_app
from api.db import Database
from api.endpoints.web_app import built
from api.schema import upgrade
from api.service import Service
from api.services import devices
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from models.service_day import IsoWeek, today
from models.tables.scans import PhotoRecord, ScanRecord
from tests.road import publish

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.skipif(not built(), reason="the screens are not built"),
]
NAMES = ("seul", "pannes", "deux", "regards")  # a round for each test: facts are never taken away
DONE = "C’est fait"
PER_STOP = ("arrived", "delivered", "picked_up", "left")


def code_of(name: str) -> str:
    return f"{IsoWeek.of(today())}-{name}-V1"


@dataclass
class Home:
    base: str
    service: Service

    def code(self) -> str:
        """A fresh code for a phone of C1."""
        with self.service.database.write() as session:
            return devices.start_enrolment(session, self.service.keyring, "C1", "un essai").code

    def told(self, name: str) -> Counter[tuple[str, str]]:
        """How often each kind was told of each place of a round."""
        with self.service.database.read() as session:
            found = session.exec(
                select(ScanRecord.kind, ScanRecord.visit).where(ScanRecord.round == code_of(name))
            )
            return Counter((str(kind), visit.rpartition("/")[2]) for kind, visit in found)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A running service; each test asks for a round of its own."""
    folder = tmp_path_factory.mktemp("service")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(16)
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        settings = Settings(data=folder, out=folder / "out", public_url=base, jobs=False)
        service = Service(settings=settings, database=Database(settings.database_url))
        upgrade(service.database)
        with service.database.write() as session:
            fill_from_folder(session, default_folder())
            for name in NAMES:
                publish(session, code=code_of(name), day=today()).label = f"Tournée {name}"
        server = uvicorn.Server(uvicorn.Config(create_app(settings, service), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Home(base, service)
        server.should_exit = server.force_exit = True
        thread.join(timeout=5)
        service.close()


def phone(browser: Browser) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        reduced_motion="reduce",
        is_mobile=True,
        locale="fr-FR",
        timezone_id="Europe/Paris",
    )


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = phone(browser)
    yield made
    made.close()


def opened(context: BrowserContext, home: Home, name: str) -> Page:
    """A phone that has just been enrolled by its code, with a round open; its worker holds the shell."""
    page = context.new_page()
    page.goto(f"{home.base}/tournee#{home.code()}")
    page.get_by_role("button", name=f"Tournée {name}").tap()
    expect(page.get_by_role("button", name="Démarrer")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def waits(page: Page, count: int) -> None:
    words = f"En attente ({count})" if count else "Envoyé"
    expect(page.locator(".badge")).to_contain_text(words)


def done(page: Page, name: str) -> None:
    """One tap on « C'est fait » of the stop shown."""
    expect(page.get_by_label(re.compile(f"Arrêt {name} sur"))).to_be_visible()
    page.get_by_role("button", name=DONE, exact=True).tap()


def whole(
    *, stops: tuple[str, ...] = ("cassel", "arneke", "bavinchove", "cassel~2")
) -> Counter[tuple[str, str]]:
    """What a round tells when each stop is done by one tap: four facts a stop, one at each end."""
    ends = [("left", "depot"), ("arrived", "depot")]
    return Counter([(kind, stop) for stop in stops for kind in PER_STOP] + ends)


def arrives(home: Home, name: str, wanted: Counter[tuple[str, str]]) -> None:
    """The server ends with exactly these facts, each once."""
    for _ in range(100):
        if home.told(name) == wanted:
            return
        time.sleep(0.1)
    assert home.told(name) == wanted


def test_a_whole_round_without_network(context: BrowserContext, home: Home, tmp_path: Path) -> None:
    page = opened(context, home, "seul")
    context.set_offline(True)
    page.get_by_role("button", name="Démarrer").tap()
    done(page, "1")
    waits(page, 5)  # the start, and four of the stop
    begun = time.perf_counter()
    page.reload()  # from the phone's own memory
    expect(page.get_by_role("button", name=DONE, exact=True)).to_be_visible()
    assert time.perf_counter() - begun < 4  # 0.44 s where nothing else runs; test machines are shared
    done(page, "2")
    page.close(run_before_unload=False)  # killed
    page = context.new_page()
    page.goto(f"{home.base}/tournee?bac=haz-0123")  # the label of a crate, opened on this phone
    expect(page.get_by_role("dialog")).to_contain_text("Le bac HAZ-0123 n’est attendu à aucun arrêt")
    page.get_by_role("button", name="Fermer", exact=True).tap()
    waits(page, 9)
    done(page, "3")
    page.get_by_role("button", name="Annuler", exact=True).tap()  # never left: no trace of it
    waits(page, 9)
    done(page, "3")
    done(page, "4")
    page.get_by_role("button", name="Terminer", exact=True).tap()
    waits(page, 18)  # 1 + 4 × 4 + 1
    photographed(page, tmp_path)
    waits(page, 21)  # and the problem, its incident, its photo
    assert not home.told("seul")
    context.set_offline(False)
    waits(page, 0)
    arrives(home, "seul", whole() + Counter([("problem", "depot")]))
    with home.service.database.read() as session:
        assert session.exec(select(PhotoRecord.width, PhotoRecord.height)).one() == (1600, 800)


def photographed(page: Page, folder: Path) -> None:
    """A problem with a photo of 3200 × 1600, which the phone makes half as large."""
    Image.new("RGB", (3200, 1600), "grey").save(folder / "photo.png")
    page.get_by_role("button", name="Un problème sur la tournée").tap()
    page.get_by_role("button", name="Portail fermé").tap()
    page.set_input_files("input[type=file]", folder / "photo.png")
    expect(page.get_by_text("Photo prête")).to_be_visible()
    page.get_by_role("button", name="Signaler").tap()


def test_a_service_that_fails_in_between(context: BrowserContext, home: Home) -> None:
    page = opened(context, home, "pannes")
    turns = iter(["500", "lost", "cut", "portal"])

    def fail(route: Route) -> None:
        turn = next(turns, "fine")
        if turn == "500":
            route.fulfill(status=500, body="")
        elif turn == "lost":
            route.fetch()  # stored, and the answer lost
            route.abort()
        elif turn == "cut":
            route.abort()
        elif turn == "portal":
            route.fulfill(status=200, content_type="text/html", body="<p>Bienvenue</p>")
        else:
            route.continue_()

    page.route("**/api/v1/scans", fail)
    page.get_by_role("button", name="Démarrer").tap()
    for number in "1234":
        done(page, number)
        page.locator(".badge").tap()  # send now
    page.get_by_role("button", name="Terminer", exact=True).tap()
    for _ in range(4):
        page.locator(".badge").tap()
        page.wait_for_timeout(100)
    waits(page, 0)
    arrives(home, "pannes", whole())


def test_two_phones_on_one_round(browser: Browser, context: BrowserContext, home: Home) -> None:
    first = opened(context, home, "deux")
    first.get_by_role("button", name="Démarrer").tap()
    done(first, "1")
    waits(first, 0)
    other = phone(browser)
    second = opened_running(other, home, "deux")  # knows of the first stop from the service
    done(second, "2")
    waits(second, 0)
    first.reload()
    done(first, "3")
    done(first, "4")
    waits(first, 0)
    other.close()
    arrives(home, "deux", whole() - Counter([("arrived", "depot")]))


def opened_running(context: BrowserContext, home: Home, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{home.base}/tournee#{home.code()}")
    page.get_by_role("button", name=f"Tournée {name}").tap()
    return page


def without_fault(page: Page) -> None:
    """Axe finds nothing, by day and by night."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_and_the_first_load_is_light(context: BrowserContext, home: Home) -> None:
    page = context.new_page()
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(request.url))
    page.goto(f"{home.base}/tournee")
    expect(page.get_by_role("heading", name="Ce téléphone et la navette")).to_be_visible()
    without_fault(page)
    scripts = [page.request.get(url).body() for url in sorted(asked) if url.endswith(".js")]
    assert 10_000 < sum(len(gzip.compress(script)) for script in scripts) < 100_000
    page.close()
    page = opened(context, home, "regards")
    without_fault(page)
    page.get_by_role("button", name="Démarrer").tap()
    page.get_by_role("button", name="Voir le croquis").tap()
    without_fault(page)
    small = page.evaluate(
        "[...document.querySelectorAll('button, a')].filter(e => e.offsetHeight && e.offsetHeight < 48)"
        ".map(e => e.textContent)"
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert {url for url in asked if not url.startswith((home.base, "data:", "blob:"))} == set()
