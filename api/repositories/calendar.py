"""What is dated, and who is called: seasons, closures, absences, contacts, and the rounds they meet."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.errors import NotFound
from models.tables.network import (
    AbsenceRecord,
    ClosureRecord,
    ClosureStatus,
    ContactRecord,
    SeasonRecord,
)
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord


def list_contacts(session: Session, site: str) -> Sequence[ContactRecord]:
    """Whom to call at a site, in order."""
    query = select(ContactRecord).where(ContactRecord.site == site)
    return session.exec(query.order_by(col(ContactRecord.position), col(ContactRecord.id))).all()


def list_site_seasons(session: Session, site: str) -> Sequence[SeasonRecord]:
    """The seasons of a site, by date."""
    query = select(SeasonRecord).where(SeasonRecord.site == site)
    return session.exec(query.order_by(col(SeasonRecord.starts_on), col(SeasonRecord.id))).all()


def seasons_between(session: Session, first: date, last: date) -> Sequence[SeasonRecord]:
    """The seasons that have a day between two dates."""
    query = select(SeasonRecord).where(SeasonRecord.starts_on <= last, SeasonRecord.ends_on >= first)
    return session.exec(query.order_by(col(SeasonRecord.starts_on), col(SeasonRecord.id))).all()


def absences(
    driver: str | None = None,
    vehicle: str | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
) -> SelectOfScalar[AbsenceRecord]:
    """The absences of somebody, or between two dates, or both."""
    query = select(AbsenceRecord)
    if driver is not None:
        query = query.where(AbsenceRecord.driver == driver)
    if vehicle is not None:
        query = query.where(AbsenceRecord.vehicle == vehicle)
    if first is not None:
        query = query.where(AbsenceRecord.ends_on >= first)
    return query if last is None else query.where(AbsenceRecord.starts_on <= last)


def get_absence(session: Session, key: UUID) -> AbsenceRecord:
    """NotFound when there is none of that id."""
    found = session.get(AbsenceRecord, key)
    if found is None:
        raise NotFound("Cette absence n'existe pas, ou plus.")
    return found


def closures(
    *,
    site: str | None = None,
    shared: bool = True,
    statuses: Sequence[ClosureStatus] = (),
    first: date | None = None,
    last: date | None = None,
) -> SelectOfScalar[ClosureRecord]:
    """The closures of a site, those of the whole network too where `shared`; of some statuses or dates."""
    query = select(ClosureRecord)
    if site is not None:
        own = col(ClosureRecord.site) == site
        query = query.where(or_(own, col(ClosureRecord.site).is_(None)) if shared else own)
    if statuses:
        query = query.where(col(ClosureRecord.status).in_(statuses))
    if first is not None:
        query = query.where(ClosureRecord.ends_on >= first)
    return query if last is None else query.where(ClosureRecord.starts_on <= last)


def find_same_closure(
    session: Session, site: str | None, days: tuple[date, date], statuses: Sequence[ClosureStatus]
) -> ClosureRecord | None:
    """The closure of a site (None: of all) from the first day to the last, of one of these statuses."""
    same = col(ClosureRecord.site).is_(None) if site is None else col(ClosureRecord.site) == site
    query = closures(statuses=statuses).where(
        same, ClosureRecord.starts_on == days[0], ClosureRecord.ends_on == days[1]
    )
    return session.exec(query.limit(1)).first()


def dated_between(
    session: Session, first: date, last: date
) -> tuple[Sequence[ClosureRecord], Sequence[AbsenceRecord], Sequence[SeasonRecord]]:
    """Closures that act or may, absences and seasons that have a day between two dates, each by date."""
    acting = closures(statuses=(ClosureStatus.PROPOSED, ClosureStatus.ACCEPTED), first=first, last=last)
    away = absences(first=first, last=last)
    return (
        session.exec(acting.order_by(col(ClosureRecord.starts_on), col(ClosureRecord.id))).all(),
        session.exec(away.order_by(col(AbsenceRecord.starts_on), col(AbsenceRecord.id))).all(),
        seasons_between(session, first, last),
    )


def get_closure(session: Session, key: UUID) -> ClosureRecord:
    """NotFound when there is none of that id."""
    found = session.get(ClosureRecord, key)
    if found is None:
        raise NotFound("Cette fermeture n'existe pas.")
    return found


def rounds_without(session: Session, absence: AbsenceRecord) -> list[str]:
    """The codes of published rounds that need who is absent, by day."""
    query = (
        select(RoundRecord.code)
        .join(PlanRecord, col(PlanRecord.id) == RoundRecord.plan)
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK)
        .where(col(RoundRecord.day).between(absence.starts_on, absence.ends_on))
        .order_by(col(RoundRecord.day), col(RoundRecord.start_s))
    )
    mine = RoundRecord.driver == absence.driver if absence.driver else RoundRecord.vehicle == absence.vehicle
    return list(session.exec(query.where(mine)).all())
