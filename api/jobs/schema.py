"""DBOS's tables, beside ours in the same database."""

from sqlalchemy import inspect

from api.db import Database
from api.jobs.queue import SCHEMA, schema_of


def prepare(database: Database) -> None:
    """Bring them to what the installed DBOS needs; nothing happens when they are there."""
    from dbos import DBOS  # noqa: PLC0415  # half a second

    DBOS.migrate(database.url.render_as_string(hide_password=False), schema=SCHEMA)


def is_prepared(database: Database) -> bool:
    """Whether there are any; whether they are recent is looked at when work begins."""
    return inspect(database.engine).has_table("workflow_status", schema=schema_of(database))
