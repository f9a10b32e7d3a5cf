"""Delays between all pairs as a spreadsheet reads them: one line per pair."""

import csv
import io

from api.wire.delays import DelaysOut
from models.network.sheet import guarded

COLUMNS = (
    "de", "commune de départ", "vers", "commune d'arrivée", "médiane (h)", "médiane (jours)", "90 % (h)",
    "90 % (jours)",
)  # fmt: skip


def delays_csv(table: DelaysOut) -> str:
    """Byte order mark, semicolons, decimal commas, CRLF: a double click opens it. Empty where not served."""
    written = io.StringIO(newline="")
    written.write("\ufeff")
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for k, origin in enumerate(table.villages):
        for n, destination in enumerate(table.villages):
            if k != n:
                ends = (origin.site, origin.commune, destination.site, destination.commune)
                rows.writerow([*map(guarded, ends), *_cells(table.median[k][n]), *_cells(table.ninety[k][n])])
    return written.getvalue()


def _cells(hours: int | None) -> tuple[str, str]:
    return ("", "") if hours is None else (str(hours), f"{hours / 24:.1f}".replace(".", ","))
