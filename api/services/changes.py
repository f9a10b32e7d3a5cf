"""Hints for those who watch: `topic` and `ref` say what to look at again.

topics: network, closures, plans, plan_runs, rounds, scans, messages, incidents, crates, shipments, items,
positions.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import insert
from sqlmodel import Session, col, delete

from models.tables.base import now
from models.tables.service import ChangeRecord

KEPT = timedelta(days=2)


def announce(session: Session, topic: str, ref: str = "", site: str | None = None) -> None:
    """Tell watchers, once this transaction is stored. `site`: a library that may hear of it."""
    session.add(ChangeRecord(topic=topic, ref=ref, site=site))


def announce_all(session: Session, hints: Iterable[tuple[str, str]]) -> None:
    """Many at once, (topic, ref), in one statement."""
    at = now()
    rows = [{"topic": topic, "ref": ref, "site": None, "at": at} for topic, ref in sorted(hints)]
    if rows:
        session.connection().execute(insert(ChangeRecord), rows)


def forget_old(session: Session) -> int:
    """Purge hints that nobody can still be waiting for; how many."""
    gone = session.exec(delete(ChangeRecord).where(col(ChangeRecord.at) < now() - KEPT))
    return int(gone.rowcount)
