"""Alembic's way in: it is handed an open connection by `api.schema`, and never opens one itself."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, DateTime, String
from sqlalchemy.types import TypeDecorator

from models.tables.all import METADATA


def _plainly(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Migrations name plain types only, so that history stays what it was when records change."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    match item.impl_instance:
        case DateTime():
            return "sa.DateTime(timezone=True)"
        case String(length=None):
            return "sa.String()"
        case String(length=length):
            return f"sa.String(length={length})"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
        render_item=_plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
