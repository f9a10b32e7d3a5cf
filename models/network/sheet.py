"""CSV files as people save them: rows with their line numbers, whatever the spreadsheet program.

Accepted: UTF-8 with or without a byte order mark, UTF-16, Windows-1252; commas, semicolons or tabs;
column titles in any case, with or without accents; blank lines and empty columns at the end.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from models.errors import Finding

_SEPARATORS = {",": "virgules", ";": "points-virgules", "\t": "tabulations"}
_USUAL = "UTF-8, virgules"
_FORMULA = re.compile(r"'*[ \u00a0\u202f]*[=+\-@\t\r]")  # blanks before it do not always save it
_FORM_REMEDY = "Rien à faire si les accents des noms sont justes."


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of a sheet: cells without blanks around them, by plain column title."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A CSV file. `findings` says what was wrong, or merely unusual, in its form.

    `form` tells how the file was written, in French, for a person.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    form: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The lines of a file, (1-based line, cells) each, the first being the titles; `form` as in `Sheet`."""

    lines: tuple[tuple[int, list[str]], ...]
    form: str = _USUAL


def read_sheet(path: Path, required: tuple[str, ...], known: frozenset[str]) -> Sheet:
    """Read a CSV file; everything that is wrong comes as findings, never as an exception."""
    try:
        raw = path.read_bytes()
    except OSError:
        return _unreadable(path.name, "le fichier manque ou ne s'ouvre pas.", _missing_remedy(path))
    table = table_of(path.name, raw, _missing_remedy(path))
    return table if isinstance(table, Sheet) else sheet_of(path.name, table, required, known)


def table_of(name: str, raw: bytes, if_empty: str = "Remplissez-le.") -> Table | Sheet:
    """The bytes of a CSV file as lines; a sheet with nothing but the reason why not."""
    text, encoding = _decode(raw)
    if not text.strip():
        return _unreadable(name, "le fichier est vide.", if_empty)
    separator = _separator(text)
    try:
        lines = tuple(_lines(text, separator))
    except csv.Error:
        message = "un guillemet ouvert n'est pas refermé, ou le fichier n'est pas un tableau CSV."
        return _unreadable(name, message, "Enregistrez-le à nouveau au format CSV.")
    if not lines:
        return _unreadable(name, "le fichier est vide.", if_empty)
    return Table(lines=lines, form=f"{encoding}, {_SEPARATORS[separator]}")


def guarded(cell: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what looks like one."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given; any other text as it stands."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def plain(title: str) -> str:
    """A title or a keyword without capitals, accents, spaces: « Horaires navette » → horaires_navette."""
    folded = unicodedata.normalize("NFKD", title.strip().lower())
    return "".join(c for c in folded if not unicodedata.combining(c)).replace(" ", "_").replace("-", "_")


def _decode(raw: bytes) -> tuple[str, str]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), "Windows-1252"


def _separator(text: str) -> str:
    """The separator that cuts the first written line into the most cells."""
    header = next(line for line in text.splitlines() if line.strip())
    return max(_SEPARATORS, key=header.count)


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """(1-based line where it starts, cells) of each line that holds something."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield start, [cell.strip() for cell in cells]
        start = reader.line_num + 1


def sheet_of(
    name: str, table: Table, required: tuple[str, ...] = (), known: frozenset[str] | None = None
) -> Sheet:
    """The lines of a table under their titles. Any title will do where `known` is None."""
    lines, form = table.lines, table.form
    header_line, titles = lines[0]
    columns = tuple(plain(title) for title in titles)
    findings = _header_findings(name, header_line, columns, required, known)
    rows: list[Row] = []
    for line, cells in lines[1:]:
        cut = _cut(cells, len(columns))
        if len(cut) != len(columns):
            findings.append(_width_finding(name, line, len(cut), len(columns)))
        else:
            rows.append(Row(line=line, cells=dict(zip(columns, map(unguarded, cut), strict=True))))
    if len(lines) == 1:
        message = "il n'y a aucune ligne sous les titres."
        findings.append(
            Finding(where=name, line=header_line, message=message, remedy="Ajoutez-en au moins une.")
        )
    if form != _USUAL:
        message = f"fichier lu comme : {form}."
        findings.append(Finding(where=name, message=message, remedy=_FORM_REMEDY, serious=False))
    return Sheet(name=name, columns=columns, rows=tuple(rows), findings=tuple(findings), form=form)


def _cut(cells: list[str], width: int) -> list[str]:
    """Without the empty cells that spreadsheets leave beyond the last column."""
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells


def _header_findings(
    name: str, line: int, columns: tuple[str, ...], required: tuple[str, ...], known: frozenset[str] | None
) -> list[Finding]:
    findings = []
    missing = [column for column in required if column not in columns]
    if missing:
        message = f"il manque {_columns(missing)}."
        remedy = (
            "Ajoutez-la à la première ligne." if len(missing) == 1 else "Ajoutez-les à la première ligne."
        )
        findings.append(Finding(where=name, line=line, message=message, remedy=remedy))
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        message = f"{_columns(twice)} figure plusieurs fois."
        findings.append(Finding(where=name, line=line, message=message, remedy="N'en gardez qu'une."))
    strange = [column for column in columns if column and known is not None and column not in known]
    if strange and known is not None:
        message = f"{_columns(strange)} n'est pas utilisée par Navette."
        near = _nearest(strange, known.difference(columns))
        remedy = f"{near}Vérifiez son nom, ou laissez-la : elle est ignorée."
        findings.append(Finding(where=name, line=line, message=message, remedy=remedy, serious=False))
    return findings


def _nearest(strange: Sequence[str], free: Collection[str]) -> str:
    """The known titles that unknown ones resemble, as a question."""
    pairs = [(title, get_close_matches(title, free, n=1, cutoff=0.6)) for title in strange]
    told = ", ".join(f"« {near[0]} » au lieu de « {title} »" for title, near in pairs if near)
    return f"Vouliez-vous dire {told} ? " if told else ""


def _columns(titles: list[str]) -> str:
    return ("la colonne " if len(titles) == 1 else "les colonnes ") + ", ".join(f"« {t} »" for t in titles)


def _width_finding(name: str, line: int, found: int, wanted: int) -> Finding:
    return Finding(
        where=name,
        line=line,
        message=f"{found} cellules au lieu de {wanted}.",
        remedy="Entourez de guillemets les textes qui contiennent le séparateur, et complétez les cellules "
        "qui manquent.",
    )


def _unreadable(name: str, message: str, remedy: str) -> Sheet:
    finding = Finding(where=name, message=message, remedy=remedy)
    return Sheet(name=name, columns=(), rows=(), findings=(finding,))


def _missing_remedy(path: Path) -> str:
    return f"Placez « {path.name} » dans le dossier « {path.parent} »."
