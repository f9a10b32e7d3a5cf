"""What libraries pin up: a poster of its next visits, and a card for its door. Values in, tagged PDFs out.

The QR codes lead to the public page that says when a document will arrive here; never to a personal link.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from maps.printable import printable
from maps.sheet_data import qr_svg
from maps.typeset import pdf

POSTER, DOOR = "poster.typ", "door.typ"
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


def _printed(template: str, posted: Sequence[Posted]) -> bytes:
    return pdf(template, [_page(one) for one in posted], posted[0].made_at)


def _row(row: Row) -> dict[str, str]:
    return {name: printable(text) for name, text in asdict(row).items()}
