"""What happened on the road: facts that are only ever added, positions that are purged, incidents, messages.

A fact keeps three clocks: when it happened, when it was sent (both by the phone), when it was received.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, JSON, Index, LargeBinary, event
from sqlmodel import Field, SQLModel

from models.custody.facts import ScanKind
from models.custody.visits import VisitState
from models.tables.base import Record, UtcDateTime, counter, now, words


class ScanSource(StrEnum):
    """How a fact reached us."""

    PHONE = "phone"
    PAPER = "paper"
    DESK = "desk"
    LIBRARY = "library"
    API = "api"


class ScanRecord(SQLModel, table=True):
    """A fact, as it was told. `id` was made by its author; `seq` is the order of arrival here.

    `visit`, `crate` and `target` (the fact that a correction or an undo is about) are kept as they were told,
    known here or not; `round`, `site` and `day` are what `visit` was understood as. `retimed_to`: what a
    correction says the time of its target really was. `notes` say what was odd.
    """

    __tablename__ = "scan"
    metadata = Record.metadata
    __table_args__ = (Index(None, "crate", "occurred_at"), Index(None, "site", "seq"))

    seq: int | None = Field(default=None, sa_column=counter())
    id: UUID = Field(unique=True)
    kind: ScanKind = Field(sa_type=words(ScanKind))
    visit: str = Field(default="", index=True)
    round: str | None = Field(default=None, index=True)
    site: str | None = None
    day: date | None = Field(default=None, index=True)
    crate: str | None = None
    count: int | None = None
    target: UUID | None = Field(default=None, index=True)
    retimed_to: datetime | None = Field(default=None, sa_type=UtcDateTime)
    text: str = ""
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    source: ScanSource = Field(default=ScanSource.PHONE, sa_type=words(ScanSource))
    device: UUID | None = None
    author: str = ""
    notes: list[str] = Field(default_factory=list, sa_type=JSON)


class OutcomeRecord(Record, table=True):
    """How a visit went, as the facts told so far say: a projection like `CustodyRecord`.

    `detail` is the whole `VisitProgress`, `tally` what its facts add up to, for more to be added (null: they
    must be read); the columns are what reports add up. `began_s` is a second of the
    service day, as plans count; `arrived_at` is known only where « arrivé » was told, `began_at` is the first
    sign of the van. Crates are None where nobody gave a figure; `site` is empty where no such
    site exists.
    """

    __tablename__ = "outcome"
    __table_args__ = (Index(None, "day", "site"),)

    visit: str = Field(unique=True)
    round: str = Field(index=True)
    site: str
    day: date
    state: VisitState = Field(default=VisitState.NOTHING, sa_type=words(VisitState))
    began_s: int | None = None
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    arrived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered: int | None = None
    picked_up: int | None = None
    empties: int | None = None
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    tally: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class PositionRecord(Record, table=True):
    """Where a van was, while its round ran. Kept for a stated number of days."""

    __tablename__ = "position"

    round: str = Field(index=True)
    device: UUID | None = None
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    lon: float
    lat: float
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None


class IncidentRecord(Record, table=True):
    """Something that went wrong at a visit or on the road. `id` is made by its author; photos follow."""

    __tablename__ = "incident"

    visit: str = Field(default="", index=True)
    round: str | None = Field(default=None, index=True)
    site: str | None = Field(default=None, index=True)
    text: str = ""
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    author: str = ""
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_by: str = ""
    settled_note: str = ""


class PhotoRecord(Record, table=True):
    """A photo of an incident, encoded anew without anything but the picture."""

    __tablename__ = "photo"

    incident: UUID = Field(foreign_key="incident.id", index=True)
    media_type: str
    content: bytes = Field(sa_type=LargeBinary)
    width: int
    height: int
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class MessageKind(StrEnum):
    """What a message between a library and the coordination is about."""

    TEXT = "text"
    READY = "ready"
    CLOSED = "closed"
    PROBLEM = "problem"
    RECEIVED = "received"
    NEWS = "news"


class MessageRecord(Record, table=True):
    """A message between a library and the coordination. `facts` are the figures of its kind."""

    __tablename__ = "message"

    site: str = Field(foreign_key="site.code", index=True)
    from_library: bool
    kind: MessageKind = Field(default=MessageKind.TEXT, sa_type=words(MessageKind))
    author: str = ""
    text: str = ""
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# What the database itself runs, per dialect, so that facts are only ever added.
_REFUSED = "a fact is never changed"
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"CREATE TRIGGER scan_no_{what.lower()} BEFORE {what} ON scan "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for what in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE FUNCTION scan_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER scan_append_only BEFORE UPDATE OR DELETE ON scan "
        "FOR EACH ROW EXECUTE FUNCTION scan_refuse()",
    ),
}
for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        _ddl: DDL = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(getattr(ScanRecord, "__table__"), "after_create", _ddl.execute_if(dialect=_dialect))  # noqa: B009
