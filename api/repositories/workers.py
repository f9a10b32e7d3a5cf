"""Processes that carry out jobs, by their last sign of life. All clocks are the database's."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, text, update
from sqlmodel import Session, col, select

from models.tables.base import now
from models.tables.service import WorkerRecord


def database_now(session: Session) -> datetime:
    """This instant, by the one clock that all machines share."""
    if session.connection().dialect.name != "postgresql":
        return now()
    moment: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


def beat(session: Session, name: str) -> None:
    """A sign of life."""
    moment = database_now(session)
    changed = session.connection().execute(
        update(WorkerRecord).where(col(WorkerRecord.name) == name).values(seen_at=moment)
    )
    if changed.rowcount == 0:
        session.add(WorkerRecord(name=name, started_at=moment, seen_at=moment))
        session.flush()


def list_workers(session: Session) -> Sequence[WorkerRecord]:
    """Those heard of and not yet given up, the oldest first."""
    return session.exec(select(WorkerRecord).order_by(col(WorkerRecord.started_at))).all()


def forget(session: Session, names: Collection[str]) -> None:
    """Give these processes up."""
    session.connection().execute(delete(WorkerRecord).where(col(WorkerRecord.name).in_(names)))


def last_seen(session: Session) -> datetime | None:
    """When any worker was last heard of."""
    return session.exec(select(func.max(WorkerRecord.seen_at))).one()
