"""Documents on their way, on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.services.items.crates import Packed
from api.services.items.difference import Changed, Gone
from api.services.items.importing import Imported
from api.services.items.sources import SourceSettings, settings_of
from api.services.items.where import ItemWhere, Where
from api.wire.base import Wire
from models.tables.demand import ItemRecord, TransferReadRecord, TransferSourceRecord
from models.transfers.values import Field as ItemField
from models.transfers.values import ItemState, Transfer

_SHOWN = 200
Barcode = Annotated[str, Field(min_length=1, max_length=64, examples=["30593004517182"])]
ShortText = Annotated[str, Field(min_length=1, max_length=200)]


class ItemOut(Wire):
    """A document asked for by another library. No reader is ever named."""

    id: UUID
    version: int
    barcode: Barcode
    title: str | None
    origin: Annotated[str, Field(examples=["hazebrouck"])]
    destination: Annotated[str, Field(examples=["cassel"])]
    requested_at: datetime
    state: ItemState
    crate: Annotated[str | None, Field(description="Le bac où il est rangé.")]
    source: Annotated[str, Field(description="Le logiciel qui l'a annoncé.")]
    reference: str
    updated_at: datetime


def item_out(record: ItemRecord) -> ItemOut:
    return ItemOut(**record.model_dump())


class ItemWhereOut(Wire):
    """Où est un document : un mot, d'où on le sait, et depuis quand."""

    barcode: str
    where: Annotated[Where, Field(description="livré, en route, prévu, en attente ou inconnu.")]
    basis: Annotated[str, Field(examples=["Dans le bac B12, à bord de la navette."])]
    since: Annotated[datetime | None, Field(description="Quand cela a été appris.")]
    age_s: Annotated[int | None, Field(ge=0, description="Âge de cette information, en secondes.")]
    pickup_at: Annotated[datetime | None, Field(description="Quand la navette passe le prendre.")]
    item: ItemOut | None


def where_out(barcode: str, found: ItemWhere, at: datetime) -> ItemWhereOut:
    return ItemWhereOut(
        barcode=barcode,
        where=found.where,
        basis=found.basis,
        since=found.since,
        age_s=None if found.since is None else max(0, int((at - found.since).total_seconds())),
        pickup_at=found.pickup_at,
        item=None if found.record is None else item_out(found.record),
    )


class PackIn(Wire):
    """Des documents à ranger dans un bac."""

    barcodes: Annotated[list[Barcode], Field(min_length=1, max_length=200)]


class PackedOut(Wire):
    """Ce qui est rangé, et les codes-barres que personne n'attend."""

    packed: list[ItemOut]
    unknown: list[str]


def packed_out(found: Packed) -> PackedOut:
    return PackedOut(packed=[item_out(one) for one in found.records], unknown=list(found.unknown))


class SourceIn(Wire):
    """Comment une source nomme ses colonnes, ses sites et ses états. `secret` n'est jamais relu."""

    columns: Annotated[
        dict[ItemField, ShortText],
        Field(
            default_factory=dict,
            description="Champ → titre de colonne.",
            examples=[{"barcode": "Code-barres"}],
        ),
    ]
    sites: Annotated[
        dict[ShortText, ShortText],
        Field(
            default_factory=dict,
            description="Code de la source → code de Navette.",
            examples=[{"BIB-CASS": "cassel"}],
        ),
    ]
    states: Annotated[
        dict[ShortText, ItemState],
        Field(default_factory=dict, description="Mot de la source → état.", examples=[{"E": "waiting"}]),
    ]
    gone: Annotated[
        Gone, Field(description="Ce que deviennent les documents qui ne sont plus dans la liste.")
    ] = Gone.ARRIVED
    address: Annotated[
        str, Field(max_length=300, description="Adresse de Koha.", examples=["https://koha.example.fr"])
    ] = ""
    login: Annotated[str, Field(max_length=200, description="Identifiant, ou client_id OAuth2.")] = ""
    how: Annotated[str, Field(pattern="^(oauth|basic)$", description="Comment s'identifier.")] = "oauth"
    secret: Annotated[
        str | None, Field(max_length=500, description="Mot de passe, ou client_secret. Absent : inchangé.")
    ] = None

    def settings(self) -> SourceSettings:
        given = self.model_dump(exclude={"secret", "name", "kind"}, mode="json")
        return SourceSettings(**{**given, "gone": self.gone})


class NewSourceIn(SourceIn):
    """Une source de plus."""

    name: ShortText
    kind: Annotated[str, Field(pattern="^(csv|koha)$")]


class SourceOut(Wire):
    """Une source de transferts. Son secret n'est pas montré."""

    id: UUID
    version: int
    name: str
    kind: str
    columns: dict[str, str]
    sites: dict[str, str]
    states: dict[str, str]
    gone: Gone
    address: str
    login: str
    how: str
    has_secret: bool
    read_at: datetime | None
    read_note: str


def source_out(record: TransferSourceRecord) -> SourceOut:
    held = settings_of(record)
    return SourceOut(
        id=record.id,
        version=record.version,
        name=record.name,
        kind=record.kind,
        columns=dict(held.columns),
        sites=dict(held.sites),
        states=dict(held.states),
        gone=held.gone,
        address=held.address,
        login=held.login,
        how=held.how,
        has_secret=bool(record.secret),
        read_at=record.read_at,
        read_note=record.read_note,
    )


class ReadOut(Wire):
    """Une lecture d'une source."""

    id: UUID
    source: str
    at: datetime
    by: str
    new: int
    changed: int
    gone: int
    refused: int
    note: str
    findings: list[str]


def read_out(record: TransferReadRecord) -> ReadOut:
    return ReadOut(**record.model_dump())


class KohaReportOut(Wire):
    """Un rapport SQL pour Koha, et comment s'en servir."""

    sql: str
    how_to: str


class NewRow(Wire):
    """Un document que Navette ne connaissait pas."""

    line: int | None
    barcode: str
    title: str | None
    origin: str
    destination: str
    state: ItemState


class ChangedRow(Wire):
    """Un document connu, et ce qui change : champ → avant, après."""

    line: int | None
    barcode: str
    fields: dict[str, tuple[str, str]]


class GoneRow(Wire):
    """Un document ouvert qui n'est plus dans la liste."""

    barcode: str
    origin: str
    destination: str
    state: ItemState


class ImportOut(Wire):
    """Ce que dit un fichier, et ce qu'il change. Les listes sont coupées à 200 ; les comptes sont entiers."""

    dry_run: Annotated[bool, Field(description="Essai : rien n'est enregistré.")]
    source: str
    form: Annotated[str, Field(examples=["Windows-1252, points-virgules"])]
    columns: Annotated[dict[str, str], Field(description="Les colonnes utilisées.")]
    dropped: Annotated[list[str], Field(description="Les colonnes écartées : elles décrivent des lecteurs.")]
    remarks: list[str]
    counts: Annotated[dict[str, int], Field(examples=[{"new": 12, "changed": 3, "gone": 1, "refused": 0}])]
    new: list[NewRow]
    changed: list[ChangedRow]
    gone: list[GoneRow]
    refused: Annotated[list[str], Field(examples=[["transferts.csv, ligne 4 : le code-barres manque."]])]
    unknown_sites: Annotated[dict[str, str], Field(description="Site inconnu → le nôtre le plus proche.")]


def import_out(imported: Imported, *, dry_run: bool) -> ImportOut:
    read, found = imported.read, imported.found
    return ImportOut(
        dry_run=dry_run,
        source=found.source,
        form=read.form,
        columns={str(name): title for name, title in read.columns.items()},
        dropped=list(read.dropped),
        remarks=[str(one) for one in imported.remarks],
        counts={
            "new": len(found.new),
            "changed": len(found.changed),
            "gone": len(found.gone),
            "refused": len(read.refused),
            "same": found.same,
        },
        new=[_new(one) for one in found.new[:_SHOWN]],
        changed=[_changed(one) for one in found.changed[:_SHOWN]],
        gone=[GoneRow(**one.model_dump(include=set(GoneRow.model_fields))) for one in found.gone[:_SHOWN]],
        refused=[str(one) for one in read.refused[:_SHOWN]],
        unknown_sites=dict(read.unknown_sites),
    )


def _new(one: Transfer) -> NewRow:
    return NewRow(
        line=one.line,
        barcode=one.barcode,
        title=one.title,
        origin=one.origin,
        destination=one.destination,
        state=one.state,
    )


def _changed(one: Changed) -> ChangedRow:
    return ChangedRow(line=one.transfer.line, barcode=one.transfer.barcode, fields=_words(one.fields))


def _words(fields: Mapping[str, tuple[object, object]]) -> dict[str, tuple[str, str]]:
    return {name: (_word(before), _word(after)) for name, (before, after) in fields.items()}


def _word(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
