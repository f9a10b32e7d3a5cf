"""The driver's sheets with what nobody expects: strange names, no visit, forty visits, no roads."""

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from maps.sheet import route_sheets
from models.network.values import Network
from models.plan import Plan, Round, Visit
from models.values import TimeWindow
from routing.travel import LegShapes
from tests.integration.test_maps_sheet import BASE, COMMUNES, NETWORK, PLAN, SHAPES, check_blocks
from tests.pdf_reading import letters, texts
from tests.sample_plan import plan_of, with_visits

NASTY = (
    "#panic() *gras* _penché_ <étiquette> @ref $x^2$",
    "Médiathèque « L'Été » \"des\" 'Lettres' \\ // [crochets] {accolades}",
    "Bibliothèque 📚🚐 de l'Œuvre ½ – 図書館",
    "Médiathèque intercommunale " + "très " * 18 + "longue",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "= Titre\n- liste\n+ numéro",
)


def renamed(names: tuple[str, ...]) -> tuple[Network, Plan]:
    """The first round, its libraries under other names, addresses and notes."""
    tour = PLAN.rounds[0]
    given = {visit.site: name for visit, name in zip(tour.visits, names, strict=True)}
    sites = tuple(
        replace(site, name=given[site.id], access_note=given[site.id], address=given[site.id])
        if site.id in given
        else site
        for site in NETWORK.sites
    )
    return replace(NETWORK, sites=sites), plan_of((tour,))


def test_no_name_breaks_the_sheet() -> None:
    network, plan = renamed(NASTY)
    pdf = route_sheets(plan, network, COMMUNES, SHAPES, base_url=BASE)
    check_blocks(pdf, 6, tallest=420)
    whole = " ".join(texts(pdf))
    assert "#panic() *gras* _penché_ <étiquette> @ref $x^2$" in whole
    assert "Bibliothèque de l’Œuvre ½ – □□□" in whole
    for page in pdfium.PdfDocument(pdf):
        assert all(40 < letter.x < 553 for letter in letters(page))  # nothing leaves the column


def long_round(visits: int) -> Plan:
    """The first round's calls, again and again."""
    tour = PLAN.rounds[0]
    calls: list[Visit] = []
    for k in range(visits):
        begin_s = 8 * 3600 + 600 * k
        window = TimeWindow(begin_s, begin_s + 1800)
        calls.append(
            replace(tour.visits[k % 6], number=k + 1, begin_s=begin_s, arrival_s=begin_s, announced=window)
        )
    return with_visits(plan_of((tour,)), 0, tuple(calls))


@pytest.mark.parametrize("visits", [0, 1, 40])
def test_any_number_of_visits_fits(visits: int) -> None:
    pdf = route_sheets(long_round(visits), NETWORK, COMMUNES, SHAPES, base_url=BASE)
    check_blocks(pdf, visits)
    pages = texts(pdf)
    assert "Départ." in pages[0]
    assert "Retour." in pages[-1]
    assert f"page {len(pages)}/{len(pages)}" in pages[-1]


def test_a_week_without_rounds_says_so() -> None:
    (page,) = texts(route_sheets(plan_of(()), NETWORK, COMMUNES, SHAPES, base_url=BASE))
    assert "Aucune tournée n’est prévue." in page


def test_sheets_without_roads_or_communes_still_print() -> None:
    straight = LegShapes(points=SHAPES.points, lines={})
    check_blocks(route_sheets(PLAN, NETWORK, (), straight, base_url=BASE), 24)


def test_a_round_within_one_place_still_has_a_sketch() -> None:
    """Two calls at the library nearest the depot: a sketch of a few hundred metres."""
    tour: Round = PLAN.rounds[2]
    plan = plan_of((replace(tour, visits=(tour.visits[0], replace(tour.visits[5], number=2))),))
    check_blocks(route_sheets(plan, NETWORK, COMMUNES, SHAPES, base_url=BASE), 2)
