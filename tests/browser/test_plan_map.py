"""The map in a real browser, its network cut: what a coordinator sees, clicks and prints."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as replaced
from itertools import combinations
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from maps.plan_map import plan_map
from models.network.values import Network
from tests.sample_network import sample_network
from tests.sample_plan import sample_communes, sample_plan, sample_shapes

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")
DESK, PHONE = (1366, 768), (360, 740)


@dataclass(frozen=True)
class Visit:
    """A page opened without network, and everything it asked for or complained of."""

    page: Page
    requests: list[str]
    complaints: list[str]

    def pins(self) -> int:
        return self.page.locator(".pose > .pin").count()

    def lines(self) -> int:
        return self.page.locator("#carte path.band").count()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def carte(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("carte"), sample_network())


def written(folder: Path, network: Network) -> Path:
    path = folder / "carte.html"
    path.write_text(plan_map(sample_plan(), network, sample_communes(), sample_shapes()), encoding="utf-8")
    return path


def opened(browser: Browser, path: Path, size: tuple[int, int] = DESK) -> Visit:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    context.set_offline(True)
    visit = Visit(page=context.new_page(), requests=[], complaints=[])
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("console", lambda said: visit.complaints.append(said.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.goto(path.as_uri())
    visit.page.wait_for_selector(".pose > .pin")
    return visit


@pytest.fixture
def desk(browser: Browser, carte: Path) -> Iterator[Visit]:
    visit = opened(browser, carte)
    yield visit
    visit.page.context.close()


@pytest.fixture
def phone(browser: Browser, carte: Path) -> Iterator[Visit]:
    visit = opened(browser, carte, PHONE)
    yield visit
    visit.page.context.close()


def test_it_opens_without_network_and_without_complaint(desk: Visit, carte: Path) -> None:
    desk.page.wait_for_load_state("networkidle")
    assert desk.requests == [carte.as_uri()]
    assert desk.complaints == []


def test_it_shows_every_visit_round_and_mark(desk: Visit) -> None:
    assert desk.pins() == desk.page.locator("tr.passage").count() == 24
    assert desk.lines() == 4
    assert desk.page.locator("#carte .depot").count() == 1
    assert desk.page.locator("#carte .sans.manque").count() == 1  # Staple, owed a visit
    assert desk.page.locator("#carte .pin.suppose").all_inner_texts() == ["J5"]


def test_unticking_a_round_hides_its_line_and_pins(desk: Visit) -> None:
    box = desk.page.locator('input[data-round="r0"]')
    box.uncheck()
    assert (desk.lines(), desk.pins()) == (3, 18)
    assert not desk.page.locator('input[data-day="2026-12-01"]').is_checked()
    assert desk.page.locator("#tournee-r0").get_attribute("class") == "entier tournee hors-carte"
    box.check()
    assert (desk.lines(), desk.pins()) == (4, 24)


def test_unticking_a_day_hides_its_rounds(desk: Visit) -> None:
    day = desk.page.locator('input[data-day="2026-12-03"]')
    day.uncheck()
    assert (desk.lines(), desk.pins()) == (2, 13)
    desk.page.locator('input[data-round="r3"]').check()
    assert (desk.lines(), desk.pins()) == (3, 18)
    assert day.evaluate("box => box.indeterminate")


def test_every_round_has_its_colour_and_arrows(desk: Visit) -> None:
    colours = desk.page.locator("#carte path.band").evaluate_all(
        "all => all.map(p => p.getAttribute('stroke'))"
    )
    assert len(set(colours)) == 4
    heads = desk.page.locator("#carte path.arrows").evaluate_all(
        "all => all.map(p => p.getAttribute('d').split('M').length - 1)"
    )
    assert all(count >= 3 for count in heads)


def test_a_pin_tells_its_visit_in_french(desk: Visit) -> None:
    desk.page.locator(".pose > .pin", has_text="J5").first.dispatch_event("click")
    told = " ".join(desk.page.locator(".leaflet-popup-content").inner_text().split())
    for words in (
        "Hondeghem",
        "prévu 9 h 47",
        "entre",
        "2 bacs",
        "1 bac",
        "site supposé",
        "horaires supposés",
    ):
        assert words in told


def test_a_row_shows_its_pin_even_when_its_round_is_hidden(desk: Visit) -> None:
    desk.page.locator('input[data-round="r1"]').uncheck()
    desk.page.locator('button[data-pin="r1-4"]').click()
    assert desk.page.locator('input[data-round="r1"]').is_checked()
    assert "Bailleul" in desk.page.locator(".leaflet-popup-content").inner_text()


def test_a_pin_opens_from_the_keyboard(desk: Visit) -> None:
    pin = desk.page.locator('.pose[title^="Ma3"]')
    pin.focus()
    pin.press("Enter")
    assert "Oxelaëre" in desk.page.locator(".leaflet-popup-content").inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_no_pin_hides_another(browser: Browser, carte: Path, size: tuple[int, int]) -> None:
    visit = opened(browser, carte, size)
    rects = visit.page.locator(".pose > .pin").evaluate_all(
        "all => all.map(p => p.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
    )
    hidden = [
        (a, b)
        for a, b in combinations(rects, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 4 and min(a[3], b[3]) - max(a[1], b[1]) > 4
    ]
    visit.page.context.close()
    assert hidden == []


def test_names_of_communes_hide_nothing(desk: Visit) -> None:
    boxes = desk.page.locator(".name span, .pose > .pin").evaluate_all(
        "all => all.filter(e => e.style.visibility !== 'hidden').map(e => [e.className, e.textContent,"
        " ...Object.values(e.getBoundingClientRect().toJSON())])"
    )
    names = [box for box in boxes if box[0] in {"", "passe"}]
    assert len(names) >= 25
    for a, b in combinations(boxes, 2):
        if a in names or b in names:
            (ax, ay, aw, ah), (bx, by, bw, bh) = a[2:6], b[2:6]
            apart = ax + aw <= bx + 2 or bx + bw <= ax + 2 or ay + ah <= by + 2 or by + bh <= ay + 2
            assert apart, (a[1], b[1])


def test_nothing_overflows_on_a_phone(phone: Visit) -> None:
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 360
    right = phone.page.locator("main *").evaluate_all(
        "all => Math.max(...all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect().right))"
    )
    assert right <= 360
    assert phone.complaints == []


def test_targets_are_large_enough_for_a_thumb(phone: Visit) -> None:
    for selector in (".leaflet-control-zoom a", ".legende label"):
        heights = phone.page.locator(selector).evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().height)"
        )
        assert heights
        assert min(heights) >= 44


def test_it_prints_the_whole_map_then_the_tables(desk: Visit) -> None:
    printed = pdfium.PdfDocument(desk.page.pdf(prefer_css_page_size=True, print_background=True))
    first = printed[0].get_textpage().get_text_bounded()
    for pin in ("Ma1", "Me6", "J4", "Thiennes", "Le Doulieu"):
        assert pin in first  # the map is drawn anew for the paper's width
    whole = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in printed).split())
    assert whole.count("À déposer") == 4
    assert "Coût de la semaine" in whole


def test_no_name_runs(browser: Browser, tmp_path: Path) -> None:
    network = sample_network()
    attack = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>{{ 7 * 7 }}'
    sites = tuple(replaced(site, name=attack, commune=attack) for site in network.sites)
    visit = opened(browser, written(tmp_path, replaced(network, sites=sites)))
    visit.page.locator(".pose > .pin").first.dispatch_event("click")
    told = visit.page.locator(".leaflet-popup-content").inner_text()
    assert "<img" in told
    assert "{{ 7 * 7 }}" in told
    assert visit.page.evaluate("window.hacked") is None
    assert visit.complaints == []
    visit.page.context.close()
