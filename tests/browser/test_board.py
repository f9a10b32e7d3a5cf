"""The board of a week in a real browser: dragged, moved by keys, locked, taken back, published, by axe."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.db import Database
from api.endpoints import web_app
from api.schema import upgrade
from api.service import Service
from api.services.actor import Actor, Role
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from models.plan import Plan
from tests.published import publish

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.skipif(not web_app.built(), reason="the screens are not built: make test builds them"),
]
GL = ("--enable-unsafe-swiftshader", "--use-angle=swiftshader")


class Desk:
    """A running service with the real week published; `draft` copies it."""

    def __init__(self, base: str, plan: UUID) -> None:
        self.base, self.plan = base, plan
        self.api = httpx2.Client(base_url=f"{base}/api/v1", timeout=30)

    def draft(self) -> str:
        made = self.api.post("/plans", json={"copy_of": str(self.plan), "title": ""})
        return str(made.json()["id"])

    def refs(self, plan: str) -> list[list[str]]:
        """The visits of each round, in the order of the board."""
        rounds = self.api.get(f"/plans/{plan}").json()["rounds"]
        rounds.sort(key=lambda one: (one["day"], one["start_s"], one["code"]))
        return [[visit["ref"] for visit in one["visits"]] for one in rounds]

    def missing(self, plan: str) -> int:
        return int(self.api.get(f"/plans/{plan}").json()["missing"])

    def wait_for(self, plan: str, version: int) -> None:
        for _ in range(100):
            if self.api.get(f"/plans/{plan}").json()["version"] >= version:
                return
            time.sleep(0.05)
        raise TimeoutError(f"version {version} was never stored")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, planned: Plan) -> Iterator[Desk]:
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
        stored = publish(service, planned)
        app = create_app(settings, service)
        camille = Actor(role=Role.COORDINATOR, name="Camille", id=uuid4())
        app.state.identify = lambda request: camille
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        opened = Desk(base, stored.id)
        yield opened
        opened.api.close()
        server.should_exit = server.force_exit = True
        thread.join(timeout=5)
        service.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking", *GL]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    context.set_default_timeout(15_000)
    context.add_init_script("localStorage.setItem('navette.carte', 'non')")
    asked: list[str] = []
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((desk.base, "blob:", "data:"))] == []


def _shown(page: Page, desk: Desk, plan: str) -> None:
    page.goto(f"{desk.base}/bureau/semaine/{plan}")
    page.wait_for_selector("[data-visit]")


def _visit(ref: str) -> str:
    return f'[data-visit="{ref}"]'


def test_a_visit_is_moved_by_keys_timed_locked_and_taken_back(
    page: Page, desk: Desk, record_testsuite_property: Callable[[str, object], None]
) -> None:
    plan = desk.draft()
    before = desk.refs(plan)
    first, second, third = before[0][:3]
    _shown(page, desk, plan)
    page.evaluate(
        "window.slow = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " window.slow = Math.max(window.slow, one.duration) }).observe("
        "{type: 'event', durationThreshold: 16})"
    )
    page.focus(_visit(first))
    page.keyboard.press("Space")
    assert "Entrée pour poser" in page.inner_text("[aria-live=polite]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert desk.refs(plan) == before
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    desk.wait_for(plan, 2)
    page.wait_for_selector("[data-outcome]")
    assert desk.refs(plan)[0][:3] == [second, first, third]
    record_testsuite_property("slowest_interaction_ms", page.evaluate("window.slow"))
    page.keyboard.press("Control+z")
    desk.wait_for(plan, 3)
    assert desk.refs(plan) == before
    page.locator("section[data-round] button[aria-pressed]").first.click()
    desk.wait_for(plan, 4)
    assert desk.api.get(f"/plans/{plan}").json()["rounds"][0]["locked"]
    assert page.evaluate(
        "document.documentElement.scrollHeight <= innerHeight"
    )  # columns scroll, not the page


def test_a_visit_is_dragged_to_another_round_and_out(page: Page, desk: Desk) -> None:
    plan = desk.draft()
    before = desk.refs(plan)
    moved, there, owed = before[0][1], before[1][0], desk.missing(plan)
    _shown(page, desk, plan)
    page.drag_and_drop(_visit(moved), _visit(there), target_position={"x": 40, "y": 4})
    desk.wait_for(plan, 2)
    now = desk.refs(plan)
    assert now[1][0].rpartition("/")[2].partition("~")[0] == moved.rpartition("/")[2].partition("~")[0]
    assert len(now[0]) == len(before[0]) - 1
    page.focus(_visit(now[1][0]))
    page.keyboard.press("Delete")
    desk.wait_for(plan, 3)
    assert desk.missing(plan) == owed + 1
    page.wait_for_selector("[data-owed]")


def test_somebody_else_s_change_is_shown_and_ours_goes_on_top(page: Page, desk: Desk) -> None:
    plan = desk.draft()
    (first, second), owed = desk.refs(plan)[0][:2], desk.missing(plan)
    _shown(page, desk, plan)
    page.route("**/api/v1/live", lambda route: route.abort())
    theirs = {"edits": [{"kind": "lock_visit", "visit": second, "lock": "day"}]}
    desk.api.post(f"/plans/{plan}/edits", json=theirs, headers={"If-Match": '"v1"'})
    page.focus(_visit(first))
    page.keyboard.press("Delete")
    page.click("text=Refaire les miens par-dessus")
    desk.wait_for(plan, 3)
    stored = desk.api.get(f"/plans/{plan}").json()
    assert stored["missing"] == owed + 1
    assert any(one["ref"] == second and one["lock"] == "day" for one in stored["rounds"][0]["visits"])


def test_the_map_draws_and_axe_finds_nothing_in_either_theme(page: Page, desk: Desk) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    _shown(page, desk, str(desk.plan))
    page.click("button >> text=Carte")
    page.wait_for_selector(".map .pin")
    page.mouse.move(400, 400)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(300)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{theme}: {found.generate_report()}"
    page.locator(".map .pin").nth(3).click(force=True)
    assert page.locator("[data-visit][aria-current=true]").count() == 1
    assert complaints == []


def test_what_publishing_changes_is_shown_before_it_is_done(page: Page, desk: Desk) -> None:
    plan = desk.draft()
    ref = desk.refs(plan)[0][0]
    _shown(page, desk, plan)
    page.focus(_visit(ref))
    page.keyboard.press("Delete")
    desk.wait_for(plan, 2)
    page.click("text=Voir les écarts")
    page.wait_for_selector("text=Passages perdus (1)")
    page.click("dialog >> button >> text=/^Publier$/")
    page.wait_for_selector("text=Modifier")  # what is published does not change any more
    assert desk.api.get(f"/plans/{plan}").json()["status"] == "published"
