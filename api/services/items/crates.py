"""Documents in crates: what is packed goes where its crate goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from api.repositories import items as stored_items
from api.services import audit
from api.services.actor import Actor, Role
from api.services.changes import announce
from api.services.items.difference import delivered
from models.custody.crates import Custody, Holder
from models.errors import NotFound
from models.tables.base import now
from models.tables.demand import ItemRecord
from models.transfers.values import OPEN, ItemState


@dataclass(frozen=True, kw_only=True, slots=True)
class Packed:
    """What went in, and which barcodes nobody asked for."""

    records: Sequence[ItemRecord]
    unknown: Sequence[str]


def pack(session: Session, actor: Actor, code: str, barcodes: Sequence[str]) -> Packed:
    """Put documents into a crate, out of any other. Unknown barcodes are told, never an error.

    NotFound when there is no such crate. A library packs only what leaves it.
    """
    crate = stored_items.get_crate(session, code)
    own = actor.site if actor.role is Role.LIBRARY else None
    found: dict[str, ItemRecord] = {}
    for record in stored_items.list_of_barcodes(session, barcodes, own):
        if record.state in OPEN and (own is None or record.origin == own):
            found.setdefault(record.barcode, record)
    for record in found.values():
        record.crate, record.updated_at = crate.code, now()
        record.state = ItemState.PACKED if record.state is ItemState.WAITING else record.state
        session.add(record)
    if found:
        audit.note(session, "packed", "crate", crate.code, documents=len(found))
        announce(session, "crates", crate.code)
    return Packed(records=tuple(found.values()), unknown=[one for one in barcodes if one not in found])


def unpack(session: Session, actor: Actor, code: str, barcode: str) -> None:
    """Take a document out of a crate again. NotFound when it is not in there."""
    stored_items.get_crate(session, code)
    inside = [one for one in stored_items.list_in_crates(session, [code]) if one.barcode == barcode]
    mine = [one for one in inside if actor.role is not Role.LIBRARY or one.origin == actor.site]
    if not mine:
        raise NotFound(f"Le document « {barcode} » n'est pas dans le bac « {code} ».")
    for record in mine:
        record.crate, record.updated_at = None, now()
        record.state = ItemState.WAITING if record.state is ItemState.PACKED else record.state
        session.add(record)
    audit.note(session, "unpacked", "crate", code, barcode=barcode)
    announce(session, "crates", code)


def follow_crates(session: Session, known: Mapping[str, Custody]) -> int:
    """Have the documents in some crates go where these went; how many moved. Called when custody changes."""
    moved = 0
    for record in stored_items.list_in_crates(session, list(known)):
        state = _state(record, known[record.crate or ""])
        if state is record.state:
            continue
        record.state, record.updated_at = state, now()
        session.add(record)
        moved += 1
        if state is ItemState.ARRIVED:
            delivered(session, record)
    if moved:
        announce(session, "items")
    return moved


def _state(record: ItemRecord, custody: Custody) -> ItemState:
    """Somewhere in between, and where nobody knows, nothing new is known of it either."""
    if custody.holder is Holder.ROUND:
        return ItemState.TRAVELLING
    if custody.holder is Holder.SITE and custody.place == record.destination:
        return ItemState.ARRIVED
    if custody.holder is Holder.SITE and custody.place == record.origin:
        return ItemState.PACKED
    return record.state
