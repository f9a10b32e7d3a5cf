"""What libraries pin up: a poster of its next visits, and a card for its door. Values in, tagged PDFs out.

The QR codes lead to the public page that says when a document will arrive here; never to a personal link.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from maps.printable import FONTS, printable
from maps.sheet_data import qr_svg

_FOLDER = Path(__file__).parent / "typst"
POSTER, DOOR = _FOLDER / "poster.typ", _FOLDER / "door.typ"
_MOST_ROWS = 26


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A visit: « jeudi 3 décembre », « entre 9 h 40 et 10 h 10 », and what is to be known (may be empty)."""

    day: str
    window: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """What is printed. `rows` are visits in time order, the next first; `usual` is for the door: weekdays and
    windows. `site` and `public_url` make the address of the QR code; `made_at` is printed as a date."""

    organisation: str
    library: str
    commune: str
    site: str
    phone: str
    public_url: str
    made_on: str
    made_at: datetime
    rows: tuple[Row, ...]
    usual: tuple[Row, ...] = ()


def asking_url(public_url: str, site: str) -> str:
    """Where readers ask when a document will be at a library."""
    return f"{public_url.rstrip('/')}/quand?vers={quote(site, safe='')}"


def posters(posted: Sequence[Posted]) -> bytes:
    """A4, a page for each library, one at least: the next visit to be read at two metres, then those of the
    coming weeks."""
    return _printed(POSTER, posted)


def door_cards(posted: Sequence[Posted]) -> bytes:
    """A5, a page for each library, one at least: on which days the shuttle comes, and whom to call."""
    return _printed(DOOR, posted)


def _page(posted: Posted) -> dict[str, Any]:
    url = asking_url(posted.public_url, posted.site)
    rows = [_row(row) for row in posted.rows]
    return {
        "organisation": printable(posted.organisation),
        "library": printable(posted.library),
        "commune": "" if posted.commune in posted.library else printable(posted.commune),
        "phone": printable(posted.phone),
        "made_on": printable(posted.made_on),
        "next": rows[0] if rows else None,
        "rows": rows[1:_MOST_ROWS],
        "usual": [_row(row) for row in posted.usual],
        "url": url,
        "qr": qr_svg(url),
    }


def _printed(template: Path, posted: Sequence[Posted]) -> bytes:
    import typst  # noqa: PLC0415  # heavy, and the service starts without drawing

    printed = typst.compile(
        template,
        root=_FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps([_page(one) for one in posted], ensure_ascii=False)},
        pdf_standards=["ua-1"],  # tagged, titled, every picture told in words
        timestamp=int(posted[0].made_at.timestamp()),
    )
    return bytes(printed)


def _row(row: Row) -> dict[str, str]:
    return {name: printable(text) for name, text in asdict(row).items()}


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
