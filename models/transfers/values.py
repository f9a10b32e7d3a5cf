"""A document on its way between two libraries, as other software tells it. Never a reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.errors import Finding


class ItemState(StrEnum):
    """How far a document has got."""

    WAITING = "waiting"
    PACKED = "packed"
    TRAVELLING = "travelling"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


OPEN = frozenset({ItemState.WAITING, ItemState.PACKED, ItemState.TRAVELLING})


class Field(StrEnum):
    """What a list may say of a document; a source's columns are mapped to these."""

    BARCODE = "barcode"
    TITLE = "title"
    FROM = "from"
    TO = "to"
    REQUESTED = "requested_at"
    SENT = "sent_at"
    ARRIVED = "arrived_at"
    CANCELLED = "cancelled_at"
    STATE = "state"
    REFERENCE = "reference"


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """How a source names things.

    `columns` maps fields to column titles (guessed where absent), `sites` its site codes to ours, `states`
    its words to how far a document has got.
    """

    columns: Mapping[Field, str] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, ItemState] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """A document asked for by another library. `origin` and `destination` are site codes of ours.

    `reference` names it in its source; `line` is where it was read, 1-based (None where there are no lines).
    """

    reference: str
    barcode: str
    title: str | None
    origin: str
    destination: str
    requested_at: datetime
    state: ItemState
    line: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TransfersRead:
    """A whole list, read. `refused` has one finding per document that cannot be taken, with its line.

    `remarks` tell what was unusual; `columns` are the titles that were used, `dropped` those that describe a
    reader and were not looked at. `unknown_sites` maps codes that mean nothing here to the nearest code of
    ours, empty where none is near.
    """

    transfers: tuple[Transfer, ...]
    refused: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()
    columns: Mapping[Field, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    unknown_sites: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
