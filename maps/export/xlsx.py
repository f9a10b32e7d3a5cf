"""The week's visits as a spreadsheet file: visits, rounds, what is not planned."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from maps import words
from models.network.values import Network
from models.plan import Plan, Round, Visit

_VISITS = (
    "Date", "Jour", "Tournée", "Numéro", "Bibliothèque", "Commune", "Adresse", "Code postal", "Arrivée",
    "Début", "Fin", "Annoncé de", "Annoncé à", "Bacs déposés", "Bacs pris", "Bacs à bord", "Trajet (km)",
    "Trajet", "Véhicule", "Conduite", "Remarques", "Identifiant",
)  # fmt: skip
_ROUNDS = (
    "Date", "Jour", "Tournée", "Véhicule", "Conduite", "Départ", "Retour", "Durée", "Passages",
    "Distance (km)",
    "Bacs au départ", "Bacs au plus", "Bacs au retour", "Remarques", "Identifiant",
)  # fmt: skip
_MISSING = ("Bibliothèque", "Commune", "Passages manquants", "Raison", "Identifiant")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DAY, _CLOCK, _KM = "dd/mm/yyyy", "[hh]:mm", "0.0"
_MOST = 32_000  # what a cell may hold, a little less


def plan_xlsx(plan: Plan, network: Network) -> bytes:
    """`horaires.xlsx`: three sheets. Times are durations of the service day, dates dates, texts always texts:
    none of them can be taken for a formula.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "Navette"
    book.properties.title = f"Navette, {words.week(plan.week)}"
    # A file says when its plan was made, not when somebody fetched it.
    book.properties.created = book.properties.modified = plan.created_at.astimezone(UTC).replace(tzinfo=None)
    calls = ((tour, visit) for tour in plan.rounds for visit in tour.visits)
    _sheet(book, "Passages", _VISITS, (_visit(tour, visit, network) for tour, visit in calls))
    _sheet(book, "Tournées", _ROUNDS, (_round(tour, network) for tour in plan.rounds))
    _sheet(book, "Non planifiés", _MISSING, _missing(plan, network))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet(book: Workbook, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet: Any = book.create_sheet(name)  # a write-only sheet, which no stub tells from others
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        wide = column in {"Bibliothèque", "Adresse", "Remarques", "Raison", "Tournée", "Identifiant"}
        sheet.column_dimensions[get_column_letter(number)].width = 32 if wide else 13
    sheet.append([_cell(sheet, column, bold=True) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """A cell; a text is a text, whatever it begins with."""
    format_ = None
    if isinstance(value, tuple):
        value, format_ = value
    if isinstance(value, str):
        value = _CONTROL.sub("", value)[:_MOST]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = True
    if format_:
        cell.number_format = format_
    if bold:
        cell.font = Font(bold=True)
    return cell


def _visit(tour: Round, visit: Visit, network: Network) -> list[Any]:
    site = network.site(visit.site)
    return [
        (tour.date, _DAY),
        words.WEEKDAYS[tour.date.weekday()],
        tour.label,
        visit.number,
        site.name,
        site.commune,
        site.address,
        site.postcode,
        *(_clock(second) for second in (visit.arrival_s, visit.begin_s, visit.end_s)),
        _clock(visit.announced.early),
        _clock(visit.announced.late),
        visit.deliver,
        visit.collect,
        visit.load_after,
        (visit.leg_m / 1000, _KM),
        _clock(visit.leg_s),
        network.vehicle(tour.vehicle).name,
        network.driver(tour.driver).name,
        ", ".join(visit.notes),
        site.id,
    ]


def _round(tour: Round, network: Network) -> list[Any]:
    return [
        (tour.date, _DAY),
        words.WEEKDAYS[tour.date.weekday()],
        tour.label,
        network.vehicle(tour.vehicle).name,
        network.driver(tour.driver).name,
        _clock(tour.start_s),
        _clock(tour.end_s),
        _clock(tour.duration_s),
        len(tour.visits),
        (tour.distance_m / 1000, _KM),
        tour.load_start,
        tour.load_peak,
        tour.load_end,
        ", ".join(tour.notes),
        tour.id,
    ]


def _missing(plan: Plan, network: Network) -> Iterable[list[Any]]:
    for entry in plan.unplanned:
        site = network.site(entry.site)
        yield [site.name, site.commune, entry.missing, entry.reason, site.id]


def _clock(second: int) -> tuple[timedelta, str]:
    return timedelta(seconds=second), _CLOCK
