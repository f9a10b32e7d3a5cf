"""Plan runs. Their state is changed by conditional updates only: whoever comes late changes nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.tables.base import now
from models.tables.plans import PlanRecord, PlanRunRecord, RunState

OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING)
_LONG = timedelta(seconds=60)


def get_run(session: Session, run: UUID) -> PlanRunRecord:
    """NotFound when there is none."""
    found = session.get(PlanRunRecord, run, populate_existing=True)
    if found is None:
        raise NotFound("Ce calcul n'existe pas, ou plus.")
    return found


def list_runs(
    session: Session, asked: Slice, *, week: str | None, states: Sequence[RunState]
) -> Page[PlanRunRecord]:
    """The latest first."""
    query = select(PlanRunRecord)
    if week:
        query = query.where(PlanRunRecord.week == week)
    if states:
        query = query.where(col(PlanRunRecord.state).in_(states))
    return page(session, query, (PlanRunRecord.created_at, PlanRunRecord.id), asked, newest_first=True)


def list_open(session: Session, week: str) -> Sequence[UUID]:
    """Runs of a week that have not ended, the oldest first."""
    query = select(PlanRunRecord.id).where(PlanRunRecord.week == week, col(PlanRunRecord.state).in_(OPEN))
    return session.exec(query.order_by(col(PlanRunRecord.created_at))).all()


def list_long_open(session: Session) -> Sequence[UUID]:
    """Runs asked for a while ago and not ended: perhaps nobody has them, as after a restoration."""
    query = select(PlanRunRecord.id).where(
        col(PlanRunRecord.state).in_(OPEN), col(PlanRunRecord.created_at) < now() - _LONG
    )
    return session.exec(query.limit(100)).all()


def oldest_waiting(session: Session) -> datetime | None:
    """When the run that has been waiting longest was asked for; None when none waits."""
    query = select(func.min(PlanRunRecord.created_at)).where(PlanRunRecord.state == RunState.QUEUED)
    return session.exec(query).one()


def plans_of(session: Session, runs: Sequence[UUID]) -> dict[UUID, UUID]:
    """The plan that came of each run, where one did."""
    found = session.exec(select(PlanRecord.run, PlanRecord.id).where(col(PlanRecord.run).in_(runs)))
    return {run: plan for run, plan in found if run is not None}


def runs_of_front(session: Session, front: UUID) -> Sequence[PlanRunRecord]:
    """The runs of one front, by how dear waiting is to them."""
    query = select(PlanRunRecord).where(PlanRunRecord.front == front)
    return session.exec(query.order_by(col(PlanRunRecord.reader_percent))).all()


def change(
    session: Session, run: UUID, states: Sequence[RunState], held_by: str | None = None, **to: Any
) -> bool:
    """Change a run that is in one of these states, and in these hands; whether it was."""
    query = update(PlanRunRecord).where(col(PlanRunRecord.id) == run, col(PlanRunRecord.state).in_(states))
    if held_by is not None:
        query = query.where(col(PlanRunRecord.worker) == held_by)
    to["version"] = col(PlanRunRecord.version) + 1
    return session.connection().execute(query.values(**to)).rowcount == 1


def count_by_state(session: Session) -> dict[RunState, int]:
    """How many runs there are of each state."""
    query = select(PlanRunRecord.state, func.count()).group_by(col(PlanRunRecord.state))
    return {RunState(state): int(count) for state, count in session.exec(query)}
