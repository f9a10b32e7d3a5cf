"""Stickers on sheets of A4: for crates, with a QR code and a Code 128, and for the doors of libraries.

The QR code opens an address; the Code 128 says the crate's code, for hand scanners that read lines only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from barcode import Code128

from maps.printable import printable
from maps.sheet_data import qr_svg
from maps.typeset import pdf

A4_MM = (210.0, 297.0)
_PADDING_MM = 3.0  # printers and sheets are off by a millimetre or two
_QUIET = 10  # modules left blank on either side of a Code 128 (ISO/IEC 15417)
_FINEST_MM, _COARSEST_MM = 0.25, 0.5  # the width of a module that office printers and hand scanners master


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A sheet of stickers, millimetres. The grid stands in the middle of the page, as makers have it:
    its margins follow. `gap_mm` is between columns; rows touch."""

    columns: int
    rows: int
    width_mm: float
    height_mm: float
    gap_mm: float = 0.0

    @property
    def places(self) -> int:
        """How many stickers a sheet has."""
        return self.columns * self.rows

    @property
    def words(self) -> str:
        """« 21 par feuille, 63,5 × 38,1 mm »."""
        return f"{self.places} par feuille, {self.width_mm:g} × {self.height_mm:g} mm".replace(".", ",")

    def corner(self, place: int) -> tuple[float, float]:
        """The top left corner of a place on its page, counted from 0, row by row; millimetres."""
        row, column = divmod(place % self.places, self.columns)
        wide = self.columns * self.width_mm + (self.columns - 1) * self.gap_mm
        left = (A4_MM[0] - wide) / 2 + column * (self.width_mm + self.gap_mm)
        return left, (A4_MM[1] - self.rows * self.height_mm) / 2 + row * self.height_mm


# Sizes and numbers as printed on the packets of Avery Zweckform (L71…) and of any maker of 70 × 37 mm.
SHEETS = {
    "L7160": Sheet(columns=3, rows=7, width_mm=63.5, height_mm=38.1, gap_mm=2.5),
    "L7163": Sheet(columns=2, rows=7, width_mm=99.1, height_mm=38.1, gap_mm=2.5),
    "L7165": Sheet(columns=2, rows=4, width_mm=99.1, height_mm=67.7, gap_mm=2.5),
    "L7173": Sheet(columns=2, rows=5, width_mm=99.1, height_mm=57.0, gap_mm=2.5),
    "70x37": Sheet(columns=3, rows=8, width_mm=70.0, height_mm=37.0),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """What a sticker says: `title` as large as there is room, `lines` small, the address of its QR code and
    what that opens, in words. `barcode` is what its Code 128 says; empty: it has none."""

    title: str
    lines: tuple[str, ...]
    url: str
    opens: str
    barcode: str = ""


def labels(title: str, items: Sequence[Label], sheet: Sheet, *, start: int = 1, made_at: datetime) -> bytes:
    """The sheets, the first sticker on place `start` (from 1) of the first one; ValueError off the sheet.

    A code so long that its bars would be too fine to be read is printed without them.
    """
    if not 1 <= start <= sheet.places:
        raise ValueError(f"place {start} of {sheet.places}")
    placed = [_placed(item, sheet, start - 1 + k) for k, item in enumerate(items)]
    pages = [
        [one for one in placed if one["page"] == page]
        for page in range((start - 1 + len(items) - 1) // sheet.places + 1)
    ]
    size = {"width": sheet.width_mm, "height": sheet.height_mm, "padding": _PADDING_MM}
    size["small"] = 9 if sheet.height_mm < 45 else 12  # points
    return pdf("labels.typ", {"title": printable(title), "pages": pages, **size}, made_at)


def code_128(text: str) -> str:
    """The modules of a Code 128, « 1 » black: start, data, check and stop, without its quiet zones."""
    return str(Code128(text).build()[0])


def _placed(label: Label, sheet: Sheet, place: int) -> dict[str, Any]:
    left, top = sheet.corner(place)
    aside = sheet.width_mm >= 90  # wide enough for the bars to stand beside the QR code
    qr_mm = min(sheet.height_mm - 2 * _PADDING_MM, 34.0) if aside else 20.0
    room_mm = sheet.width_mm - 2 * _PADDING_MM - (qr_mm if aside else 0)
    bars = _bars(label.barcode, room_mm) if label.barcode else None
    return {
        "page": place // sheet.places,
        "left": round(left, 3),
        "top": round(top, 3),
        "aside": aside,
        "title": printable(label.title),
        "lines": [printable(line) for line in label.lines if line],
        "qr": qr_svg(label.url),
        "qr_mm": qr_mm if bars or aside else 24.0,
        "alt": printable(f"Code à photographier, qui ouvre {label.opens} : {label.url}"),
        "bars": bars,
    }


def _bars(text: str, room_mm: float) -> dict[str, Any] | None:
    """The bars as a drawing one unit high, and how wide it is to be printed; None where that is too fine."""
    modules = code_128(text)
    whole = len(modules) + 2 * _QUIET
    module_mm = min(room_mm / whole, _COARSEST_MM)
    if module_mm < _FINEST_MM:
        return None
    path, at = "", _QUIET
    for run in modules.replace("10", "1 0").replace("01", "0 1").split():
        path += f"M{at} 0h{len(run)}v1h-{len(run)}z" if run[0] == "1" else ""
        at += len(run)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} 1"><path d="{path}"/></svg>'
    return {"svg": svg, "width": round(whole * module_mm, 3), "alt": f"Code-barres : {text}"}
