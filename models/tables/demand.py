"""What travels: crates, documents on their way, shipments, and the flows that come back every week.

Readers never enter here: a document is known by its barcode and the two libraries it goes between.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.custody.crates import Holder
from models.tables.base import Record, UtcDateTime, Versioned, now, words
from models.transfers.values import ItemState


class CrateRecord(Versioned, table=True):
    """A barcoded container. `code` is what is printed on it, `home` the site it belongs to."""

    __tablename__ = "crate"

    code: str = Field(unique=True)
    label: str = ""
    home: str | None = Field(default=None, foreign_key="site.code", index=True)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CustodyRecord(Record, table=True):
    """Where a crate is, as the facts told so far say: a projection, made anew from the facts at will.

    `holder_ref` is a site's or a round's code; `crate` may be a code that nobody has registered.
    """

    __tablename__ = "custody"

    crate: str = Field(unique=True)
    holder: Holder = Field(default=Holder.UNKNOWN, sa_type=words(Holder))
    holder_ref: str = Field(default="", index=True)
    empty: bool | None = None
    since: datetime = Field(sa_type=UtcDateTime)
    scan: str = ""


class ItemRecord(Versioned, table=True):
    """A document asked for by another library; `source` and `reference` name it in other software."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("source", "reference"),)

    barcode: str = Field(index=True)
    title: str | None = None
    origin: str = Field(foreign_key="site.code", index=True)
    destination: str = Field(foreign_key="site.code", index=True)
    requested_at: datetime = Field(sa_type=UtcDateTime)
    state: ItemState = Field(default=ItemState.WAITING, sa_type=words(ItemState), index=True)
    crate: str | None = Field(default=None, index=True)
    source: str
    reference: str
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ShipmentState(StrEnum):
    """How far a shipment has got."""

    ANNOUNCED = "announced"
    CARRIED = "carried"
    CANCELLED = "cancelled"


class ShipmentRecord(Versioned, table=True):
    """Crates that are ready at one site for another, told by whoever packed them."""

    __tablename__ = "shipment"
    __table_args__ = (CheckConstraint("crates >= 0 AND documents >= 0", name="not_negative"),)

    origin: str = Field(foreign_key="site.code", index=True)
    destination: str | None = Field(default=None, foreign_key="site.code", index=True)
    crates: int
    documents: int = 0
    ready_on: date = Field(index=True)
    note: str = ""
    state: ShipmentState = Field(default=ShipmentState.ANNOUNCED, sa_type=words(ShipmentState), index=True)
    declared_by: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class FlowRecord(Versioned, table=True):
    """What goes from one site to another in an ordinary week."""

    __tablename__ = "flow"
    __table_args__ = (UniqueConstraint("origin", "destination"),)

    origin: str = Field(foreign_key="site.code", index=True)
    destination: str = Field(foreign_key="site.code", index=True)
    weekly_documents: int = 0
    weekly_crates: int = 0


class TransferSourceRecord(Versioned, table=True):
    """Where documents on their way are read from, and how its columns are named.

    `kind` is `csv` or `koha`; `settings` hold the column mapping, the server's address, the codes of sites
    (JSON). `secret` is encrypted. `read_note` tells in French how the last reading went.
    """

    __tablename__ = "transfer_source"

    name: str = Field(unique=True)
    kind: str
    settings: str = "{}"
    secret: str = ""
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_note: str = ""


class TransferReadRecord(Record, table=True):
    """One reading of a source: how many documents were new, changed, gone, refused.

    `note` says how it went where it failed; `findings` are the first reasons for refusals.
    """

    __tablename__ = "transfer_read"

    source: str = Field(index=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    by: str = ""
    new: int = 0
    changed: int = 0
    gone: int = 0
    refused: int = 0
    note: str = ""
    findings: list[str] = Field(default_factory=list, sa_type=JSON)
