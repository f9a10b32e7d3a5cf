"""Published rounds and visits by date: what people were told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord


@dataclass(frozen=True, slots=True)
class Told:
    """A visit that was published, and its round."""

    visit: VisitRecord
    round: RoundRecord


def visits_between(
    session: Session, sites: Collection[str] | None, first: date, last: date
) -> Sequence[Told]:
    """The published visits to some sites (None: to all) between two dates, both included, in time order."""
    query = (
        select(VisitRecord, RoundRecord)
        .join(RoundRecord, col(RoundRecord.id) == VisitRecord.round)
        .join(PlanRecord, col(PlanRecord.id) == RoundRecord.plan)
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK)
        .where(col(RoundRecord.day).between(first, last))
        .order_by(
            col(RoundRecord.day), col(VisitRecord.begin_s), col(RoundRecord.code), col(VisitRecord.number)
        )
    )
    if sites is not None:
        query = query.where(col(VisitRecord.site).in_(sites))
    in_time = (RoundRecord.day, VisitRecord.begin_s, RoundRecord.code, VisitRecord.number)
    ordered = query.order_by(*(col(one) for one in in_time))
    return [Told(visit, tour) for visit, tour in session.exec(ordered).all()]


def days_from(session: Session, code: str, first: date) -> list[date]:
    """The days from a date on, ascending, of published rounds that call at a site, or are driven by a vehicle
    or a driver, of that code."""
    named = or_(
        col(RoundRecord.vehicle) == code, col(RoundRecord.driver) == code, col(VisitRecord.site) == code
    )
    query = (
        select(col(RoundRecord.day))
        .join(PlanRecord, col(PlanRecord.id) == RoundRecord.plan)
        .outerjoin(VisitRecord, col(VisitRecord.round) == RoundRecord.id)
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK)
        .where(col(RoundRecord.day) >= first, named)
        .distinct()
        .order_by(col(RoundRecord.day))
    )
    return list(session.exec(query).all())


def visit_days(session: Session, sites: Collection[str], first: date, last: date) -> dict[str, list[date]]:
    """The days between two dates on which sites are visited, as published, ascending."""
    query = (
        select(col(VisitRecord.site), col(RoundRecord.day))
        .join(RoundRecord, col(RoundRecord.id) == VisitRecord.round)
        .join(PlanRecord, col(PlanRecord.id) == RoundRecord.plan)
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK)
        .where(col(VisitRecord.site).in_(sites), col(RoundRecord.day).between(first, last))
        .distinct()
        .order_by(col(RoundRecord.day))
    )
    found: dict[str, list[date]] = {site: [] for site in sites}
    for site, day in session.exec(query).all():
        found[site].append(day)
    return found


def template_visits(session: Session, site: str | None) -> list[tuple[str, int]]:
    """The visits of the published ordinary week to a site (None: to all): site and weekday, Monday 0."""
    query = (
        select(col(VisitRecord.site), col(RoundRecord.day))
        .join(RoundRecord, col(RoundRecord.id) == VisitRecord.round)
        .join(PlanRecord, col(PlanRecord.id) == RoundRecord.plan)
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.TEMPLATE)
    )
    if site is not None:
        query = query.where(VisitRecord.site == site)
    return [(code, day.weekday()) for code, day in session.exec(query).all()]


def published_weeks(session: Session, weeks: Collection[str]) -> set[str]:
    """Those of some weeks that have a published plan."""
    query = select(PlanRecord.week).where(
        PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK
    )
    return set(session.exec(query.where(col(PlanRecord.week).in_(weeks))).all())
