"""Keying in a sheet and printing labels in a real browser: keys alone, cut off, contradicted, by axe."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from api.db import Database
from api.endpoints import web_app
from api.schema import upgrade
from api.service import Service
from api.services.actor import Actor, Role
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from models.service_day import IsoWeek, ServiceDay, today
from tests.pdf_reading import texts
from tests.road import fact, publish

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.skipif(not web_app.built(), reason="the screens are not built: make test builds them"),
]
DAY = today() - timedelta(days=1)
STOPS = (
    "cassel",
    "arneke",
    "bavinchove",
    "bailleul",
    "berthen",
    "boeschepe",
    "borre",
    "caestre",
    "steenvoorde",
    "hondeghem",
    "wallon-cappel",
    "cassel",
)
TYPED_PER_S = 1  # somebody who seldom types


class Desk:
    """A running service; `round(name)` publishes twelve stops of yesterday and gives their code."""

    def __init__(self, base: str, service: Service) -> None:
        self.base, self._service = base, service
        self.api = httpx2.Client(base_url=base)

    def round(self, name: str, day: date = DAY) -> str:
        code = f"{IsoWeek.of(day)}-essai-{name}"
        with self._service.database.write() as session:
            publish(session, code=code, day=day, sites=STOPS)
        return code

    def sheet(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/api/v1/rounds/{code}/sheet").json()
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
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
        app = create_app(settings, service)
        people = {
            "": Actor(role=Role.COORDINATOR, name="Camille", id=uuid4()),
            "driver": Actor(role=Role.DRIVER, name="Dominique", driver="C1", id=uuid4()),
        }
        app.state.identify = lambda request: people[request.headers.get("x-test-actor", "")]
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        opened = Desk(base, service)
        yield opened
        opened.api.close()
        server.should_exit = server.force_exit = True
        thread.join(timeout=5)
        service.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    yield found
    found.close()


def opened(context: BrowserContext, desk: Desk, code: str) -> Page:
    """The screen that the sheet's own code leads to."""
    page = context.new_page()
    page.goto(f"{desk.base}/saisie/{code}")
    page.wait_for_selector(".stop")
    assert page.url == f"{desk.base}/bureau/saisie/{code}"
    return page


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something comes true within five seconds."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def keyed(desk: Desk, code: str) -> list[tuple[str | None, int | None, int | None, int | None]]:
    """Hour, left, taken, empty as the service has them from the paper, visit by visit."""

    def of(square: dict[str, Any], what: str) -> Any:
        return square["keyed"] and square["keyed"][what]

    return [
        (
            of(visit["time"], "time"),
            *(of(visit[name], "crates") for name in ("delivered", "picked_up", "empties")),
        )
        for visit in desk.sheet(code)["visits"]
    ]


def test_twelve_stops_are_keyed_in_with_keys_alone_in_two_minutes(
    context: BrowserContext, desk: Desk
) -> None:
    """What the hand wrote: as planned but for one crate more at the third stop, two empties at the fifth, a
    closed door at the ninth. Each stop: three times Enter, an hour of three or four figures, Enter."""
    code = desk.round("vite")
    page = opened(context, desk, code)
    page.wait_for_function("document.activeElement?.dataset.square === 'delivered'")
    strokes: list[str] = []

    def press(*keys: str) -> None:
        for key in keys:
            strokes.append(key)
            page.keyboard.press(key)

    hours = [f"{9 + (10 + 15 * k) // 60}{(10 + 15 * k) % 60:02}" for k in range(12)]
    for k, hour in enumerate(hours):
        if k == 8:
            press("f", *hour, "Enter")
            continue
        press(*("3" if k == 2 else ""), "Enter", "Enter", *("2" if k == 4 else ""), "Enter", *hour, "Enter")
    assert eventually(lambda: desk.sheet(code)["keyed"] == 12)
    assert len(strokes) / TYPED_PER_S < 120
    shown = [f"{int(hour[:-2])}:{hour[-2:]}" for hour in hours]
    wanted: list[tuple[Any, ...]] = [(hour, 2, 1, None) for hour in shown]
    wanted[2], wanted[4], wanted[8] = (
        (shown[2], 3, 1, None),
        (shown[4], 2, 1, 2),
        (shown[8], None, None, None),
    )
    assert keyed(desk, code) == wanted
    assert desk.sheet(code)["visits"][8]["closed"]["keyed"]["source"] == "paper"
    page.get_by_text("Tout est recopié.").wait_for()
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('saisie'))") == []


def test_nothing_is_lost_when_the_service_is_away_and_the_page_dies(
    context: BrowserContext, desk: Desk
) -> None:
    code = desk.round("coupe")
    page = opened(context, desk, code)
    page.wait_for_function("document.activeElement?.dataset.square === 'delivered'")
    context.set_offline(True)
    for hour in ("912", "927"):
        for key in ("Enter", "Enter", "Enter", *hour, "Enter"):
            page.keyboard.press(key)
    page.keyboard.type("4")  # and half a block more
    page.get_by_text("En attente (2)").wait_for()
    page.get_by_text("tout est gardé ici et partira tout seul").wait_for()
    page.close()
    context.set_offline(False)
    again = opened(context, desk, code)
    assert eventually(lambda: desk.sheet(code)["keyed"] == 2)
    assert keyed(desk, code)[:2] == [("9:12", 2, 1, None), ("9:27", 2, 1, None)]
    assert again.locator("[data-square=delivered]").nth(2).input_value() == "4"
    assert again.evaluate("document.activeElement.value") == "4"  # where the hand had got to


def test_what_the_phone_told_stands_beside_and_one_key_decides(context: BrowserContext, desk: Desk) -> None:
    code = desk.round("deux")
    first = f"{code}/cassel"
    desk.api.headers["x-test-actor"] = "driver"
    at = ServiceDay(DAY).at(9 * 3600 + 720)
    told = fact("delivered", first, count=5) | {"occurred_at": at.isoformat(), "sent_at": at.isoformat()}
    answer = desk.api.post("/api/v1/scans", json={"scans": [told]})
    del desk.api.headers["x-test-actor"]
    assert answer.json()["results"][0]["state"] == "stored"
    page = opened(context, desk, code)
    page.wait_for_function("document.activeElement?.dataset.square === 'delivered'")
    for key in ("Enter", "Enter", "Enter", "9", "1", "0", "Enter"):
        page.keyboard.press(key)
    clash = page.get_by_role("region", name="Déposés : deux réponses")
    clash.wait_for()
    assert (
        "Camille (papier) dit 2, Dominique (téléphone) dit 5. Le dernier dit compte"
        in clash.inner_text().replace("\xa0", " ")
    )
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    page.get_by_role("button", name="Garder 2 pour Déposés").click()
    clash.wait_for(state="detached")
    visit = desk.sheet(code)["visits"][0]
    assert [one["crates"] for one in visit["delivered"]["others"]] == [2]


def test_errors_of_typing_are_told_where_they_are(context: BrowserContext, desk: Desk) -> None:
    code = desk.round("fautes", today() + timedelta(days=1))
    page = opened(context, desk, code)
    page.wait_for_function("document.activeElement?.dataset.square === 'delivered'")
    for key in ("Enter", "Enter", "Enter", "9", "7", "2", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("Une heure s’écrit 1012 ou 10 h 12.").wait_for()
    assert page.evaluate("document.activeElement.dataset.square") == "time"
    page.keyboard.press("Control+A")
    for key in ("9", "1", "2", "Enter"):  # of tomorrow
        page.keyboard.press(key)
    page.get_by_text("n'est pas encore passé").wait_for()
    assert desk.sheet(code)["keyed"] == 0
    page.locator("[data-square=time]").first.focus()
    page.keyboard.press("Escape")  # nothing was written there
    assert page.get_by_text("0 / 12").is_visible()


def test_labels_are_registered_and_printed_from_the_first_free_one(
    context: BrowserContext, desk: Desk, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(f"{desk.base}/bureau/etiquettes")
    page.get_by_label("Du bac").fill("HAZ-0100")
    page.get_by_label("au bac").fill("HAZ-0104")
    page.get_by_label("Ces bacs sont nouveaux").check()
    page.get_by_label("Première étiquette libre").fill("20")
    assert page.get_by_text("5 étiquettes, 2 feuilles.").is_visible()
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Préparer la planche").click()
    download.value.save_as(tmp_path / "planche.pdf")
    pages = texts((tmp_path / "planche.pdf").read_bytes())
    assert [page.count("HAZ-") for page in pages] == [2, 3]
    page.get_by_label("Quelques bacs").check()
    page.get_by_label("Codes des bacs").fill("HAZ-0100 B404")
    page.get_by_role("button", name="Préparer la planche").click()
    page.get_by_text("Ces bacs ne sont pas enregistrés : B404.").wait_for()
