"""What an import would change, or has changed, on the wire."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from api.services.exchange.difference import Difference
from api.services.exchange.sheaf import FieldChange, FileDifference, Thing
from api.wire.base import Wire
from api.wire.network import FindingOut


class CellOut(Wire):
    """One cell before and after."""

    column: Annotated[str, Field(examples=["horaires"])]
    before: str
    after: str

    @classmethod
    def of(cls, change: FieldChange) -> "CellOut":
        return cls(column=change.column, before=change.before, after=change.after)


class ThingOut(Wire):
    """What a file tells of, or does not: a site, a vehicle, a driver, a contact, a closure…"""

    code: Annotated[str, Field(description="Le sien, ou celui du lieu, du chauffeur, du véhicule concerné.")]
    name: str
    line: Annotated[int | None, Field(description="La ligne du fichier.")]
    cells: Annotated[list[CellOut], Field(description="Ce qui change ; vide pour ce qui est nouveau.")]


class FileOut(Wire):
    """What a file would change. What is missing from it stays, unless `archive_missing` was asked."""

    file: Annotated[str, Field(examples=["libraries.csv"])]
    created: list[ThingOut]
    changed: list[ThingOut]
    missing: list[ThingOut]
    unchanged: int

    @classmethod
    def of(cls, found: FileDifference) -> "FileOut":
        def told(things: Iterable[Thing]) -> list[ThingOut]:
            return [
                ThingOut(
                    code=one.code, name=one.name, line=one.line, cells=[CellOut.of(c) for c in one.cells]
                )
                for one in things
            ]

        return cls(
            file=found.file,
            created=told(found.created),
            changed=told(found.changed),
            missing=told(found.missing),
            unchanged=found.unchanged,
        )


class ImportOut(Wire):
    """What an import would change (`stored` false), or has changed. `version` is the network's revision: send
    it back as If-Match to store exactly this."""

    version: int
    stored: bool
    storable: Annotated[bool, Field(description="Faux : des erreurs empêchent d'enregistrer.")]
    nothing: Annotated[bool, Field(description="Vrai : les fichiers ne changent rien.")]
    archive_missing: bool
    files: list[FileOut]
    settings: list[CellOut]
    ground: Annotated[list[str], Field(description="Communes et temps de route remplacés.")]
    findings: list[FindingOut]

    @classmethod
    def of(cls, found: Difference, revision: int, *, stored: bool) -> "ImportOut":
        return cls(
            version=revision,
            stored=stored,
            storable=found.storable,
            nothing=found.nothing,
            archive_missing=found.archive_missing,
            files=[FileOut.of(one) for one in found.files],
            settings=[CellOut.of(one) for one in found.settings],
            ground=list(found.ground),
            findings=[FindingOut.of(one) for one in found.findings],
        )
