"""What the road needs to know of plans: which visit a ref names, who drives a round, what comes next."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.service_day import PARIS, ServiceDay
from models.tables.network import DriverRecord, SiteRecord
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitActionRecord, VisitRecord

TOLD = (PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a ref leads: `current` is False where only a superseded plan has it."""

    round: str
    site: str
    day: date
    driver: str
    current: bool


def places_of(session: Session, refs: Collection[str]) -> dict[str, Place]:
    """What refs name in plans that people were told, published before superseded; others are left out."""
    if not refs:
        return {}
    columns = (VisitRecord.ref, RoundRecord.code, VisitRecord.site, RoundRecord.day, RoundRecord.driver)
    query = (
        select(*columns, PlanRecord.status)  # type: ignore[call-overload]  # its overloads end at four
        .join(RoundRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            col(VisitRecord.ref).in_(refs), PlanRecord.kind == PlanKind.WEEK, col(PlanRecord.status).in_(TOLD)
        )
    )
    return _preferred(session.exec(query).all())


def depots_of(session: Session, rounds: Collection[str]) -> dict[str, Place]:
    """The refs of the depots that rounds leave from and come home to."""
    if not rounds:
        return {}
    columns = (
        RoundRecord.code,
        RoundRecord.start_site,
        RoundRecord.end_site,
        RoundRecord.day,
        RoundRecord.driver,
    )
    query = (
        select(*columns, PlanRecord.status)  # type: ignore[call-overload]
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            col(RoundRecord.code).in_(rounds),
            PlanRecord.kind == PlanKind.WEEK,
            col(PlanRecord.status).in_(TOLD),
        )
    )
    return _preferred(
        (f"{code}/{site}", code, site, day, driver, status)
        for code, start, end, day, driver, status in session.exec(query)
        for site in {start, end}
    )


def existing_sites(session: Session, codes: Collection[str]) -> set[str]:
    """Those of the codes that are sites of ours."""
    return (
        set(session.exec(select(SiteRecord.code).where(col(SiteRecord.code).in_(codes)))) if codes else set()
    )


def _preferred(rows: Iterable[tuple[str, str, str, date, str, PlanStatus]]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for ref, code, site, day, driver, status in rows:
        current = status is PlanStatus.PUBLISHED
        if current or ref not in found:
            found[ref] = Place(round=code, site=site, day=day, driver=driver, current=current)
    return found


def planned_stops(
    session: Session, rounds: Collection[str], crates: Collection[str]
) -> dict[tuple[str, str], set[str]]:
    """(round, crate) → the refs of the visits where a published plan names that crate."""
    if not rounds or not crates:
        return {}
    query = (
        select(RoundRecord.code, VisitActionRecord.crate, VisitRecord.ref)
        .join(VisitRecord, col(VisitActionRecord.visit) == col(VisitRecord.id))
        .join(RoundRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            col(RoundRecord.code).in_(rounds),
            col(VisitActionRecord.crate).in_(crates),
            PlanRecord.kind == PlanKind.WEEK,
            PlanRecord.status == PlanStatus.PUBLISHED,
        )
    )
    found: dict[tuple[str, str], set[str]] = {}
    for code, crate, ref in session.exec(query):
        found.setdefault((code, crate or ""), set()).add(ref)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A round that people were told, with its visits in order. `current`: its plan still stands."""

    round: RoundRecord
    visits: Sequence[VisitRecord]
    current: bool


def told_rounds(session: Session, codes: Collection[str]) -> list[Told]:
    """Rounds by code, from the published plan of their week, else from the last that was superseded."""
    return _told(session, _of_told_plans().where(col(RoundRecord.code).in_(codes))) if codes else []


def rounds_of_day(session: Session, day: date) -> list[Told]:
    """The rounds of the published plan on a day, by start."""
    published = PlanRecord.status == PlanStatus.PUBLISHED
    return _told(session, _of_told_plans().where(RoundRecord.day == day, published))


def rounds_between(session: Session, first: date, last: date) -> list[Told]:
    """The rounds that people were told of some days, both included, as they were told last."""
    return _told(session, _of_told_plans().where(col(RoundRecord.day).between(first, last)))


def calls_at(session: Session, site: str, first: date, last: date) -> list[tuple[RoundRecord, VisitRecord]]:
    """When published plans call at a site, days both included, in time order."""
    return calls_between(session, site, first, last)


def calls_between(
    session: Session, site: str | None, first: date, last: date
) -> list[tuple[RoundRecord, VisitRecord]]:
    """When published plans call at a site (None: at any), days both included, in time order."""
    query = _published_calls().where(col(RoundRecord.day).between(first, last))
    if site is not None:
        query = query.where(VisitRecord.site == site)
    order = (col(RoundRecord.day), col(VisitRecord.begin_s), col(VisitRecord.number))
    return list(session.exec(query.order_by(*order)).all())


def calls_named(session: Session, refs: Collection[str]) -> dict[str, tuple[RoundRecord, VisitRecord]]:
    """The visits of published plans that refs name."""
    query = _published_calls().where(col(VisitRecord.ref).in_(refs))
    return {visit.ref: (tour, visit) for tour, visit in session.exec(query)} if refs else {}


def next_visit(
    session: Session, site: str, after: datetime, until: datetime
) -> tuple[VisitRecord, RoundRecord] | None:
    """The first published visit of a site that begins after an instant."""
    first, last = after.astimezone(PARIS).date() - timedelta(days=1), until.astimezone(PARIS).date()
    for tour, visit in calls_at(session, site, first, last):
        if ServiceDay(tour.day).at(visit.begin_s) > after:
            return visit, tour
    return None


def communes_of(session: Session) -> dict[str, str]:
    """What sites are called in a sentence: « Cassel »."""
    return dict(session.exec(select(SiteRecord.code, SiteRecord.commune)).all())


def drivers_of(session: Session) -> dict[str, str]:
    """The names of drivers."""
    return dict(session.exec(select(DriverRecord.code, DriverRecord.name)).all())


def _published_calls() -> Any:
    query: Any = select(RoundRecord, VisitRecord)
    return (
        query.join(VisitRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(PlanRecord.kind == PlanKind.WEEK, PlanRecord.status == PlanStatus.PUBLISHED)
    )


def _of_told_plans() -> SelectOfScalar[Any]:
    query: Any = select(RoundRecord, PlanRecord.status).join(
        PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id)
    )
    told: SelectOfScalar[Any] = query.where(
        PlanRecord.kind == PlanKind.WEEK, col(PlanRecord.status).in_(TOLD)
    )
    return told.order_by(col(PlanRecord.number))


def _told(session: Session, query: SelectOfScalar[Any]) -> list[Told]:
    found: dict[str, tuple[RoundRecord, bool]] = {}
    for tour, status in session.exec(query):
        current = status is PlanStatus.PUBLISHED
        if current or tour.code not in found or not found[tour.code][1]:
            found[tour.code] = (tour, current)
    ids = [tour.id for tour, _ in found.values()]
    visits: dict[UUID, list[VisitRecord]] = {key: [] for key in ids}
    by_number = select(VisitRecord).where(col(VisitRecord.round).in_(ids)).order_by(col(VisitRecord.number))
    for visit in session.exec(by_number) if ids else ():
        visits[visit.round].append(visit)
    told = [Told(round=tour, visits=visits[tour.id], current=current) for tour, current in found.values()]
    return sorted(told, key=lambda one: (one.round.day, one.round.start_s, one.round.code))
