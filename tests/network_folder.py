"""A copy of the real network folder, to be spoilt: rows edited by id, the lines of the file kept."""

import csv
import shutil
from pathlib import Path

from models.errors import Finding, InputError
from models.network.check import check_folder
from models.network.read import default_folder, read_network

FILES = ("libraries.csv", "vehicles.csv", "drivers.csv", "network.toml", "communes.geojson")


def copy_folder(target: Path) -> Path:
    """The real folder's files in a fresh place."""
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(default_folder() / name, target)
    return target


def edit(folder: Path, name: str, key: str, **cells: str) -> int:
    """Change cells of the row whose `identifiant` is `key`; its 1-based line."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    line = next(number for number, row in enumerate(rows, start=2) if row["identifiant"] == key)
    assert set(cells) <= set(rows[0])
    rows[line - 2].update(cells)
    write(path, rows)
    return line


def copy_row(folder: Path, name: str, key: str, **cells: str) -> int:
    """Append a copy of a row, with other cells; its 1-based line."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.append({**next(row for row in rows if row["identifiant"] == key), **cells})
    write(path, rows)
    return len(rows) + 1


def drop_rows(folder: Path, name: str, *keys: str) -> None:
    """Remove rows by id; every row when no id is given."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, titles = list(reader), list(reader.fieldnames or ())
    write(path, [row for row in rows if keys and row["identifiant"] not in keys], titles)


def write(path: Path, rows: list[dict[str, str]], titles: list[str] | None = None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, titles or list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def replace(folder: Path, name: str, old: str, new: str) -> None:
    """Change a text that stands once in a file."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def news(folder: Path) -> list[Finding]:
    """The findings that the untouched folder does not have; summaries of whole files left out."""
    usual = set(check_folder(default_folder()))
    return [finding for finding in check_folder(folder) if finding not in usual]


def on_lines(findings: list[Finding]) -> list[Finding]:
    """Without what concerns a whole file."""
    return [finding for finding in findings if finding.line is not None]


def reading_faults(folder: Path) -> tuple[Finding, ...]:
    """What reading refuses; empty when the folder can be read."""
    try:
        read_network(folder)
    except InputError as error:
        return error.findings
    return ()
