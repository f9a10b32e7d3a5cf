"""python -m models.network.assume FOLDER — propose what the folder's libraries.csv does not tell."""

import csv
import io
import sys
from pathlib import Path

from models.communes import read_communes
from models.errors import InputError
from models.network.assume.fill import fill
from models.network.cells import Cells
from models.network.rows import COLUMNS, LIBRARIES
from models.network.sheet import read_sheet

_FACTS = ("heures_hebdo", "surface_m2", "livres", "salaries", "benevoles")


def main(folder: Path) -> int:
    """Rewrite libraries.csv with its empty cells filled and marked. Exit code 0, 2 for unusable input."""
    try:
        path = folder / LIBRARIES
        text = filled_sheet(path, folder / "communes.geojson")
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    aside = path.with_suffix(".nouveau")
    aside.write_text(text, encoding="utf-8", newline="")
    aside.replace(path)
    return 0


def filled_sheet(path: Path, communes: Path) -> str:
    """The text of libraries.csv, filled: UTF-8, commas, the column order of the file."""
    inhabitants = {commune.insee: commune.population for commune in read_communes(communes)}
    required, optional = (titles.split() for titles in COLUMNS[LIBRARIES])
    sheet = read_sheet(path, (*required, *optional), frozenset(required + optional))
    findings = [*sheet.findings]
    for row in sheet.rows:
        for column in _FACTS:
            Cells(LIBRARIES, row, findings).number(column, 0, 0, 1_000_000)
    if any(finding.serious for finding in findings):
        raise InputError(f"Le fichier « {path} » ne peut pas être complété.", tuple(findings))
    strange = sorted({row.cells.get("insee", "") for row in sheet.rows} - set(inhabitants))
    if strange:
        raise InputError(f"Codes INSEE inconnus dans « {path} » : {', '.join(strange)}.")
    out = io.StringIO()
    writer = csv.DictWriter(out, sheet.columns, lineterminator="\n")
    writer.writeheader()
    try:
        writer.writerows(fill((dict(row.cells) for row in sheet.rows), inhabitants))
    except ValueError as error:
        raise InputError(
            f"Un total « heures_hebdo » de « {path} » dépasse une semaine habituelle."
        ) from error
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "data")))
