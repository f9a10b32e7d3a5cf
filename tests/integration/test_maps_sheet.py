"""The driver's sheets, read back from the PDF as a reader, a phone and a screen reader would."""

from functools import cache
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import zxingcpp

from maps.printable import printable
from maps.sheet import round_sheet, route_sheets
from maps.sheet_data import keying_url
from tests.pdf_reading import heights, letters, structure, texts
from tests.sample_network import sample_network
from tests.sample_plan import sample_communes, sample_plan, sample_shapes

BASE = "https://navette.exemple.fr"
NETWORK, PLAN, SHAPES, COMMUNES = sample_network(), sample_plan(), sample_shapes(), sample_communes()
POINT = 1 / 72 * 25.4  # millimetres
LABELS = ("Déposés", "Pris", "Vides", "Heure")


@cache
def sheets() -> bytes:
    return route_sheets(PLAN, NETWORK, COMMUNES, SHAPES, base_url=BASE)


def flat(text: str) -> str:
    return " ".join(printable(text).replace("\u200b", "").split())


def check_blocks(pdf: bytes, visits: int, tallest: float = 240) -> None:
    """Each page holds as many block heads as feet, pair by pair, and together they are the visits."""
    seen = 0
    for page in pdfium.PdfDocument(pdf):
        heads = heights(page, "prévu")
        for label in LABELS:
            feet = heights(page, label)
            assert len(feet) == len(heads)
            assert all(0 < head - foot < tallest for head, foot in zip(heads, feet, strict=True))
        seen += len(heads)
    assert seen == visits


def first_pages(pdf: bytes) -> list[int]:
    """0-based indexes of the pages that carry a masthead."""
    return [k for k, text in enumerate(texts(pdf)) if "· feuille de route" in text]


def test_no_page_break_splits_a_visit() -> None:
    check_blocks(sheets(), 24)


def test_each_visit_tells_everything_on_its_page() -> None:
    pages, starts = texts(sheets()), first_pages(sheets())
    for k, tour in enumerate(PLAN.rounds):
        own = pages[starts[k] : [*starts, len(pages)][k + 1]]
        for visit in tour.visits:
            site = NETWORK.site(visit.site)
            told = [flat(text) for text in (site.name, site.address, site.access_note, site.phone) if text]
            assert any(all(text in page for text in told) for page in own), site.name


def test_each_round_starts_on_an_odd_page() -> None:
    starts = first_pages(sheets())
    assert len(starts) == len(PLAN.rounds)
    assert all(start % 2 == 0 for start in starts)  # page 1 has index 0


def test_pages_are_counted_within_their_round() -> None:
    pages, starts = texts(sheets()), first_pages(sheets())
    ends = [*starts[1:], len(pages)]
    for start, end in zip(starts, ends, strict=True):
        written = [page for page in pages[start:end] if page]
        for k, page in enumerate(written, start=1):
            assert f"page {k}/{len(written)}" in page
    blank = [k for k, page in enumerate(pages) if not page]
    assert all(k % 2 == 1 for k in blank)  # only the back of a last sheet is blank


def test_every_letter_is_at_least_12_points() -> None:
    sizes = [letter.size for page in pdfium.PdfDocument(sheets()) for letter in letters(page)]
    assert len(sizes) > 5000
    assert min(sizes) >= 11.99


def test_names_are_bold_and_at_least_14_points() -> None:
    """The first word of each library's name, wherever it is set bold."""
    sizes = []
    for page in pdfium.PdfDocument(sheets()):
        text = page.get_textpage()
        for word in ("Médiathèque", "Bibliothèque", "Comité"):
            search = text.search(word, match_case=True, match_whole_word=True)
            while hit := search.get_next():
                if pdfium_c.FPDFText_GetFontWeight(text, hit[0]) >= 600:
                    sizes.append(pdfium_c.FPDFText_GetFontSize(text, hit[0]))
    assert len(sizes) >= 24
    assert min(sizes) >= 14


def test_names_are_headings() -> None:
    """Tagged as H2, so that a screen reader goes from stop to stop; the round's day is the H1."""
    kinds = [element["/S"] for element in structure(catalogue()["/StructTreeRoot"])]
    assert kinds.count("/H1") == len(PLAN.rounds)
    assert kinds.count("/H2") == 24
    assert kinds.count("/Figure") >= 2 * len(PLAN.rounds)  # a QR code and a sketch each


def test_every_figure_is_told_in_words() -> None:
    tree = structure(catalogue()["/StructTreeRoot"])
    told = [element.get("/Alt") for element in tree if element["/S"] == "/Figure"]
    assert all(told)
    assert any("Croquis de la tournée" in alt and "4 Cassel" in alt for alt in told)


def test_the_pdf_is_tagged_titled_and_french() -> None:
    root = catalogue()
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("fr")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    about = pypdf.PdfReader(BytesIO(sheets())).metadata
    assert about is not None
    assert flat(str(about.title)) == "Feuilles de route, semaine 49, du 30 novembre au 6 décembre 2026"


def test_pages_are_a4_portrait() -> None:
    for page in pdfium.PdfDocument(sheets()):
        assert [round(side * POINT) for side in page.get_size()] == [210, 297]


def test_the_qr_codes_open_their_rounds() -> None:
    document = pdfium.PdfDocument(sheets())
    read = []
    for start in first_pages(sheets()):
        picture = document[start].render(scale=2, grayscale=True).to_numpy()
        read += [code.text for code in zxingcpp.read_barcodes(picture)]
    assert read == [keying_url(BASE, tour) for tour in PLAN.rounds]
    assert read[0] == "https://navette.exemple.fr/saisie/2026-W49-mar-matin-V1"


def test_without_a_base_there_is_no_qr_code() -> None:
    document = pdfium.PdfDocument(route_sheets(PLAN, NETWORK, COMMUNES, SHAPES, base_url=""))
    assert zxingcpp.read_barcodes(document[0].render(scale=2, grayscale=True).to_numpy()) == []


def test_the_first_page_tells_who_what_and_with_which_keys() -> None:
    page = texts(sheets())[0]
    for told in (
        "Mardi 1er décembre 2026",
        "Matin · Fourgon",
        "Conducteur 1",
        "Camille Exemple, 03 00 00 00 01",
        "Clés à emporter Bavinchove et Saint-Sylvestre-Cappel",
        "6 passages",
        "15 bacs au départ",
        "12 bacs au retour",
    ):
        assert told in page


def test_the_pause_stands_where_it_falls() -> None:
    """After Bailleul (4), before Saint-Jans-Cappel (5)."""
    whole = " ".join(texts(sheets()))
    before, after = whole.split("Pause de 45 min, de 11 h 13 à 11 h 58")
    assert "Médiathèque municipale de Bailleul" in before
    assert "Louis Sonneville de Saint-Jans-Cappel" in after.split("Vieux-Berquin")[0]


def test_what_is_assumed_is_marked() -> None:
    whole = " ".join(texts(sheets()))
    assumed = [v for tour in PLAN.rounds for v in tour.visits if "horaires" in NETWORK.site(v.site).assumed]
    assert whole.count("(horaires supposés") == len(assumed) == 21
    assert whole.count("(site supposé)") == 1


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert route_sheets(PLAN, NETWORK, COMMUNES, SHAPES, base_url=BASE) == sheets()


def test_one_round_alone_is_the_same_sheet() -> None:
    alone = round_sheet(PLAN.rounds[1], PLAN, NETWORK, COMMUNES, SHAPES, base_url=BASE)
    start, end = first_pages(sheets())[1:3]
    assert texts(alone) == [page for page in texts(sheets())[start:end] if page]


def test_codes_of_the_crates_are_printed_where_known() -> None:
    codes = {("2026-W49-mar-matin-V1", 1): ("BAC-0007", "BAC-0012", "BAC-0031")}
    pages = texts(round_sheet(PLAN.rounds[0], PLAN, NETWORK, COMMUNES, SHAPES, base_url=BASE, codes=codes))
    assert "Bacs à déposer : BAC-0007, BAC-0012, BAC-0031" in pages[0]
    assert "BAC-" not in pages[1]


def catalogue() -> Any:
    return pypdf.PdfReader(BytesIO(sheets())).trailer["/Root"]
