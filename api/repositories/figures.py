"""Counts for those who watch over the service."""

from datetime import datetime

from sqlalchemy import column, func, inspect, select, table
from sqlmodel import Session
from sqlmodel import select as select_one

from api.repositories import plan_runs, workers
from models.tables.scans import ScanRecord
from models.tables.service import WorkerRecord

_UNENDED = ("ENQUEUED", "PENDING", "DELAYED")


def count_facts(session: Session) -> int:
    """Facts are numbered as they come and never deleted: their last number, nearly their count."""
    return session.exec(select_one(func.max(ScanRecord.seq))).one() or 0


def runs_by_state(session: Session) -> dict[str, int]:
    """Plan runs by state."""
    return {state.value: count for state, count in plan_runs.count_by_state(session).items()}


def jobs_waiting(session: Session) -> dict[tuple[str, str], int]:
    """Jobs that have not ended, by queue and status, from DBOS's table; empty where there is none."""
    connection = session.connection()
    schema = "dbos" if connection.dialect.name == "postgresql" else None
    if not inspect(connection).has_table("workflow_status", schema=schema):
        return {}
    jobs = table("workflow_status", column("queue_name"), column("status"), schema=schema)
    query = select(jobs.c.queue_name, jobs.c.status, func.count()).where(jobs.c.status.in_(_UNENDED))
    rows = connection.execute(query.group_by(jobs.c.queue_name, jobs.c.status))
    return {(queue or "", status): count for queue, status, count in rows}


def count_workers(session: Session) -> int:
    """Processes that carry out jobs and have not been given up."""
    return session.exec(select_one(func.count()).select_from(WorkerRecord)).one()


def last_seen(session: Session) -> datetime | None:
    """When a worker was last heard of."""
    return workers.last_seen(session)
