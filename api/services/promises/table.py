"""Delays between all libraries, as other software reads them."""

from datetime import datetime, timedelta

from sqlmodel import Session

from api.service import Service
from api.services.promises.answer import open_index
from api.services.promises.index import Index
from api.services.promises.way import instant
from api.wire.promises import MatrixOut
from models.service_day import PARIS, IsoWeek, ServiceDay
from routing.promise.matrix import Instants, Matrix, hours_of_week, matrix
from routing.promise.timetable import NEVER


def delays(session: Session, service: Service, now: datetime) -> tuple[Index, Matrix]:
    """Asked at every hour of next week: the first that is whole."""
    index = open_index(session, service, now)
    monday = IsoWeek.of(now.astimezone(PARIS).date()).monday + timedelta(weeks=1)
    return index, matrix(index.odds, hours_of_week(int(ServiceDay(monday).at(0).timestamp())))


def tell_delays(session: Session, service: Service, now: datetime) -> MatrixOut:
    """The delays of `delays`, on the wire."""
    index, found = delays(session, service, now)
    until = f"Planning publié jusqu'au {index.published_until.isoformat()}" if index.published_until else ""
    usual = "semaine type" if index.has_template else ""
    return MatrixOut(
        sites=list(found.sites),
        from_at=instant(found.asked_at[0]),
        hours=len(found.asked_at),
        median_s=_rows(found.median_s),
        ninety_s=_rows(found.ninety_s),
        basis=", puis ".join(part for part in (until, usual) if part) or "Aucun planning publié.",
    )


def _rows(seconds: Instants) -> list[list[int | None]]:
    return [[None if one >= NEVER else int(one) for one in row] for row in seconds]
