"""Where a document is, in one of five words, from what that is known, and how old the knowledge is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from api.repositories import items as stored_items
from api.repositories.published_visits import next_visit
from api.services.actor import Actor, Role
from maps import words
from models.custody.crates import Holder
from models.service_day import PARIS, ServiceDay
from models.tables.demand import CustodyRecord, ItemRecord
from models.transfers.values import OPEN, ItemState
from models.values import TimeWindow

_HORIZON = timedelta(days=28)


class Where(StrEnum):
    """What people are told."""

    DELIVERED = "livré"
    TRAVELLING = "en route"
    PLANNED = "prévu"
    WAITING = "en attente"
    UNKNOWN = "inconnu"


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemWhere:
    """`basis` is a French sentence; `since` when what it says was learnt, None where nothing is known.

    `pickup_at` is when a published round takes it along.
    """

    where: Where
    basis: str
    since: datetime | None = None
    record: ItemRecord | None = None
    pickup_at: datetime | None = None


def where_is(session: Session, actor: Actor, barcode: str, at: datetime) -> ItemWhere:
    """What is known at an instant. To a library only what leaves or reaches it is known."""
    own = actor.site if actor.role is Role.LIBRARY else None
    records = stored_items.list_of_barcodes(session, [barcode], own)
    record = next((one for one in records if one.state in OPEN), next(iter(records), None))
    if record is None:
        return ItemWhere(where=Where.UNKNOWN, basis="Aucune demande de transfert ne porte ce code-barres.")
    if record.state is ItemState.CANCELLED:
        basis = f"La demande de transfert a été annulée, selon {record.source}."
        return ItemWhere(where=Where.UNKNOWN, basis=basis, since=record.updated_at, record=record)
    custody = stored_items.find_custody(session, record.crate) if record.crate else None
    return _told(record, custody) or _before_leaving(session, record, at)


def _told(record: ItemRecord, custody: CustodyRecord | None) -> ItemWhere | None:
    """What its crate, or else its source, says; None while it has not left."""
    if custody is not None and record.state in OPEN:
        if custody.holder is Holder.ROUND:
            basis = f"Dans le bac {custody.crate}, à bord de la navette."
            return ItemWhere(where=Where.TRAVELLING, basis=basis, since=custody.since, record=record)
        if custody.holder is Holder.SITE and custody.holder_ref == record.destination:
            basis = f"Le bac {custody.crate} a été déposé à l'arrivée."
            return ItemWhere(where=Where.DELIVERED, basis=basis, since=custody.since, record=record)
        if custody.holder is Holder.SITE and custody.holder_ref != record.origin:
            basis = f"Dans le bac {custody.crate}, qui attend ailleurs en chemin ({custody.holder_ref})."
            return ItemWhere(where=Where.TRAVELLING, basis=basis, since=custody.since, record=record)
    who = f"Le bac {record.crate}" if record.crate else f"Selon {record.source}, il"
    if record.state is ItemState.ARRIVED:
        basis = f"{who} est arrivé."
        return ItemWhere(where=Where.DELIVERED, basis=basis, since=record.updated_at, record=record)
    if record.state is ItemState.TRAVELLING:
        basis = f"{who} est parti."
        return ItemWhere(where=Where.TRAVELLING, basis=basis, since=record.updated_at, record=record)
    return None


def _before_leaving(session: Session, record: ItemRecord, at: datetime) -> ItemWhere:
    found = next_visit(session, record.origin, at, at + _HORIZON)
    packed = f"Dans le bac {record.crate}. " if record.crate else ""
    if found is None:
        basis = f"{packed}Aucun passage publié au départ pour l'instant."
        return ItemWhere(where=Where.WAITING, basis=basis, since=record.updated_at, record=record)
    visit, tour = found
    day = ServiceDay(tour.day)
    window = words.between(TimeWindow(visit.announced_early, visit.announced_late))
    basis = f"{packed}La navette passe le prendre {words.day(day.date)}, {window}."
    return ItemWhere(
        where=Where.PLANNED,
        basis=basis,
        since=record.updated_at,
        record=record,
        pickup_at=day.at(visit.begin_s).astimezone(PARIS),
    )
