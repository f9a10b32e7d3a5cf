"""Shipments: crates that are ready, told by whoever packed them."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from api.repositories import published_visits, shipments
from api.services.actor import Actor, Role
from api.services.changes import announce
from api.services.versions import must_match
from api.wire.shipments import ShipmentChange, ShipmentIn, ShipmentOut
from models.errors import Conflict, Finding, InputError, NotFound
from models.tables.demand import ShipmentRecord, ShipmentState


def declare(session: Session, actor: Actor, told: ShipmentIn) -> ShipmentOut:
    """A new shipment; a library's leaves its own site."""
    actor.must_own(told.origin)
    _exist(session, {told.origin, told.destination})
    if told.origin == told.destination:
        raise InputError("Un envoi part d'un lieu pour un autre.")
    record = ShipmentRecord(**dict(told), declared_by=actor.name)
    session.add(record)
    announce(session, "shipments", str(record.id), told.origin)
    session.flush()
    return tell(record)


def change(
    session: Session, actor: Actor, record: ShipmentRecord, told: ShipmentChange, seen: int
) -> ShipmentOut:
    """A library changes only what it announced and what has not left. StaleVersion as ever."""
    if actor.role is Role.LIBRARY and actor.site != record.origin:
        raise NotFound("Cet envoi n'existe pas, ou n'existe plus.")
    must_match(record, seen, tell(record).model_dump(mode="json"))
    if actor.role is Role.LIBRARY and (
        record.state is not ShipmentState.ANNOUNCED or told.state is ShipmentState.CARRIED
    ):
        raise Conflict("Cet envoi est déjà parti ou annulé. Écrivez à la coordination.")
    given = told.model_dump(exclude_unset=True)
    _exist(session, {given.get("destination")})
    for name, value in given.items():
        if name == "destination" or value is not None:
            setattr(record, name, value)
    session.add(record)
    announce(session, "shipments", str(record.id), record.origin)
    session.flush()
    return tell(record)


def carry(session: Session, taken: Mapping[str, date]) -> None:
    """Crates were picked up at sites, on a day each: what waited there has left.

    A coordinator may put it back.
    """
    if not taken:
        return
    for record in shipments.waiting_shipments(session, taken, max(taken.values()), to_change=True):
        if record.ready_on <= taken[record.origin]:
            record.state = ShipmentState.CARRIED
            session.add(record)
            announce(session, "shipments", str(record.id), record.origin)


def tell(record: ShipmentRecord) -> ShipmentOut:
    return ShipmentOut(**record.model_dump())


def _exist(session: Session, sites: Collection[str | None]) -> None:
    named = {site for site in sites if site}
    missing = named - published_visits.existing_sites(session, named)
    if missing:
        findings = tuple(
            Finding(where=site, message="ce lieu n'existe pas.", remedy="") for site in sorted(missing)
        )
        raise InputError("Cet envoi n'a pas pu être enregistré.", findings)
