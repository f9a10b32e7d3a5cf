"""The schema of the database: is it the one that this version needs, and bring it there."""

from functools import cache

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from api.db import Database
from models.errors import Conflict, Unavailable
from models.tables.all import METADATA

_OF_DBOS = frozenset(
    {
        "application_versions",
        "dbos_migrations",
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)
_LOCK = 0x4E415645  # one migrator at a time on PostgreSQL


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, for one open connection."""
    found = Config()
    found.set_main_option("script_location", "models:migrations")
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    return found


@cache
def newest() -> str:
    """The revision that this version of Navette needs."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None
    return head


def revision(database: Database) -> str | None:
    """The revision of a database, None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def revision_seen(connection: Connection) -> str | None:
    """The revision of the database that a connection looks at."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(wanted: str) -> bool:
    """Whether this version of Navette knows a revision: its own, or an earlier one."""
    return wanted in {one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()}


def step_back(connection: Connection, wanted: str) -> None:
    """Bring a database that holds nothing to an earlier revision, within the connection's transaction."""
    command.downgrade(config(connection), wanted)


def step_forward(connection: Connection) -> None:
    """Bring a database to the newest revision, within the connection's transaction."""
    command.upgrade(config(connection), "head")


def upgrade(database: Database) -> None:
    """Bring a database to the newest revision; nothing happens when it is there.

    Conflict when it was made by a newer Navette.
    """
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
        try:
            _known(MigrationContext.configure(connection).get_current_revision())
            connection.rollback()
            command.upgrade(config(connection), "head")
            connection.commit()
        finally:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
                connection.commit()


def must_be_current(database: Database) -> None:
    """Unavailable unless the database answers, and has the schema that this version needs."""
    with database.read() as session:
        found = MigrationContext.configure(session.connection()).get_current_revision()
    if found != newest():
        raise Unavailable(
            f"La base a le schéma {found or 'vide'}, il faut {newest()}. Lancez : navette migrate"
        )


def drift(database: Database) -> list[str]:
    """What the database has otherwise than the records say; empty when they agree."""
    with database.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        return [str(one) for one in compare_metadata(context, METADATA)]


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """Not one of DBOS's tables, which on SQLite stand in the same file."""
    return kind != "table" or name not in _OF_DBOS


def _known(current: str | None) -> None:
    if current is not None and not is_known(current):
        raise Conflict(
            f"La base vient d'une version plus récente de Navette (schéma {current}). Mettez Navette à jour."
        )
