"""What hangs on a network and is told in files of its own, any of which a folder may leave out: whom to call,
seasons, closures, absences. A line becomes the fields of a record. The column titles are named here alone.

A cell that a line leaves empty says nothing: an empty `lieu` of a closure is the whole network.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from models.network.cells import Cells

CONTACTS, SEASONS, CLOSURES, ABSENCES = "contacts.csv", "seasons.csv", "closures.csv", "absences.csv"

# The titles of each file that must be there, then those that may, in the order in which they are written.
ANNEX_COLUMNS: Mapping[str, tuple[str, str]] = {
    CONTACTS: ("lieu nom", "fonction telephone courriel"),
    SEASONS: ("lieu du au", "libelle horaires horaires_navette"),
    CLOSURES: ("lieu du au", "motif etat declaree_par"),
    ABSENCES: ("du au", "chauffeur vehicule motif"),
}
ANNEX_TITLES: Mapping[str, tuple[str, ...]] = {
    name: tuple(" ".join(titles).split()) for name, titles in ANNEX_COLUMNS.items()
}

Fields: TypeAlias = dict[str, Any]
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


class Standing(StrEnum):
    """What became of a closure, as files say it."""

    PROPOSED = "proposée"
    ACCEPTED = "acceptée"


def contact(cells: Cells) -> Fields:
    """A row of contacts.csv."""
    mail = cells.text("courriel")
    if mail and not _MAIL.fullmatch(mail):
        cells.complain(f"« {mail} » n'est pas une adresse électronique.", "Corrigez-la.")
    return {
        "site": cells.needed("lieu"),
        "name": cells.needed("nom"),
        "role": cells.text("fonction"),
        "phone": cells.phone(),
        "email": mail,
    }


def season(cells: Cells) -> Fields:
    """A row of seasons.csv. Empty hours keep the ordinary ones."""
    return {
        "site": cells.needed("lieu"),
        **_days(cells),
        "label": cells.text("libelle"),
        "opening": cells.hours("horaires"),
        "shuttle_hours": cells.hours("horaires_navette"),
    }


def closure(cells: Cells) -> Fields:
    """A row of closures.csv; accepted unless it says otherwise."""
    said = cells.text("etat")
    return {
        "site": cells.text("lieu") or None,
        **_days(cells),
        "reason": cells.text("motif"),
        "status": cells.word("etat", Standing, Standing.ACCEPTED) if said else Standing.ACCEPTED,
        "declared_by": cells.text("declaree_par"),
    }


def absence(cells: Cells) -> Fields:
    """A row of absences.csv: of a driver, or of a vehicle."""
    driver, vehicle = cells.text("chauffeur"), cells.text("vehicule")
    if bool(driver) == bool(vehicle):
        message = "il faut un chauffeur ou un véhicule, et un seul des deux."
        cells.complain(message, "Complétez l'une des deux colonnes, et laissez l'autre vide.")
    return {
        "driver": driver or None,
        "vehicle": vehicle or None,
        **_days(cells),
        "reason": cells.text("motif"),
    }


def _days(cells: Cells) -> Fields:
    first, last = cells.day("du"), cells.day("au")
    if first and last and first > last:
        cells.complain("la fin vient avant le début.", "Échangez « du » et « au ».")
    return {"starts_on": first, "ends_on": last}


READERS: Mapping[str, Callable[[Cells], Fields]] = {
    CONTACTS: contact,
    SEASONS: season,
    CLOSURES: closure,
    ABSENCES: absence,
}
