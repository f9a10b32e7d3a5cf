"""Rows that are made where there are none: the same words for SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session
from uuid_utils.compat import uuid7


def insert_new(session: Session, table: Any) -> Any:
    """An INSERT in the database's dialect, to which `on_conflict_do_nothing` can be added."""
    on_postgresql = session.connection().dialect.name == "postgresql"
    return postgresql.insert(table) if on_postgresql else sqlite.insert(table)


def ensure(session: Session, table: Any, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows whose `key` is not there. Sorted by it, so that two transactions never lock each other up."""
    if rows:
        session.connection().execute(
            insert_new(session, table).on_conflict_do_nothing(index_elements=[key]), rows
        )


def put(session: Session, table: Any, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Have the row of each `key` say what is given, made with an id of its own where there is none.

    All rows give the same columns. Sorted by `key` by the caller, so that two transactions never lock each
    other up.
    """
    if not rows:
        return
    statement = insert_new(session, table)
    told = {name: statement.excluded[name] for name in rows[0] if name != key}
    statement = statement.on_conflict_do_update(index_elements=[key], set_=told)
    session.connection().execute(statement, [{"id": uuid7(), **row} for row in rows])
