"""What an import would change, or has changed, on the wire."""

from typing import Annotated, Any

from pydantic import Field

from api.services.exchange.difference import Difference
from api.services.exchange.sheaf import FieldChange, Sheaf
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
    """A site, a vehicle or a driver that a file tells of, or does not."""

    code: str
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
    def of(cls, sheaf: Sheaf[Any], found: Difference) -> "FileOut":
        def told(record: Any) -> ThingOut:
            cells = [CellOut.of(one) for one in sheaf.differences.get(record.code, ())]
            line = found.lines.get((sheaf.kind.file, record.code))
            return ThingOut(code=record.code, name=record.name, line=line, cells=cells)

        return cls(
            file=sheaf.kind.file,
            created=[told(one) for one in sheaf.created],
            changed=[told(one) for one in sheaf.changed],
            missing=[told(one) for one in sheaf.missing],
            unchanged=sheaf.unchanged,
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
            files=[FileOut.of(sheaf, found) for sheaf in found.sheaves if sheaf.given],
            settings=[CellOut.of(one) for one in found.settings],
            ground=list(found.ground),
            findings=[FindingOut.of(one) for one in found.findings],
        )
