"""The whole database, table by table, as plain values that every database gives and takes alike."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from itertools import islice
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    event,
    func,
    insert,
    null,
    select,
    text,
    update,
)
from sqlalchemy import Date as DateColumn

from models.tables.all import METADATA
from models.tables.base import UtcDateTime

Row: TypeAlias = dict[str, Any]
PASSING = frozenset({"worker"})  # who works at this moment is nobody's memory
_TOGETHER = 500


def tables() -> tuple[Table, ...]:
    """Everything that is remembered, what others refer to first."""
    return tuple(one for one in METADATA.sorted_tables if one.name not in PASSING)


def tables_there(connection: Connection) -> tuple[Table, ...]:
    """The same in a database of an earlier schema: what it has of them, with the columns that it has."""
    known = METADATA.tables
    there = MetaData()

    @event.listens_for(there, "column_reflect")
    def _(_: object, table: Table, column: Any) -> None:
        if column["name"] in known[table.name].c:  # SQLite does not tell an instant from a text
            column["type"] = known[table.name].c[column["name"]].type

    there.reflect(connection, only=lambda name, _: name in known and name not in PASSING, resolve_fks=False)
    return tuple(there.sorted_tables)


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now, for as long as it looks, while others write on."""
    with engine.connect() as plain:
        if engine.dialect.name == "sqlite":
            yield plain
            return
        yield plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def rows(connection: Connection, table: Table) -> Iterator[Row]:
    """Every row as JSON knows values, by primary key; bytes in base 64."""
    query = select(table).order_by(*table.primary_key)
    found = connection.execute(query, execution_options={"yield_per": _TOGETHER})
    names = [column.name for column in table.columns]
    for row in found:
        yield {name: _plain(value) for name, value in zip(names, row, strict=True)}


def add(connection: Connection, table: Table, given: Iterable[Mapping[str, Any]]) -> None:
    """Store rows in an empty table; those that refer to their own table do so when all are there."""
    own = [
        column.name for column in table.columns if any(k.column.table is table for k in column.foreign_keys)
    ]
    readers = {column.name: _reader(column) for column in table.columns}
    later: list[Row] = []
    left = iter(given)
    while some := list(islice(left, _TOGETHER)):
        stored = [{name: read(row[name]) for name, read in readers.items()} for row in some]
        for row in stored:
            later += [{"of": row["id"], name: row[name]} for name in own if row[name] is not None]
            row.update(dict.fromkeys(own))
        connection.execute(insert(table), stored)
    for one in later:
        of = one.pop("of")
        connection.execute(update(table).where(table.c.id == of).values(**one))


def count_forward(connection: Connection) -> None:
    """Have the database's counters go on after the rows that were stored."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        counted = table.autoincrement_column
        if counted is None:
            continue
        last = connection.execute(select(func.max(counted))).scalar()
        if last is not None:
            named = {"table": table.name, "column": counted.name, "last": last}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), named)


def filled(connection: Connection) -> Sequence[str]:
    """Tables that hold anything."""
    return [one.name for one in tables() if connection.execute(select(one).limit(1)).first() is not None]


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    """From JSON's value of a column to the database's."""
    match column.type:
        case JSON():
            return lambda value: null() if value is None else value  # no value, not the JSON word « null »
        case UtcDateTime():
            return _or_none(datetime.fromisoformat)
        case DateColumn():
            return _or_none(date.fromisoformat)
        case Uuid():
            return _or_none(UUID)
        case LargeBinary():
            return _or_none(base64.b64decode)
        case _:
            return lambda value: value


def _or_none(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)
