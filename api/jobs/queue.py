"""Jobs in DBOS's tables, which stand beside ours in the same database: stored with what they are about.

Handing a job on is an insertion in the caller's own transaction, on PostgreSQL and on SQLite alike, so that
a job never exists without its reason nor a reason without its job.
"""

from dbos import DBOSClient, EnqueueOptions
from sqlmodel import Session

from api.db import Database
from api.jobs.registry import job

APPLICATION = "navette"
# What waits may be carried out by any later Navette: jobs are names and ids, not code. Changed only if that
# ever stops being true.
VERSION = "1"
SCHEMA = "dbos"
WORKFLOW = "job"


class DurableJobs:
    """Submits to the queues that `api.jobs.runner` empties, here or on other machines."""

    def __init__(self, database: Database) -> None:
        self._client = DBOSClient(
            system_database_engine=database.engine,
            dbos_system_schema=schema_of(database),
            application_name=APPLICATION,
            lazy=True,
        )

    def submit(self, session: Session, kind: str, ref: str, *, delay_s: float = 0) -> None:
        """In the caller's transaction. KeyError for a kind that nobody knows."""
        wanted = job(kind)
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": wanted.queue.value,
            "app_version": VERSION,
        }
        if wanted.once:
            options["workflow_id"] = workflow_id(kind, ref)
        if delay_s > 0:
            options["delay_seconds"] = delay_s
        self._client.enqueue_in_transaction(session, options, kind, ref)


def workflow_id(kind: str, ref: str) -> str:
    """The one name of a job that is done once."""
    return f"{kind}:{ref}"


def schema_of(database: Database) -> str | None:
    """Where DBOS's tables are: a schema of their own where the database has such a thing."""
    return None if database.on_sqlite else SCHEMA
