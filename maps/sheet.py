"""The driver's sheets: values in, one tagged PDF out, the same bytes for the same plan."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import typst

from maps import words
from maps.printable import FONTS, printable
from maps.sheet_data import Codes, Desk, round_data
from models.communes import Commune
from models.network.values import Network
from models.plan import Plan, Round
from routing.travel import LegShapes

TEMPLATE = Path(__file__).parent / "typst" / "sheet.typ"


def route_sheets(  # noqa: PLR0913  # what a sheet shows comes from six places
    plan: Plan,
    network: Network,
    communes: Iterable[Commune],
    shapes: LegShapes,
    *,
    base_url: str,
    codes: Codes | None = None,
) -> bytes:
    """A whole week or day, `feuilles-de-route.pdf`: one sheet per round, each from an odd page on.

    `base_url` is where the rounds are keyed in, for the QR codes; empty, there are none. `codes` gives the
    barcodes of the crates to leave, by round id and visit number.
    """
    days = {tour.date for tour in plan.rounds}
    span = words.day_and_year(days.pop()) if len(days) == 1 else words.week(plan.week)
    title = f"Feuilles de route, {span}"
    desk = Desk(
        plan=plan,
        network=network,
        communes=tuple(communes),
        shapes=shapes,
        base_url=base_url,
        codes=codes or {},
    )
    return _printed(title, plan.rounds, desk)


def round_sheet(  # noqa: PLR0913
    tour: Round,
    plan: Plan,
    network: Network,
    communes: Iterable[Commune],
    shapes: LegShapes,
    *,
    base_url: str,
    codes: Codes | None = None,
) -> bytes:
    """The sheet of one round of a plan, from the same template."""
    title = f"Feuille de route, {words.day_and_year(tour.date)}, {tour.label}"
    desk = Desk(
        plan=plan,
        network=network,
        communes=tuple(communes),
        shapes=shapes,
        base_url=base_url,
        codes=codes or {},
    )
    return _printed(title, (tour,), desk)


def _printed(title: str, rounds: Iterable[Round], desk: Desk) -> bytes:
    data = {
        "title": printable(title),
        "organisation": printable(desk.network.organisation),
        "rounds": [round_data(tour, desk) for tour in rounds],
    }
    printed = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],  # tagged, titled, every picture told in words
        timestamp=int(desk.plan.created_at.timestamp()),
    )
    return bytes(printed)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
