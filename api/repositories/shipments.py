"""Shipments, flows, and what plans say of crates at visits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, or_, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.tables.demand import FlowRecord, ItemRecord, ShipmentRecord, ShipmentState
from models.tables.plans import VisitActionRecord
from models.transfers.values import ItemState


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which shipments to list; None does not filter. `of`: those that leave a site or go there."""

    of: str | None = None
    origin: str | None = None
    destination: str | None = None
    state: ShipmentState | None = None


def list_shipments(session: Session, wanted: Wanted, asked: Slice) -> Page[ShipmentRecord]:
    """Shipments, those ready last first."""
    query = select(ShipmentRecord)
    if wanted.of is not None:
        query = query.where(or_(ShipmentRecord.origin == wanted.of, ShipmentRecord.destination == wanted.of))
    if wanted.origin is not None:
        query = query.where(ShipmentRecord.origin == wanted.origin)
    if wanted.destination is not None:
        query = query.where(ShipmentRecord.destination == wanted.destination)
    if wanted.state is not None:
        query = query.where(ShipmentRecord.state == wanted.state)
    return page(session, query, [ShipmentRecord.ready_on, ShipmentRecord.id], asked, newest_first=True)


def get_shipment(session: Session, key: UUID) -> ShipmentRecord:
    """NotFound when there is none."""
    found = session.get(ShipmentRecord, key)
    if found is None:
        raise NotFound("Cet envoi n'existe pas, ou n'existe plus.")
    return found


def waiting_shipments(
    session: Session, origins: Collection[str], day: date | None = None, *, to_change: bool = False
) -> Sequence[ShipmentRecord]:
    """Announced at some sites, and ready on a day (None: some day). `to_change`: ours until this transaction
    ends."""
    query = select(ShipmentRecord).where(
        ShipmentRecord.state == ShipmentState.ANNOUNCED,
        col(ShipmentRecord.origin).in_(origins),
    )
    if day is not None:
        query = query.where(ShipmentRecord.ready_on <= day)
    query = query.order_by(col(ShipmentRecord.ready_on), col(ShipmentRecord.id))
    return session.exec(query.with_for_update() if to_change else query).all()


def packed_for(session: Session, sites: Collection[str]) -> Sequence[tuple[str, str, str]]:
    """(destination, crate, origin) of documents that are packed for some sites."""
    query = (
        select(ItemRecord.destination, ItemRecord.crate, ItemRecord.origin)
        .where(
            col(ItemRecord.destination).in_(sites),
            col(ItemRecord.state).in_((ItemState.PACKED, ItemState.TRAVELLING)),
            col(ItemRecord.crate).is_not(None),
        )
        .distinct()
        .order_by(ItemRecord.destination, col(ItemRecord.crate), ItemRecord.origin)
    )
    return [(destination, crate or "", origin) for destination, crate, origin in session.exec(query)]


def planned_actions(session: Session, visits: Collection[UUID]) -> Sequence[VisitActionRecord]:
    """What plans say of crates at visits."""
    query = select(VisitActionRecord).where(col(VisitActionRecord.visit).in_(visits))
    return session.exec(query.order_by(col(VisitActionRecord.id))).all()


def list_flows(session: Session, asked: Slice) -> Page[FlowRecord]:
    """Flows in order of origin and destination."""
    return page(session, select(FlowRecord), [FlowRecord.origin, FlowRecord.destination], asked)


def all_flows(session: Session) -> Sequence[FlowRecord]:
    order = (col(FlowRecord.origin), col(FlowRecord.destination))
    return session.exec(select(FlowRecord).order_by(*order)).all()


def get_flow(session: Session, origin: str, destination: str) -> FlowRecord:
    """NotFound when there is none."""
    query = select(FlowRecord).where(FlowRecord.origin == origin, FlowRecord.destination == destination)
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"Aucun flux n'est noté de « {origin} » à « {destination} ».")
    return found
