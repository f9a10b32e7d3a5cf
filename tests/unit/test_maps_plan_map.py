"""The page around the map: self-contained, the same every time, safe with any name."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from maps.plan_map import Tiles, plan_map
from models.network.values import Network
from tests.sample_network import sample_network
from tests.sample_plan import plan_of, sample_communes, sample_plan, sample_shapes

NETWORK, PLAN, SHAPES, COMMUNES = sample_network(), sample_plan(), sample_shapes(), sample_communes()
ATTACKS = (
    '<img src=x onerror="window.hacked=1">',
    "</script><script>window.hacked=1</script>",
    "'\"`${window.hacked=1}",
    "{{ 7 * 191 }}",
    "{% raw %} {# non #}",
)


class Seen(HTMLParser):
    """Tags with their attributes, and the words between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def count(self, tag: str, css: str) -> int:
        return sum(t == tag and css in (a.get("class") or "").split() for t, a in self.tags)


@pytest.fixture(scope="module")
def page() -> str:
    return plan_map(PLAN, NETWORK, COMMUNES, SHAPES)


def attacked(name: str) -> Network:
    sites = tuple(replace(site, name=name, address=name, commune=name) for site in NETWORK.sites)
    return replace(NETWORK, sites=sites, organisation=name)


def test_the_page_fetches_nothing(page: str) -> None:
    tags = Seen(page).tags
    for tag, attributes in tags:
        assert tag not in {"link", "iframe", "img", "object", "embed"}
        assert "src" not in attributes
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    assert len(styles) > 20_000
    assert not re.findall(r"url\((?!data:)", styles)
    assert "@import" not in styles
    assert "sourceMappingURL" not in page
    policy = next(a["content"] for tag, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; ")
    assert "https:" not in policy


def test_the_page_is_the_same_every_time(page: str) -> None:
    assert plan_map(PLAN, NETWORK, COMMUNES, SHAPES) == page


def test_the_page_is_french_and_can_be_zoomed(page: str) -> None:
    tags = Seen(page).tags
    assert ("html", {"lang": "fr"}) in tags
    viewport = next(a["content"] for tag, a in tags if tag == "meta" and a.get("name") == "viewport")
    assert viewport == "width=device-width, initial-scale=1"  # folium's own forbids zooming


def test_every_visit_has_its_row_and_every_round_its_table(page: str) -> None:
    seen = Seen(page)
    assert seen.count("tr", "passage") == 24
    assert seen.count("section", "tournee") == 4
    assert sum(tag == "caption" for tag, _ in seen.tags) == 5  # the week, and one per round


def test_the_page_tells_what_is_missing_assumed_and_spent(page: str) -> None:
    words = " ".join(" ".join(Seen(page).words).replace("\u00a0", " ").replace("\u202f", " ").split())
    for told in (
        "Staple n’ouvre qu’une heure le mercredi : tous les véhicules sont à plus de 40 min.",
        "Les horaires sont supposés pour 21 bibliothèques sur 23.",
        "1 site supposé, à la mairie, faute de connaître l’adresse de la bibliothèque : Hondeghem.",
        "Temps de route estimés, sans les routes réelles : Hondeghem.",
        "Attente des lecteurs",
        "459,80 €",
        "Planning calculé le mercredi 25 novembre 2026 à 10 h 30.",
        "© les contributeurs d’OpenStreetMap (ODbL)",
    ):
        assert told in words


def test_holidays_and_interruptions_are_told() -> None:
    plan = replace(
        PLAN,
        holidays={date(2026, 12, 4): "Fête du Nord"},
        run=replace(PLAN.run, interrupted=True),
    )
    page = plan_map(plan, NETWORK, COMMUNES, SHAPES).replace("\u00a0", " ")
    assert "Vendredi 4 décembre" in page
    assert "Fête du Nord" in page
    assert "interrompu avant la fin" in page


@pytest.mark.parametrize("attack", ATTACKS)
def test_names_are_only_ever_text(attack: str) -> None:
    communes = tuple(replace(commune, name=attack) for commune in COMMUNES)
    page = plan_map(PLAN, attacked(attack), communes, SHAPES)
    tags = Seen(page).tags
    assert sum(tag == "script" for tag, _ in tags) == 3
    assert not any(tag == "img" for tag, _ in tags)
    assert "</script><script>window" not in page
    assert "1337" not in page  # 7 × 191: no template of ours or of folium's reads a name


def test_tiles_are_asked_for_or_absent(page: str) -> None:
    tiles = Tiles(url="https://exemple.fr/{z}/{x}/{y}.png", attribution="© Exemple")
    with_tiles = plan_map(PLAN, NETWORK, COMMUNES, SHAPES, tiles=tiles)
    assert "https://exemple.fr/{z}/{x}/{y}.png" in with_tiles
    assert "img-src data: https:" in with_tiles
    assert "https://exemple.fr" not in page


def test_an_empty_week_still_has_its_page() -> None:
    seen = Seen(plan_map(plan_of(()), NETWORK, COMMUNES, SHAPES))
    assert seen.count("tr", "passage") == 0
