"""A library's poster and door card, read back from the PDF as a reader and a phone would."""

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pypdfium2 as pdfium
import zxingcpp

from maps.poster import Posted, Row, door_cards, posters
from tests.pdf_reading import letters, texts

LONG = "Médiathèque intercommunale Marguerite-Yourcenar des Monts de Flandre et de la plaine du Lys"
WINDOW = "entre 10 h 55 et 11 h 30"


def posted(name: str = "Médiathèque de Cassel", visits: int = 24) -> Posted:
    return Posted(
        organisation="Réseau L'Escapade",
        library=name,
        commune="Cassel",
        site="cassel",
        phone="03 28 00 00 00",
        public_url="https://navette.exemple.fr",
        made_on="le mardi 24 novembre 2026",
        made_at=datetime(2026, 11, 24, tzinfo=UTC),
        rows=tuple(Row(day="Mercredi 23 septembre", window=WINDOW) for _ in range(visits)),
        usual=tuple(Row(day=day, window=WINDOW) for day in ("Mardi", "Jeudi", "Vendredi")),
    )


def scanned(pdf: bytes) -> list[str]:
    picture = pdfium.PdfDocument(pdf)[0].render(scale=2).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def sizes(pdf: bytes, text: str) -> set[int]:
    """The sizes, in points, in which the letters of a text that stands on one line are set."""
    found = list(letters(pdfium.PdfDocument(pdf)[0]))
    whole = "".join(one.text for one in found)
    at = whole.index("".join(text.split()))
    return {round(one.size) for one in found[at : at + len("".join(text.split()))]}


def test_the_poster_is_read_at_two_metres() -> None:
    for name in ("Médiathèque de Cassel", LONG):
        pdf = posters([posted(name)])
        (text,) = texts(pdf)  # one page, whatever the name
        assert "Prochain passage" in text
        assert min(sizes(pdf, "Mercredi 23 septembre")) >= 40
        assert min(sizes(pdf, WINDOW)) >= 40
        page = pdfium.PdfDocument(pdf)[0]
        set_at = {round(one.size) for one in letters(page) if one.y > 140}
        assert min(set_at) >= 20  # everything above the foot
        assert text.count(WINDOW) >= 10
        assert all(0 < one.x < 595 and one.y > 20 for one in letters(page))


def test_the_door_card_has_days_phone_and_name() -> None:
    for name in ("Médiathèque de Cassel", LONG):
        (text,) = texts(door_cards([posted(name)]))
        flat = text.replace("- ", "-")
        assert name in flat
        assert "03 28 00 00 00" in flat
        assert flat.count(WINDOW) == 3
        assert "Jeudi" in flat


def test_codes_lead_to_the_public_page_and_never_to_a_personal_link() -> None:
    for pdf in (posters([posted()]), door_cards([posted()])):
        assert scanned(pdf) == ["https://navette.exemple.fr/quand?vers=cassel"]


def test_without_visits_it_says_so_and_everything_is_tagged() -> None:
    pdf = posters([posted(visits=0)])
    assert "Pas de passage annoncé" in texts(pdf)[0]
    for made in (pdf, door_cards([posted(visits=0)])):
        catalog: Any = pypdf.PdfReader(io.BytesIO(made)).trailer["/Root"]
        assert catalog["/MarkInfo"]["/Marked"]
        assert catalog["/Lang"].startswith("fr")


def test_the_same_day_gives_the_same_bytes() -> None:
    assert posters([posted()]) == posters([posted()])
