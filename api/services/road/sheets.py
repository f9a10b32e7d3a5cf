"""A report as tables for spreadsheet programs. No text in it is ever taken for a formula."""

import csv
import io
from collections.abc import Sequence
from typing import TypeAlias

from api.wire.reports import ReportOut
from models.network.sheet import guarded

Cell: TypeAlias = str | int | None
Table: TypeAlias = list[list[Cell]]
_TOTALS = {
    "rounds_planned": "Tournées planifiées",
    "rounds_driven": "Tournées pointées",
    "metres_planned": "Mètres planifiés",
    "metres_driven": "Mètres des tournées pointées",
    "seconds_planned": "Secondes planifiées",
    "seconds_driven": "Secondes du premier au dernier pointage",
    "visits_planned": "Passages planifiés",
    "visits_done": "Passages faits",
    "visits_closed": "Portes closes",
    "visits_missed": "Passages manqués",
    "visits_off_plan": "Passages hors planning",
    "visits_useless": "Passages sans rien échanger",
    "begun": "Passages dont l'heure est connue",
    "punctual": "Passages dans le créneau annoncé",
    "punctual_permille": "Ponctualité (‰)",
    "crates_delivered": "Bacs déposés",
    "crates_picked_up": "Bacs repris",
    "empties": "Bacs vides",
    "documents_announced": "Documents annoncés",
    "documents_arrived": "Documents arrivés",
    "cost_cents": "Coût (centimes)",
}
_SITES = {
    "site": "Site",
    "commune": "Commune",
    "planned": "Passages planifiés",
    "done": "Faits",
    "closed": "Portes closes",
    "missed": "Manqués",
    "useless": "Sans rien échanger",
    "punctual_permille": "Ponctualité (‰)",
    "delivered": "Bacs déposés",
    "picked_up": "Bacs repris",
    "balance": "Solde de bacs",
    "visits_per_week_hundredths": "Passages par semaine (× 100)",
    "mean_wait_tenths": "Attente moyenne (dixièmes de jour)",
    "longest_wait_days": "Plus longue attente (jours)",
}
_FLOWS = {
    "origin": "De",
    "destination": "À",
    "crates": "Bacs",
    "documents": "Documents annoncés",
    "items": "Documents demandés",
}


def tables(report: ReportOut) -> dict[str, Table]:
    """By name: « bilan », « sites », « trajets »; the first row holds the titles."""
    totals = report.totals.model_dump()
    head: Table = [["Mesure", "Valeur"], ["Du", str(report.first)], ["Au", str(report.last)]]
    return {
        "bilan": head + [[title, totals[name]] for name, title in _TOTALS.items()],
        "sites": _table(_SITES, [one.model_dump() for one in report.sites]),
        "trajets": _table(_FLOWS, [one.model_dump() for one in report.flows]),
    }


def as_csv(table: Table) -> str:
    """Commas and UTF-8 with a mark, which spreadsheet programs open without a question."""
    out = io.StringIO()
    csv.writer(out).writerows([[_safe(cell) for cell in row] for row in table])
    return "\ufeff" + out.getvalue()


def as_xlsx(found: dict[str, Table]) -> bytes:
    """One sheet per table."""
    from openpyxl import Workbook  # noqa: PLC0415  # 0.2 s that only workbooks are worth

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in found.items():
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append([_safe(cell) for cell in row])
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) else cell


def _table(titles: dict[str, str], rows: Sequence[dict[str, Cell]]) -> Table:
    return [list(titles.values()), *([row[name] for name in titles] for row in rows)]
