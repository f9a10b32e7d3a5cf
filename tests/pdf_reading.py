"""A PDF read back as a reader, a phone or a screen reader would."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c


@dataclass(frozen=True)
class Word:
    """A run of letters of one size on one line: points from the bottom left corner."""

    text: str
    size: float
    x: float
    y: float


def letters(page: pdfium.PdfPage) -> Iterator[Word]:
    text = page.get_textpage()
    matrix = pdfium_c.FS_MATRIX()
    for k in range(text.count_chars()):
        letter = chr(pdfium_c.FPDFText_GetUnicode(text, k))
        if letter.isspace() or pdfium_c.FPDFText_IsGenerated(text, k):
            continue
        pdfium_c.FPDFText_GetMatrix(text, k, ctypes.byref(matrix))
        size = pdfium_c.FPDFText_GetFontSize(text, k) * hypot(matrix.b, matrix.d)
        left, bottom, *_ = text.get_charbox(k, loose=True)
        yield Word(letter, size, left, bottom)


def texts(pdf: bytes) -> list[str]:
    """The text of each page, every kind of space as one ordinary space.

    pdfium writes a hyphen that ends a line as U+0002.
    """
    pages = pdfium.PdfDocument(pdf)
    raw = [page.get_textpage().get_text_bounded().replace("\x02", "-") for page in pages]
    return [" ".join(text.split()) for text in raw]


def heights(page: pdfium.PdfPage, word: str) -> list[float]:
    """Where a word stands on a page, from the top down, points from the bottom."""
    text = page.get_textpage()
    found, search = [], text.search(word, match_case=True, match_whole_word=True)
    while hit := search.get_next():
        found.append(text.get_charbox(hit[0])[1])
    return sorted(found, reverse=True)


def structure(element: Any) -> Iterator[Any]:
    """Every structure element below one."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from structure(found)
