"""The database: one engine, short transactions, the same words for what goes wrong on SQLite and PostgreSQL.

A reading transaction never waits. A writing one commits before its block ends, so that an answer sent after
the block tells of what is stored. On SQLite writers take their turn, in this process by a lock and between
processes by the file's own.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from api.services.actor import SYSTEM, Actor
from api.services.audit import watch_changes
from api.services.plans.guard import guard_plans
from models.errors import Conflict, InputError, NavetteError, StaleVersion, Unavailable

_BUSY_MS = 10_000
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # what is acknowledged survives a power cut
    "foreign_keys = ON",
    f"busy_timeout = {_BUSY_MS}",
    "temp_store = MEMORY",
    "cache_size = -32000",
)
_WRITES = "navette_writes"


class Database:
    """`url` is SQLAlchemy's; InputError when it is none, or names a database that Navette does not speak."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = _known(url)
        self.on_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._engine(pool_size)
        self._writers = threading.Lock()
        self.info: dict[str, Any] = {}  # what every writing session carries along: where jobs are handed on

    def _engine(self, pool_size: int) -> Engine:
        if not self.on_sqlite:
            return create_engine(
                self.url,
                pool_size=pool_size,
                max_overflow=20,
                pool_pre_ping=True,
                pool_timeout=10,
                hide_parameters=True,
            )
        engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=20,
            connect_args={"timeout": 10},
            hide_parameters=True,  # values stand in no error and in no log
        )
        event.listen(engine, "do_connect", _make_room)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to look with; whatever is done in it is forgotten."""
        with _in_words(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, actor: Actor = SYSTEM, request: str = "", *, patient: bool = True) -> Iterator[Session]:
        """A session whose changes are stored together when the block ends, or not at all.

        `actor` is who the log of changes names, `request` the id of the request it is for. Not `patient`:
        Unavailable at once where others are writing on SQLite, for what is not worth waiting for.
        Conflict when a constraint says no, StaleVersion when a row has changed meanwhile, Unavailable when
        the database is away or full.
        """
        with _in_words(), self._turn(_BUSY_MS / 1000 if patient else 0), self.engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: True})
            info = {**self.info, "actor": actor, "request": request}
            with Session(connection, expire_on_commit=False, info=info) as session:
                watch_changes(session)
                guard_plans(session)
                yield session
                session.commit()

    @contextmanager
    def _turn(self, wait_s: float) -> Iterator[None]:
        if not self.on_sqlite:
            yield
            return
        if not self._writers.acquire(timeout=wait_s):
            raise Unavailable(
                "Trop d'écritures en même temps. Rien n'a été perdu : réessayez dans un instant."
            )
        try:
            yield
        finally:
            self._writers.release()

    def study(self) -> None:
        """Have the database look at what it holds, after very much was stored at once.

        Until it has, PostgreSQL reads whole tables where an index leads straight there: a batch of facts took
        three times as long. It studies what changes by itself, some minutes later. SQLite needs none: it
        follows an index wherever there is one.
        """
        if self.on_sqlite:
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _known(url: str) -> Any:
    try:
        parsed = make_url(url)
    except Exception as error:
        raise InputError(
            "L'adresse de la base est illisible : donnez sqlite:///… ou postgresql://… (NAVETTE_DATABASE)."
        ) from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise InputError(
            f"Navette ne connaît pas la base « {parsed.get_backend_name()} ». "
            "Donnez une adresse sqlite:///… ou postgresql://… dans NAVETTE_DATABASE."
        )
    return parsed


def _make_room(_: object, __: object, arguments: list[Any], ___: object) -> None:
    """The folder of a file that is opened for the first time."""
    if arguments and arguments[0] != ":memory:":
        Path(arguments[0]).parent.mkdir(parents=True, exist_ok=True)


def _prepare_sqlite(connection: DBAPIConnection, _: object) -> None:
    # The driver must not open transactions by itself: `_begin_sqlite` does, and says of which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _in_words() -> Iterator[None]:
    """Whatever a database says no with → the error tree."""
    try:
        yield
    except NavetteError:
        raise
    except StaleDataError as error:
        raise StaleVersion(
            "Quelqu'un d'autre vient de le modifier. Rechargez, puis refaites votre changement."
        ) from error
    except IntegrityError as error:
        raise Conflict(f"Cela contredit ce qui est enregistré ({_constraint(error)}).") from error
    except (DataError, OverflowError, UnicodeEncodeError) as error:  # what no column can hold
        raise InputError(
            "Une des valeurs données ne peut pas être enregistrée ni cherchée : "
            "un caractère abîmé, ou un nombre trop grand."
        ) from error
    except OperationalError as error:
        raise Unavailable(_why(str(error.orig).lower())) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(_why("")) from error
        raise


def _constraint(error: IntegrityError) -> str:
    diagnostic = getattr(error.orig, "diag", None)
    named = getattr(diagnostic, "constraint_name", None)
    return str(named or error.orig).partition("\n")[0]


def _why(said: str) -> str:
    if "full" in said or "no space" in said:
        return "Le disque est plein : rien n'a été enregistré. Libérez de la place, puis recommencez."
    if "locked" in said or "busy" in said:
        return "La base est occupée : rien n'a été enregistré. Réessayez dans un instant."
    if "readonly" in said or "read-only" in said:
        return "La base n'est pas modifiable : rien n'a été enregistré. Vérifiez les droits du dossier."
    return "La base de données ne répond pas : rien n'a été enregistré. Réessayez dans un instant."
