"""A library's page in a real browser: with and without scripts, small, enlarged, printed, by axe."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.db import Database
from api.schema import upgrade
from api.security.webpush import Subscription
from api.service import Service
from api.services import links
from api.services.pushing import Push, body_of
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from models.service_day import IsoWeek, today
from models.tables.people import LinkKind
from tests.push_reader import Reader
from tests.road import publish

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")
PAGES = ("", "/fermeture", "/probleme", "/messages", "/agenda", "/avis", "/livre?de=bailleul")


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
    """The address of Cassel's page in a running service; a round is published for the next two weeks."""
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
        with service.database.write() as session:
            week = IsoWeek.of(today()).next()
            for _ in range(2):
                publish(session, code=f"{week}-mar-matin-V1", day=week.days[1].date)
                week = week.next()
            link = links.create(session, LinkKind.LIBRARY, "cassel", "", "un essai")
            path = links.path_of(service.keyring, link)
        server = uvicorn.Server(uvicorn.Config(create_app(settings, service), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield base + path
        server.should_exit = True
        thread.join(timeout=5)
        service.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    yield context.new_page()
    context.close()


def test_the_first_load_is_light_and_breaks_no_rule(page: Page, home: str) -> None:
    sizes: list[int] = []
    complaints: list[str] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(home)
    page.wait_for_load_state("networkidle")
    assert len(sizes) == 3  # the page, its style, its script
    assert sum(sizes) < 60_000
    assert complaints == []


def test_axe_finds_nothing(page: Page, home: str) -> None:
    for path in PAGES:
        page.goto(home + path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_everything_is_done_without_scripts(browser: Browser, home: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(home)
    page.fill("#prets", "4")
    page.click("text=Confirmer >> nth=0")
    assert "4 bacs" in page.inner_text("#fait").replace("\u00a0", " ")
    page.click("text=Annuler l’annonce")
    assert "retirée" in page.inner_text("#fait")
    page.click("text=Signaler un problème")
    page.fill("#texte", "Le bac 12 est fendu")
    page.click("button >> text=Envoyer")
    assert "Le bac 12 est fendu" in page.inner_text("main")
    page.goto(home + "/fermeture")
    page.fill("#du", today().replace(year=today().year + 1).isoformat())
    page.click("text=Voir ce que cela change")
    page.click("text=Envoyer à la coordination")
    assert "pas encore acceptée" in page.inner_text("main")
    context.close()


def test_it_fits_a_small_screen_and_large_letters(browser: Browser, home: str) -> None:
    # 1280 pixels at 200 % are 640.
    for width, scale in ((320, 1), (640, 2)):
        context = browser.new_context(viewport={"width": width, "height": 640}, device_scale_factor=scale)
        page = context.new_page()
        for path in PAGES:
            page.goto(home + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            for touched in page.locator("button:visible, input:visible, select:visible").all():
                box = touched.bounding_box()
                assert box is not None
                assert box["height"] >= 44
        context.close()


def test_it_prints_what_one_reads_and_no_form(page: Page, home: str) -> None:
    page.goto(home)
    printed = pdfium.PdfDocument(page.pdf(format="A4"))
    text = " ".join(one.get_textpage().get_text_bounded() for one in printed)
    assert len(printed) == 1
    assert "Prochain passage" in text
    assert "Les huit prochaines semaines" in text
    assert "Confirmer" not in text


def test_a_page_left_open_looks_again(page: Page, home: str) -> None:
    page.goto(home)
    with page.expect_response(lambda answer: answer.url.endswith("/suivi")) as told:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert told.value.status == 304
    page.evaluate("document.getElementById('vivant').dataset.suite = '/rien'")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("#hors:visible")


def test_a_device_is_told_though_its_page_is_closed(browser: Browser, home: str) -> None:
    """The push service is the only part that is not there: what it gives and what it brings is said by us."""
    reader, base = Reader(), home.rpartition("/b/")[0]
    context = browser.new_context()
    context.grant_permissions(["notifications"], origin=base)
    page = context.new_page()
    page.add_init_script(
        "PushManager.prototype.subscribe = async () => ({ toJSON: () => ({ endpoint: 'https://exemple.fr/1', "
        f"keys: {{ p256dh: '{reader.p256dh}', auth: '{reader.auth}' }} }}) }});"
    )
    page.goto(home)
    page.click("text=Me prévenir sur cet appareil")
    assert "cet appareil sera prévenu" in page.inner_text("#fait").replace("\u202f", " ")
    assert page.evaluate("navigator.serviceWorker.ready.then(one => one.scope)") == f"{base}/b/"
    workers: list[dict[str, str]] = []
    devtools = context.new_cdp_session(page)
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda told: workers.extend(told["registrations"]))
    devtools.send("ServiceWorker.enable")
    while not workers:
        page.wait_for_timeout(20)
    told = Push(
        to=Subscription.of_text("https://exemple.fr/1", reader.p256dh, reader.auth),
        title="Navette à Cassel, mardi 1er décembre : nouvelle heure",
        text="La navette est attendue à Cassel.",
        path=home.removeprefix(base),
        about="2026-W49-mar-matin-V1/cassel",
        until=datetime(2026, 12, 1, 9, tzinfo=UTC),
        urgent=True,
        name="",
    )
    for _ in range(2):  # brought twice, shown once
        bringing = {"origin": base, "registrationId": workers[0]["registrationId"]}
        devtools.send("ServiceWorker.deliverPushMessage", bringing | {"data": body_of(told).decode()})
    page.wait_for_function(
        "navigator.serviceWorker.ready.then(one => one.getNotifications()).then(all => all.length)"
    )
    page.wait_for_timeout(100)
    shown = page.evaluate(
        "navigator.serviceWorker.ready.then(one => one.getNotifications())"
        ".then(all => all.map(one => [one.title, one.body, one.data.page]))"
    )
    assert shown == [[told.title, told.text, told.path]]
    context.close()
