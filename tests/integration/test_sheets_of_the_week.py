"""The sheets of an ordinary week of the whole network, page by page: what a driver holds in the rain."""

import ctypes
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
import zxingcpp
from fastapi.testclient import TestClient
from sqlmodel import select

from api.service import Service
from api.services.folder import Territory
from maps.printable import printable
from maps.sheet import route_sheets
from models.plan import Plan
from models.tables.demand import ItemRecord
from models.tables.plans import ActionKind, VisitActionRecord, VisitRecord
from models.transfers.values import ItemState
from tests.integration.test_maps_sheet import LABELS, check_blocks, first_pages
from tests.pdf_reading import letters, structure, texts
from tests.published import publish

URL = "https://navette.exemple.fr"


@pytest.fixture(scope="module")
def week(planned: Plan, territory: Territory) -> bytes:
    t = territory
    return route_sheets(planned, t.network, t.communes, t.shapes, base_url=URL)


def flat(text: str) -> str:
    return " ".join(printable(text).replace("\u200b", "").split())


def test_every_library_is_visited_and_no_page_splits_a_visit(week: bytes, planned: Plan) -> None:
    visits = [visit for tour in planned.rounds for visit in tour.visits]
    assert len({visit.site for visit in visits}) >= 44  # all that can be served
    check_blocks(week, len(visits))


def test_every_page_keeps_its_blocks_between_its_margins(week: bytes) -> None:
    for page in pdfium.PdfDocument(week):
        assert all(40 < one.x < 556 and 20 < one.y < 830 for one in letters(page))


def test_text_is_large_and_dark_enough(week: bytes) -> None:
    """12 points, and 4.5 to 1 against white paper (WCAG 2, relative luminance)."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    seen: set[tuple[int, int, int]] = set()
    for page in pdfium.PdfDocument(week):
        text = page.get_textpage()
        assert min((one.size for one in letters(page)), default=12) >= 11.99
        for k in range(text.count_chars()):
            pdfium_c.FPDFText_GetFillColor(text, k, red, green, blue, alpha)
            seen.add((red.value, green.value, blue.value))
    assert seen
    assert all(1.05 / (_luminance(colour) + 0.05) >= 4.5 for colour in seen)


def _luminance(colour: tuple[int, int, int]) -> float:
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_name_is_a_bold_heading_of_14_points(week: bytes, planned: Plan, territory: Territory) -> None:
    """Each block's own name, found on its page letter by letter."""
    names = {flat(territory.network.site(v.site).name) for tour in planned.rounds for v in tour.visits}
    found: set[str] = set()
    for page in pdfium.PdfDocument(week):
        text = page.get_textpage()
        for name in names - found:
            search = text.search(name.split()[0], match_case=True)
            while hit := search.get_next():
                bold = pdfium_c.FPDFText_GetFontWeight(text, hit[0]) >= 600
                if bold and pdfium_c.FPDFText_GetFontSize(text, hit[0]) >= 14:
                    found.add(name)
    assert found == names
    root: Any = pypdf.PdfReader(BytesIO(week)).trailer["/Root"]
    kinds = [one["/S"] for one in structure(root["/StructTreeRoot"])]
    assert kinds.count("/H2") == sum(len(tour.visits) for tour in planned.rounds)


def test_each_round_begins_on_an_odd_page_with_its_code_and_the_coordinators_phone(
    week: bytes, planned: Plan, territory: Territory
) -> None:
    pages, starts, document = texts(week), first_pages(week), pdfium.PdfDocument(week)
    assert len(starts) == len(planned.rounds)
    ends = [*starts[1:], len(pages)]
    phone = flat(territory.network.coordinator.phone)
    for tour, start, end in zip(planned.rounds, starts, ends, strict=True):
        assert start % 2 == 0  # page 1 has index 0
        picture = document[start].render(scale=2, grayscale=True).to_numpy()
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [f"{URL}/saisie/{tour.id}"]
        written = [page for page in pages[start:end] if page]
        for k, page in enumerate(written, start=1):
            assert f"page {k}/{len(written)}" in page
            assert phone in page
        assert "Retour." in written[-1]
        assert all(sum(page.count(label) for page in written) >= len(tour.visits) for label in LABELS)


@pytest.fixture
def told(service: Service, planned: Plan) -> UUID:
    """The week is published; a crate is planned at its first visit, others are packed for the second."""
    plan = publish(service, planned).id
    first, second = planned.rounds[0].visits[:2]
    with service.database.write() as session:
        visit = session.exec(
            select(VisitRecord).where(VisitRecord.ref == f"{planned.rounds[0].id}/{first.site}")
        ).one()
        named = VisitActionRecord(visit=visit.id, kind=ActionKind.DELIVER, crates=1, crate="HAZ-0099")
        session.info.setdefault("plans_made", set()).add(plan)
        session.add(named)
        session.add_all(_packed(second.site, first.site, f"HAZ-{k:04}") for k in range(1, 9))
    return plan


def _packed(site: str, origin: str, crate: str) -> ItemRecord:
    return ItemRecord(
        barcode=f"D-{crate}",
        source="essai",
        reference=crate,
        origin=origin,
        destination=site,
        state=ItemState.PACKED,
        crate=crate,
        requested_at=datetime(2026, 11, 28, tzinfo=UTC),
    )


def test_published_sheets_print_the_crates_to_leave_as_phones_show_them(
    camille: TestClient, told: UUID, planned: Plan
) -> None:
    tour = planned.rounds[0]
    first, second = tour.visits[:2]
    url = f"/api/v1/rounds/{tour.id}/files/feuilles-de-route.pdf"
    answer = camille.get(url)
    whole = " ".join(texts(answer.content))
    assert "Bacs à déposer : HAZ-0099" in whole
    assert f"Bacs à déposer : {', '.join(f'HAZ-{k:04}' for k in range(1, 9))}" in whole
    actions = camille.get(f"/api/v1/rounds/{tour.id}/actions").json()["visits"]
    assert (actions[0]["leave"], actions[1]["leave"]) == (max(1, first.deliver), max(8, second.deliver))
    more = sum(one["leave"] for one in actions) - sum(one.deliver for one in tour.visits)
    assert f"{tour.load_start + more} bacs au départ" in whole
    check_blocks(answer.content, len(tour.visits))
    again = camille.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_crate_packed_meanwhile_makes_another_sheet(
    camille: TestClient, told: UUID, planned: Plan, service: Service
) -> None:
    day = planned.rounds[0].date.isoformat()
    url = f"/api/v1/plans/{told}/files/feuilles-de-route.pdf?day={day}"
    before = camille.get(url)
    about: Any = pypdf.PdfReader(BytesIO(before.content)).metadata
    assert "30 novembre 2026" in flat(about.title) or "décembre 2026" in flat(about.title)
    third = planned.rounds[0].visits[2].site
    with service.database.write() as session:
        session.add(_packed(third, planned.rounds[0].visits[0].site, "HAZ-0777"))
    after = camille.get(url, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "HAZ-0777" in " ".join(texts(after.content))
