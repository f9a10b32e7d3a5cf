"""Jobs in DBOS's tables, which stand beside ours in the same database: stored with what they are about.

Handing a job on is an insertion in the caller's own transaction, on PostgreSQL and on SQLite alike, so that
a job never exists without its reason nor a reason without its job.
"""

import threading
from typing import TYPE_CHECKING

from sqlmodel import Session

from api.db import Database
from api.jobs.registry import job

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

APPLICATION = "navette"
# What waits may be carried out by any later Navette: jobs are names and ids, not code. Changed only if that
# ever stops being true.
VERSION = "1"
SCHEMA = "dbos"
WORKFLOW = "job"


class DurableJobs:
    """Submits to the queues that `api.jobs.runner` empties, here or on other machines."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._making = threading.Lock()
        self._made: DBOSClient | None = None

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
        self._client().enqueue_in_transaction(session, options, kind, ref)

    def _client(self) -> "DBOSClient":
        """Made when first needed: half a second of imports, which a start can do without."""
        from dbos import DBOSClient  # noqa: PLC0415

        with self._making:
            if self._made is None:
                self._made = DBOSClient(
                    system_database_engine=self._database.engine,
                    dbos_system_schema=schema_of(self._database),
                    application_name=APPLICATION,
                    lazy=True,
                )
            return self._made


def workflow_id(kind: str, ref: str) -> str:
    """The one name of a job that is done once."""
    return f"{kind}:{ref}"


def schema_of(database: Database) -> str | None:
    """Where DBOS's tables are: a schema of their own where the database has such a thing."""
    return None if database.on_sqlite else SCHEMA
