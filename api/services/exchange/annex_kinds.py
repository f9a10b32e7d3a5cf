"""Contacts, seasons, closures and absences alike: their records, and their cells in files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from models.network import annexes
from models.network.annexes import Fields, Standing
from models.network.cells import Cells
from models.tables.network import (
    AbsenceRecord,
    ClosureRecord,
    ClosureStatus,
    ContactRecord,
    SeasonRecord,
)

A = TypeVar("A", ContactRecord, SeasonRecord, ClosureRecord, AbsenceRecord)
Subject = tuple[str, str]  # of what kind (« site », « driver », « vehicle »), and its code

_STATUS = {Standing.PROPOSED: ClosureStatus.PROPOSED, Standing.ACCEPTED: ClosureStatus.ACCEPTED}
_STANDING = {status: standing for standing, status in _STATUS.items()}


@dataclass(frozen=True, kw_only=True)
class AnnexKind(Generic[A]):
    """One of the four. `names` are the fields of its record by the titles of its file; `key`, the titles that
    tell lines apart; `first`, those that count only for what is new; `label`, how people call one."""

    record: type[A]
    file: str
    names: Mapping[str, str]
    key: tuple[str, ...]
    label: Callable[[A], str]
    first: frozenset[str] = frozenset()

    def read(self, cells: Cells) -> Fields:
        """A line as the fields of a record."""
        found = annexes.READERS[self.file](cells)
        return {**found, "status": _STATUS[found["status"]]} if "status" in found else found

    def cells(self, record: A) -> dict[str, str]:
        """A record as the cells that `read` makes it from again."""
        return self.told({name: getattr(record, name) for name in self.names.values()})

    def told(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """Fields as cells."""
        return {title: _cell(fields[name]) for title, name in self.names.items()}

    def subject(self, fields: Mapping[str, Any]) -> Subject | None:
        """Whom a line is about; None for the whole network."""
        for what in ("site", "driver", "vehicle"):
            if fields.get(what):
                return what, fields[what]
        return None


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case ClosureStatus():
            return str(_STANDING[value])
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _span(record: SeasonRecord | ClosureRecord | AbsenceRecord) -> str:
    return f"du {record.starts_on:%d/%m/%Y} au {record.ends_on:%d/%m/%Y}"


CONTACT = AnnexKind[ContactRecord](
    record=ContactRecord,
    file=annexes.CONTACTS,
    names={"lieu": "site", "nom": "name", "fonction": "role", "telephone": "phone", "courriel": "email"},
    key=("lieu", "nom"),
    label=lambda record: record.name,
)
SEASON = AnnexKind[SeasonRecord](
    record=SeasonRecord,
    file=annexes.SEASONS,
    names={
        "lieu": "site",
        "du": "starts_on",
        "au": "ends_on",
        "libelle": "label",
        "horaires": "opening",
        "horaires_navette": "shuttle_hours",
    },
    key=("lieu", "du"),
    label=lambda record: f"{record.label or 'saison'} {_span(record)}",
)
CLOSURE = AnnexKind[ClosureRecord](
    record=ClosureRecord,
    file=annexes.CLOSURES,
    names={
        "lieu": "site",
        "du": "starts_on",
        "au": "ends_on",
        "motif": "reason",
        "etat": "status",
        "declaree_par": "declared_by",
    },
    key=("lieu", "du", "au"),
    label=lambda record: f"fermeture {_span(record)}",
    first=frozenset({"declaree_par"}),
)
ABSENCE = AnnexKind[AbsenceRecord](
    record=AbsenceRecord,
    file=annexes.ABSENCES,
    names={
        "du": "starts_on",
        "au": "ends_on",
        "chauffeur": "driver",
        "vehicule": "vehicle",
        "motif": "reason",
    },
    key=("chauffeur", "vehicule", "du"),
    label=lambda record: f"absence {_span(record)}",
)
ANNEX_KINDS: tuple[AnnexKind[Any], ...] = (CONTACT, SEASON, CLOSURE, ABSENCE)
