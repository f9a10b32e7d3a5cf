"""What the road needs to know of plans: which visit a ref names, who drives a round, what comes next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.tables.network import SiteRecord
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
