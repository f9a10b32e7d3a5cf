"""Where vans were, and the rounds that let them tell."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord
from models.tables.scans import PositionRecord


def rounds_of_driver(session: Session, driver: str, first: date, last: date) -> Sequence[str]:
    """The codes of a driver's rounds in published plans, both days included."""
    query = (
        select(RoundRecord.code)
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == PlanKind.WEEK)
        .where(RoundRecord.driver == driver, col(RoundRecord.day) >= first, col(RoundRecord.day) <= last)
        .order_by(col(RoundRecord.day), col(RoundRecord.start_s))
    )
    return session.exec(query).all()


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
