"""Workbooks in and out: sheets named like the network's files, cells as the texts that CSV files would hold.

Macros are never looked at. Formulas are read as the values that the spreadsheet program last saw.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from api.services.exchange.zips import opened, unreadable
from models.errors import Finding
from models.network.sheet import Table, guarded
from models.network.write import NUMBERS, titles_of

MOST_ROWS, MOST_COLUMNS = 20_000, 80
_AS_TEXT = frozenset(
    {"identifiant", "insee", "code_postal", "telephone", "depot", "vehicule", "lieu", "chauffeur", "du", "au"}
)
# What openpyxl and the parsers under it raise on what is no workbook. ValueError: defusedxml's refusals too.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
    OverflowError,
    AssertionError,
)


def read_workbook(name: str, content: bytes) -> tuple[dict[str, Table], list[Finding]]:
    """The sheets of a workbook by title, and what is odd about them. InputError, TooLarge as `opened`."""
    opened(name, content).close()
    sheets, formulas = _sheets(name, content, values=False)
    findings: list[Finding] = []
    if formulas:
        sheets, _ = _sheets(name, content, values=True)
        message = f"{formulas} cellule(s) contiennent une formule : leur dernière valeur calculée est lue."
        findings.append(Finding(where=name, message=message, remedy="Vérifiez ces valeurs.", serious=False))
    return sheets, findings


def _sheets(name: str, content: bytes, *, values: bool) -> tuple[dict[str, Table], int]:
    """Every sheet as lines, and how many formulas stand in them (counted only where not `values`)."""
    from openpyxl import load_workbook  # noqa: PLC0415  # 0.3 s that only workbooks are worth
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415
    from openpyxl.xml import DEFUSEDXML  # noqa: PLC0415

    assert DEFUSEDXML, "openpyxl must read XML through defusedxml"
    found, formulas = {}, 0
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
        for sheet in book.worksheets:
            lines, counted = _lines(name, sheet)
            formulas += counted
            if lines:
                found[sheet.title] = Table(lines=tuple(lines), form=f"XLSX, feuille {sheet.title}")
        book.close()
    except (*_DAMAGED, InvalidFileException) as error:
        raise unreadable(name, "ce n'est pas un classeur XLSX lisible.") from error
    return found, formulas


def _lines(name: str, sheet: Any) -> tuple[list[tuple[int, list[str]]], int]:
    """The lines of a sheet that hold something, as wide as its titles, and how many formulas it has."""
    sheet.reset_dimensions()  # what a sheet says of its own size is not believed
    lines: list[tuple[int, list[str]]] = []
    formulas, width, blank = 0, 0, None
    for line, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if row is blank:  # the very same for all rows that a file leaves out: a million of them pass quickly
            continue
        cells = _trimmed([_text(cell.value) for cell in row])
        if not cells:
            blank = row
            continue
        if line > MOST_ROWS:
            raise unreadable(name, f"la feuille « {sheet.title} » a plus de {MOST_ROWS} lignes.")
        formulas += sum(cell.data_type == "f" for cell in row)
        width = width or len(cells)
        lines.append((line, cells + [""] * (width - len(cells))))
    return lines, formulas


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
        case _:
            return " ".join(str(value).split())


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def write_workbook(sheets: Mapping[str, Iterable[Mapping[str, str]]]) -> bytes:
    """A workbook with one sheet per file of the network, `libraries.csv` → `libraries`."""
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        sheet.append(list(titles_of(name)))
        for row in rows:
            sheet.append([_cell(sheet, title, row.get(title, "")) for title in titles_of(name)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(sheet: Any, title: str, text: str) -> Any:
    if not text:
        return None
    if title in NUMBERS:
        return float(text) if "." in text or "e" in text else int(text)
    if title not in _AS_TEXT:
        return guarded(text)
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, value=guarded(text))
    cell.number_format = "@"
    return cell
