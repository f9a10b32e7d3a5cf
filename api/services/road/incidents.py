"""Incidents: told from the road or the desk, with photos, until somebody settles them."""

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from sqlmodel import Session

from api.repositories import incidents, published_visits
from api.services import audit
from api.services.actor import Actor, Role
from api.services.changes import announce
from api.services.road.photos import Picture
from api.wire.incidents import IncidentIn, IncidentOut, PhotoOut
from models.custody.facts import round_of, site_of
from models.errors import Conflict, NotFound
from models.tables.base import now
from models.tables.scans import IncidentRecord, PhotoRecord

MOST_PHOTOS = 12
_JPEG = "image/jpeg"


def report(session: Session, actor: Actor, told: IncidentIn) -> IncidentOut:
    """A new incident; told again under the same id it is the one of the first time."""
    known = incidents.find_incident(session, told.id)
    if known is not None:
        _may_see(actor, known)
        return tell(session, [known])[0]
    site = site_of(told.visit)
    if actor.role is Role.LIBRARY:
        site = site or actor.site
        actor.must_own(site or "")
    sites = published_visits.existing_sites(session, [site] if site else [])
    record = IncidentRecord(
        **told.model_dump(exclude={"round", "occurred_at"}),
        occurred_at=told.occurred_at.astimezone(UTC),  # as it will be read back
        round=told.round or round_of(told.visit),
        site=site if site in sites else None,
        author=actor.name,
    )
    session.add(record)
    announce(session, "incidents", str(record.id), record.site)
    session.flush()
    return tell(session, [record])[0]


def add_photo(session: Session, actor: Actor, incident: UUID, key: UUID, picture: Picture) -> PhotoOut:
    """Keep a photo of an incident, under the id that its author made; sent again it is the same one.

    Conflict past twelve photos; NotFound before the incident itself has come.
    """
    record = incidents.get_incident(session, incident)
    _may_see(actor, record)
    known = incidents.find_photo(session, incident, key)
    if known is None:
        if incidents.count_photos(session, incident) >= MOST_PHOTOS:
            raise Conflict(f"Cet incident a déjà {MOST_PHOTOS} photos.")
        known = PhotoRecord(
            id=key,
            incident=incident,
            media_type=_JPEG,
            content=picture.content,
            width=picture.width,
            height=picture.height,
        )
        session.add(known)
        announce(session, "incidents", str(incident), record.site)
        session.flush()
    return PhotoOut(id=known.id, width=known.width, height=known.height)


def photo(session: Session, actor: Actor, incident: UUID, key: UUID) -> bytes:
    """The JPEG bytes of a photo. NotFound when there is none, or it is not for this actor."""
    _may_see(actor, incidents.get_incident(session, incident))
    found = incidents.find_photo(session, incident, key)
    if found is None:
        raise NotFound("Cette photo n'existe pas.")
    return found.content


def settle(session: Session, actor: Actor, key: UUID, note: str) -> IncidentOut:
    """Say that an incident is settled, and how; settled again it keeps the first time and the last note."""
    record = incidents.get_incident(session, key)
    record.settled_at = record.settled_at or now()
    record.settled_by, record.settled_note = actor.name, note
    session.add(record)
    audit.note(session, "settled", "incident", str(key), note=note)
    announce(session, "incidents", str(key), record.site)
    session.flush()
    return tell(session, [record])[0]


def show(session: Session, actor: Actor, key: UUID) -> IncidentOut:
    """One incident, for those whom it concerns."""
    record = incidents.get_incident(session, key)
    _may_see(actor, record)
    return tell(session, [record])[0]


def tell(session: Session, records: Sequence[IncidentRecord]) -> list[IncidentOut]:
    """Incidents with what there is of photos, in one more query."""
    photos = incidents.photos_of(session, [one.id for one in records])
    return [
        IncidentOut(
            **one.model_dump(),
            photos=[PhotoOut(id=key, width=width, height=height) for key, width, height in photos[one.id]],
        )
        for one in records
    ]


def _may_see(actor: Actor, record: IncidentRecord) -> None:
    """A library sees those of its site, a driver those they told themselves."""
    hidden = (actor.role is Role.LIBRARY and actor.site != record.site) or (
        actor.role is Role.DRIVER and actor.name != record.author
    )
    if hidden:
        raise NotFound("Cet incident n'existe pas, ou n'est pas encore arrivé.")
