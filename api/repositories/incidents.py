"""Incidents and their photos in the database."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.service_day import ServiceDay
from models.tables.scans import IncidentRecord, PhotoRecord

_DAY_S = 24 * 3600


def count_open(session: Session, day: ServiceDay) -> int:
    """How many incidents of a day are not settled."""
    query = select(func.count()).where(
        col(IncidentRecord.settled_at).is_(None),
        col(IncidentRecord.occurred_at) >= day.at(0),
        col(IncidentRecord.occurred_at) < day.at(_DAY_S),
    )
    return session.exec(query).one()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which incidents to list; None does not filter."""

    round: str | None = None
    site: str | None = None
    author: str | None = None
    open: bool | None = None


def list_incidents(session: Session, wanted: Wanted, asked: Slice) -> Page[IncidentRecord]:
    """Incidents, the last first."""
    query = select(IncidentRecord)
    if wanted.round is not None:
        query = query.where(IncidentRecord.round == wanted.round)
    if wanted.site is not None:
        query = query.where(IncidentRecord.site == wanted.site)
    if wanted.author is not None:
        query = query.where(IncidentRecord.author == wanted.author)
    if wanted.open is not None:
        settled = col(IncidentRecord.settled_at)
        query = query.where(settled.is_(None) if wanted.open else settled.is_not(None))
    keys = [IncidentRecord.occurred_at, IncidentRecord.id]
    return page(session, query, keys, asked, newest_first=True)


def find_incident(session: Session, key: UUID) -> IncidentRecord | None:
    return session.get(IncidentRecord, key)


def get_incident(session: Session, key: UUID) -> IncidentRecord:
    """NotFound when there is none."""
    found = find_incident(session, key)
    if found is None:
        raise NotFound("Cet incident n'existe pas, ou n'est pas encore arrivé.")
    return found


def photos_of(session: Session, incidents: Collection[UUID]) -> dict[UUID, list[tuple[UUID, int, int]]]:
    """(id, width, height) of the photos of incidents, without the photos."""
    found: dict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    if incidents:
        columns = (PhotoRecord.incident, PhotoRecord.id, PhotoRecord.width, PhotoRecord.height)
        query = select(*columns).where(col(PhotoRecord.incident).in_(incidents)).order_by(col(PhotoRecord.id))
        for incident, key, width, height in session.exec(query):
            found[incident].append((key, width, height))
    return found


def find_photo(session: Session, incident: UUID, key: UUID) -> PhotoRecord | None:
    query = select(PhotoRecord).where(PhotoRecord.id == key, PhotoRecord.incident == incident)
    return session.exec(query).first()


def count_photos(session: Session, incident: UUID) -> int:
    return session.exec(select(func.count()).where(PhotoRecord.incident == incident)).one()
