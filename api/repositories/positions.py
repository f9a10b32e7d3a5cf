"""Where vans were, and the rounds that let them tell."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.custody.facts import ScanKind
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord
from models.tables.scans import PositionRecord, ScanRecord


def rounds_of_driver(session: Session, driver: str, first: date, last: date) -> Sequence[RoundRecord]:
    """A driver's rounds in published plans, both days included."""
    query = (
        select(RoundRecord)
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK)
        .where(RoundRecord.driver == driver, col(RoundRecord.day) >= first, col(RoundRecord.day) <= last)
        .order_by(col(RoundRecord.day), col(RoundRecord.start_s))
    )
    return session.exec(query).all()


def ends_told(session: Session, rounds: Sequence[str]) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Round → when its first fact happened, and when its last visit was left or its end depot reached."""
    if not rounds:
        return {}
    undone = select(ScanRecord.target).where(
        ScanRecord.kind == ScanKind.UNDO,
        col(ScanRecord.round).in_(rounds),
        col(ScanRecord.target).is_not(None),
    )
    facts = session.exec(
        select(ScanRecord.round, ScanRecord.kind, ScanRecord.visit, ScanRecord.occurred_at).where(
            col(ScanRecord.round).in_(rounds), col(ScanRecord.id).not_in(undone)
        )
    ).all()
    last = _last_visits(session, rounds)
    found: dict[str, tuple[datetime | None, datetime | None]] = {}
    for code, kind, visit, at in facts:
        begun, ended = found.get(code or "", (None, None))
        left, home = last.get(code or "", ("", ""))
        if (kind is ScanKind.LEFT and visit == left) or (kind is ScanKind.ARRIVED and visit == home):
            ended = max(ended or at, at)
        found[code or ""] = (min(begun or at, at), ended)
    return found


def _last_visits(session: Session, rounds: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Round → the refs of its last visit and of its end depot, in the published plan."""
    query = (
        select(RoundRecord.code, RoundRecord.end_site, VisitRecord.ref)
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .join(VisitRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK)
        .where(col(RoundRecord.code).in_(rounds))
        .order_by(col(VisitRecord.number))
    )
    return {code: (ref, f"{code}/{end}") for code, end, ref in session.exec(query)}


def between(session: Session, code: str, first: datetime, last: datetime) -> Sequence[PositionRecord]:
    """What is known of a round in a span of time."""
    query = select(PositionRecord).where(
        PositionRecord.round == code, col(PositionRecord.at) >= first, col(PositionRecord.at) <= last
    )
    return session.exec(query).all()


def list_positions(session: Session, code: str, since: datetime, asked: Slice) -> Page[PositionRecord]:
    """Newest first."""
    query = select(PositionRecord).where(PositionRecord.round == code, col(PositionRecord.at) >= since)
    return page(session, query, [PositionRecord.at, PositionRecord.id], asked, newest_first=True)
