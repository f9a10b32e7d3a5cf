"""Reports, comparisons and the network at the desk: they answer, and nothing is forbidden or hard to read."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_desk_today import browser, home, page, pytestmark  # noqa: F401  # the same desk

SCREENS = {
    "/bureau/rapports?du=2026-11-30&au=2026-12-06": "Équité entre les villages",
    "/bureau/comparer": "Entre les kilomètres et l’attente des lecteurs",
    "/bureau/reseau": "Bibliothèques et partenaires",
}


@pytest.fixture
def watched(page: Page, home: str) -> Iterator[Page]:  # noqa: F811
    """A page that complains of what its policy forbids and of what leaves the machine."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((home, "data:", "blob:")) else said.append(request.url)
        ),
    )
    yield page
    assert said == []


@pytest.mark.parametrize("path", SCREENS)
def test_screens_are_accessible_in_both_themes(path: str, watched: Page, home: str) -> None:  # noqa: F811
    watched.goto(home + path)
    expect(watched.get_by_role("heading", name=SCREENS[path])).to_be_visible(timeout=20_000)
    for theme in ("light", "dark"):
        watched.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = Axe().run(watched)
        assert found.violations_count == 0, f"{theme}: {found.generate_report()}"


def test_a_phone_is_enrolled_and_a_library_gets_its_link(watched: Page, home: str) -> None:  # noqa: F811
    watched.goto(home + "/bureau/reseau")
    watched.get_by_role("button", name="Ajouter un téléphone partagé").click()
    dialog = watched.get_by_role("dialog")
    expect(dialog).to_contain_text("/appareil#")
    expect(dialog.get_by_role("img", name="Code QR")).to_be_visible()
    watched.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    watched.get_by_role("searchbox").fill("oxelaere")
    expect(watched.get_by_role("row")).to_have_count(2)  # the head, and one library
    watched.get_by_role("button", name="Lien de").click()
    expect(dialog).to_contain_text("/b/")


def test_a_village_that_waits_longest_stands_first(watched: Page, home: str) -> None:  # noqa: F811
    watched.goto(home + "/bureau/rapports?du=2026-11-30&au=2026-12-06")
    head = watched.get_by_role("columnheader", name="Commune")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    names = watched.get_by_role("table").first.get_by_role("rowheader").all_inner_texts()
    assert names == sorted(
        names, key=lambda name: name.casefold().replace("è", "e").replace("é", "e").replace("ë", "e")
    )
