"""Sheets of labels, measured, and read back from the page as phones and hand scanners do."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2 as pdfium
import pytest
import zxingcpp

from maps.labels import A4_MM, SHEETS, Label, code_128, labels
from tests.pdf_reading import letters, texts

MADE = datetime(2026, 11, 24, tzinfo=UTC)
MM = 72 / 25.4  # points


def crate(code: str) -> Label:
    return Label(
        title=code,
        lines=("Réseau L'Escapade", "Médiathèque d'Hazebrouck"),
        url=f"https://navette.exemple.fr/c/{code}",
        opens="la page de ce bac",
        barcode=code,
    )


def read(pdf: bytes, page: int = 0) -> list[zxingcpp.Barcode]:
    """Everything that can be scanned on a page printed at 300 dots per inch."""
    picture = pdfium.PdfDocument(pdf)[page].render(scale=300 / 72, grayscale=True).to_numpy()
    found: list[zxingcpp.Barcode] = zxingcpp.read_barcodes(picture)
    return found


# The packets: how many stickers, their size, and the margins that makers draw in their templates.
@pytest.mark.parametrize(
    ("name", "places", "size", "corner"),
    [
        ("L7160", 21, (63.5, 38.1), (7.25, 15.15)),  # 210 − 3 × 63.5 − 2 × 2.5 = 14.5; 297 − 7 × 38.1 = 30.3
        ("L7163", 14, (99.1, 38.1), (4.65, 15.15)),  # 210 − 2 × 99.1 − 2.5 = 9.3
        ("L7165", 8, (99.1, 67.7), (4.65, 13.1)),  # 297 − 4 × 67.7 = 26.2
        ("L7173", 10, (99.1, 57.0), (4.65, 6.0)),  # 297 − 5 × 57 = 12
        ("70x37", 24, (70.0, 37.0), (0.0, 0.5)),  # 297 − 8 × 37 = 1
    ],
)
def test_a_sheet_is_as_its_maker_has_it(
    name: str, places: int, size: tuple[float, float], corner: tuple[float, float]
) -> None:
    sheet = SHEETS[name]
    assert (sheet.places, (sheet.width_mm, sheet.height_mm)) == (places, size)
    assert sheet.corner(0) == pytest.approx(corner)
    left, top = sheet.corner(sheet.places - 1)
    assert left + sheet.width_mm == pytest.approx(A4_MM[0] - corner[0])
    assert top + sheet.height_mm == pytest.approx(A4_MM[1] - corner[1])


@pytest.mark.parametrize("name", SHEETS)
def test_every_code_of_a_full_sheet_is_read_in_its_own_place(name: str) -> None:
    sheet = SHEETS[name]
    codes = [f"HAZ-{k:04}" for k in range(1, sheet.places + 1)]
    pdf = labels("Étiquettes", [crate(code) for code in codes], sheet, made_at=MADE)
    assert len(pdfium.PdfDocument(pdf)) == 1
    seen = {"QR Code": 0, "Code 128": 0}
    for found in read(pdf):
        kind = str(found.format)
        place = codes.index(found.text.rpartition("/")[2])
        assert found.text == (crate(codes[place]).url if kind == "QR Code" else codes[place])
        left, top = sheet.corner(place)
        for corner in (found.position.top_left, found.position.bottom_right):
            x, y = corner.x / 300 * 25.4, corner.y / 300 * 25.4
            assert left + 2 < x < left + sheet.width_mm - 2
            assert top + 2 < y < top + sheet.height_mm - 2
        seen[kind] += 1
    assert seen == {"QR Code": sheet.places, "Code 128": sheet.places}


@pytest.mark.parametrize("name", SHEETS)
def test_no_text_leaves_its_sticker(name: str) -> None:
    """The longest names, one sticker a page: whatever is written stands 2 mm inside."""
    sheet = SHEETS[name]
    long = "Médiathèque intercommunale Marguerite-Yourcenar des Monts de Flandre et de la plaine du Lys"
    door = Label(
        title=long, lines=("Hazebrouck",), url="https://navette.exemple.fr/quand?vers=haz", opens="la page"
    )
    for item in (door, crate("HAZEBROUCK-SAINT-MICHEL_BAC-0000000042"), crate("HAZ-0000000042")):
        pdf = labels("Étiquettes", [item], sheet, start=2, made_at=MADE)
        left, top = sheet.corner(1)
        page = pdfium.PdfDocument(pdf)[0]
        written = list(letters(page))
        said = "".join(one.text for one in written).translate({0x200B: None, 2: "-", 0x2019: "'"})
        assert "".join(item.title.split()) in said
        for one in written:
            assert (left + 2) * MM < one.x < (left + sheet.width_mm - 2) * MM
            assert top + 2 < A4_MM[1] - one.y / MM < top + sheet.height_mm - 2
        assert min(one.size for one in written) >= 8.99


def test_the_first_label_goes_where_the_sheet_is_still_full() -> None:
    """21 places, from the 20th on: two on the first sheet, one on the second."""
    codes = ["HAZ-0001", "HAZ-0002", "HAZ-0003"]
    pdf = labels("Étiquettes", [crate(code) for code in codes], SHEETS["L7160"], start=20, made_at=MADE)
    pages = texts(pdf)
    assert ["HAZ-0001" in page for page in pages] == [True, False]
    assert ["HAZ-0003" in page for page in pages] == [False, True]
    with pytest.raises(ValueError, match="place 22 of 21"):
        labels("Étiquettes", [crate("A")], SHEETS["L7160"], start=22, made_at=MADE)


def test_bars_too_fine_to_be_read_are_left_out() -> None:
    """40 letters are 11 modules each, with start, check, stop and quiet zones some 500: 57.5 mm / 500 is
    0.12 mm, less than half of what scanners want. The QR code is still there."""
    long = "X" * 40
    assert len(code_128(long)) == 40 * 11 + 11 + 11 + 13
    kinds = [str(one.format) for one in read(labels("É", [crate(long)], SHEETS["L7160"], made_at=MADE))]
    assert kinds == ["QR Code"]


def test_the_sheets_are_tagged_and_every_code_is_told_in_words() -> None:
    pdf = labels("Étiquettes de bacs", [crate("HAZ-0001")], SHEETS["L7160"], made_at=MADE)
    reader = pypdf.PdfReader(BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == "Étiquettes de bacs"
    assert labels("Étiquettes de bacs", [crate("HAZ-0001")], SHEETS["L7160"], made_at=MADE) == pdf
