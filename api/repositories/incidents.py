"""Incidents and their photos in the database."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.service_day import ServiceDay
from models.tables.scans import IncidentRecord

_DAY_S = 24 * 3600


def count_open(session: Session, day: ServiceDay) -> int:
    """How many incidents of a day are not settled."""
    query = select(func.count()).where(
        col(IncidentRecord.settled_at).is_(None),
        col(IncidentRecord.occurred_at) >= day.at(0),
        col(IncidentRecord.occurred_at) < day.at(_DAY_S),
    )
    return session.exec(query).one()
