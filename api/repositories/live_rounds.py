"""Where the vans of rounds were last."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.tables.scans import PositionRecord


def last_positions(session: Session, rounds: Collection[str], since: datetime) -> dict[str, PositionRecord]:
    """Code of a round → the last position that was told since then."""
    if not rounds:
        return {}
    newest = (
        select(col(PositionRecord.round).label("round"), func.max(PositionRecord.at).label("at"))
        .where(col(PositionRecord.round).in_(rounds), col(PositionRecord.at) >= since)
        .group_by(col(PositionRecord.round))
        .subquery()
    )
    query = select(PositionRecord).join(
        newest, (col(PositionRecord.round) == newest.c.round) & (col(PositionRecord.at) == newest.c.at)
    )
    return {one.round: one for one in session.exec(query)}
