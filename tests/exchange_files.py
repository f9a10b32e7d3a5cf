"""Files as people send them to be imported: libraries.csv with changes, workbooks, and the sending itself."""

import csv
import io
from typing import Any

from fastapi.testclient import TestClient
from openpyxl import Workbook

from models.network.read import default_folder
from models.network.write import TITLES

DATA = default_folder()
LIBRARIES = (DATA / "libraries.csv").read_text(encoding="utf-8")
PATH = "/api/v1/network/import"


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(LIBRARIES)))


def as_csv(found: list[dict[str, str]], separator: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(found[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return stream.getvalue()


def send(client: TestClient, *files: tuple[str, bytes], seen: int | None = None, **asked: Any) -> Any:
    """An import: a look when no version was seen, else for good."""
    columns = asked.pop("columns", "")
    headers = {} if seen is None else {"If-Match": f'"v{seen}"'}
    return client.post(
        PATH,
        params={"dry_run": seen is None, **asked},
        files=[("files", (name, content)) for name, content in files],
        data={"columns": columns} if columns else None,
        headers=headers,
    )


def changed(cells: dict[str, dict[str, str]], *more: dict[str, str]) -> bytes:
    """libraries.csv with some cells changed, by id, and some rows more."""
    found = [{**row, **cells.get(row["identifiant"], {})} for row in rows()]
    return as_csv([*found, *more]).encode()


NEW = {
    **dict.fromkeys(TITLES["libraries.csv"], ""),
    "identifiant": "nouvelle",
    "nom": "Bibliothèque nouvelle",
    "type": "bibliothèque",
    "commune": "Cassel",
    "insee": "59135",
    "code_postal": "59670",
    "lon": "2.4871",
    "lat": "50.8003",
    "horaires": "We 14:00-17:00; PH off",
    "acces": "ouverture",
    "passages_par_semaine": "1",
    "bacs_deposes": "1",
    "bacs_pris": "1",
}


def workbook(found: list[dict[str, Any]], title: str = "libraries") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(list(found[0]))
    for row in found:
        sheet.append(list(row.values()))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
