"""What a list changes in what is known of its source, and making it so."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from api.repositories import items as stored_items
from api.services import audit
from api.services.changes import announce
from api.services.webhooks import emit
from models.tables.base import now
from models.tables.demand import ItemRecord, TransferReadRecord, TransferSourceRecord
from models.transfers.values import OPEN, ItemState, Transfer, TransfersRead

_FAR = (ItemState.WAITING, ItemState.PACKED, ItemState.TRAVELLING, ItemState.ARRIVED)
_TOLD = ("barcode", "title", "origin", "destination", "requested_at", "state")
_MANY = 20


class Gone(StrEnum):
    """What is made of documents that a source no longer lists."""

    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A known document, and what its source now says otherwise: field → (before, after)."""

    record: ItemRecord
    transfer: Transfer
    fields: Mapping[str, tuple[object, object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A list against what is stored. `gone` are open documents that it no longer has."""

    source: str
    new: tuple[Transfer, ...]
    changed: tuple[Changed, ...]
    gone: tuple[ItemRecord, ...]
    same: int

    @property
    def suspicious(self) -> bool:
        """More than half of many open documents gone at once: the list was probably cut short."""
        known = len(self.gone) + len(self.changed) + self.same
        return len(self.gone) > _MANY and 2 * len(self.gone) > known


def difference(session: Session, source: str, read: TransfersRead) -> Difference:
    """Compare; nothing is changed."""
    known = stored_items.by_reference(session, source, [one.reference for one in read.transfers])
    listed = {one.reference for one in read.transfers}
    changed = [
        Changed(record=known[one.reference], transfer=one, fields=fields)
        for one in read.transfers
        if one.reference in known and (fields := _fields(known[one.reference], one))
    ]
    new = tuple(one for one in read.transfers if one.reference not in known and one.state in OPEN)
    return Difference(
        source=source,
        new=new,
        changed=tuple(changed),
        gone=tuple(one for ref, one in known.items() if ref not in listed and one.state in OPEN),
        same=sum(ref in listed for ref in known) - len(changed),
    )


def _fields(record: ItemRecord, transfer: Transfer) -> dict[str, tuple[object, object]]:
    said = {name: getattr(transfer, name) for name in _TOLD}
    said["state"] = _further(record, transfer.state)
    return {
        name: (getattr(record, name), value) for name, value in said.items() if getattr(record, name) != value
    }


def _further(record: ItemRecord, said: ItemState) -> ItemState:
    """What was packed here is known better here: its source may close it, never take it back."""
    if record.crate is None or said not in _FAR or record.state not in _FAR:
        return said
    return max(record.state, said, key=_FAR.index)


def apply(
    session: Session, source: TransferSourceRecord, read: TransfersRead, found: Difference, gone: Gone
) -> TransferReadRecord:
    """Store a difference that was computed in this very transaction."""
    moment = now()
    session.add_all(_record(source.name, one) for one in found.new)
    for one in found.changed:
        _change(session, one)
    for record in found.gone if gone is not Gone.KEEP else ():
        record.state, record.updated_at = ItemState(gone), moment
        _told_delivered(session, record, before=None)
    reading = TransferReadRecord(
        source=source.name,
        by=getattr(session.info.get("actor"), "name", ""),
        refused=len(read.refused),
        findings=[str(one) for one in read.refused[:100]],
        new=len(found.new),
        changed=len(found.changed),
        gone=len(found.gone),
    )
    source.read_at = moment
    source.read_note = _summary(reading)
    session.add_all((reading, source))
    audit.note(session, "imported", "transfer_source", source.name, said=source.read_note)
    announce(session, "items", source.name)
    return reading


def _summary(reading: TransferReadRecord) -> str:
    return (
        f"Lu : {reading.new} nouveaux, {reading.changed} modifiés, {reading.gone} disparus, "
        f"{reading.refused} refusés."
    )


def _record(source: str, one: Transfer) -> ItemRecord:
    return ItemRecord(
        barcode=one.barcode,
        title=one.title,
        origin=one.origin,
        destination=one.destination,
        requested_at=one.requested_at,
        state=one.state,
        source=source,
        reference=one.reference,
    )


def _change(session: Session, one: Changed) -> None:
    before = one.record.state
    for name, (_, after) in one.fields.items():
        setattr(one.record, name, after)
    one.record.updated_at = now()
    session.add(one.record)
    _told_delivered(session, one.record, before=before)


def _told_delivered(session: Session, record: ItemRecord, before: ItemState | None) -> None:
    if record.state is ItemState.ARRIVED and before is not ItemState.ARRIVED:
        delivered(session, record)


def delivered(session: Session, record: ItemRecord) -> None:
    """Tell whoever listens that a document has arrived."""
    emit(
        session,
        "item.delivered",
        {"barcode": record.barcode, "from": record.origin, "to": record.destination, "source": record.source},
    )
