"""Hints of changes, read in order of writing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord
from models.tables.service import ChangeRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Whom a round concerns."""

    driver: str
    sites: frozenset[str]


def newest_seq(session: Session) -> int:
    """The number of the last change; 0 before the first."""
    return session.exec(select(func.max(ChangeRecord.seq))).one() or 0


def changes_after(session: Session, seq: int, most: int) -> Sequence[ChangeRecord]:
    """The changes after a number, in order, at most so many."""
    query = select(ChangeRecord).where(col(ChangeRecord.seq) > seq)
    return session.exec(query.order_by(col(ChangeRecord.seq)).limit(most)).all()


def audiences(session: Session, rounds: Collection[str]) -> dict[str, Audience]:
    """Whom rounds of published plans concern; rounds that are in none concern nobody."""
    query = (
        select(RoundRecord.code, RoundRecord.driver, VisitRecord.site)
        .join(VisitRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            col(RoundRecord.code).in_(rounds),
            PlanRecord.kind == PlanKind.WEEK,
            PlanRecord.status == PlanStatus.PUBLISHED,
        )
    )
    drivers: dict[str, str] = {}
    sites: dict[str, set[str]] = {}
    for code, driver, site in session.exec(query):
        drivers[code] = driver
        sites.setdefault(code, set()).add(site)
    return {code: Audience(driver=drivers[code], sites=frozenset(sites[code])) for code in drivers}
