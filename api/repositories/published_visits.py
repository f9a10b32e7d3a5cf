"""Published rounds and visits, as those who follow, carry and announce documents need them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models.service_day import PARIS, ServiceDay
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord


def list_visits_of_site(
    session: Session, site: str, first: date, last: date
) -> Sequence[tuple[VisitRecord, RoundRecord, PlanRecord]]:
    """Visits of published dated weeks, both days included, in time order."""
    query = (
        select(VisitRecord, RoundRecord, PlanRecord)
        .where(col(VisitRecord.round) == col(RoundRecord.id), col(RoundRecord.plan) == col(PlanRecord.id))
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK)
        .where(VisitRecord.site == site, col(RoundRecord.day) >= first, col(RoundRecord.day) <= last)
        .order_by(col(RoundRecord.day), col(VisitRecord.begin_s), col(VisitRecord.number))
    )
    return session.exec(query).all()


def next_visit(
    session: Session, site: str, after: datetime, until: datetime
) -> tuple[VisitRecord, RoundRecord] | None:
    """The first published visit of a site that begins after an instant."""
    first, last = after.astimezone(PARIS).date() - timedelta(days=1), until.astimezone(PARIS).date()
    for visit, tour, _ in list_visits_of_site(session, site, first, last):
        if ServiceDay(tour.day).at(visit.begin_s) > after:
            return visit, tour
    return None
