"""What every record shares: a UUIDv7 key, UTC instants, words for enums, named constraints, versions."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, MetaData, String, TypeDecorator
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """This instant, UTC, to the microsecond."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out, on databases with or without time zones.

    ValueError for a naive datetime: it has no place here.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@cache
def words(kind: type[StrEnum]) -> Any:
    """A column type that stores the words of an enum as text, and gives members back.

    A native enum type would need a migration for every new word.
    """

    class Words(TypeDecorator[StrEnum]):
        impl = String(32)
        cache_ok = True

        def process_bind_param(self, value: Any | None, _: Dialect) -> str | None:
            return None if value is None else kind(value).value

        def process_result_value(self, value: Any | None, _: Dialect) -> StrEnum | None:
            return None if value is None else kind(value)

    return Words


def counter() -> Column[int]:
    """A primary key that the database counts upwards, in order of writing, not of commit."""
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


class Record(SQLModel):
    """A row with a key of its own, made here so that it is known before anything is written."""

    metadata = MetaData(naming_convention=NAMES)

    id: UUID = Field(default_factory=uuid7, primary_key=True)


class Versioned(Record):
    """A row that two people may edit: `version` grows by one at every change, and a change made to an older
    version than the stored one fails (`StaleDataError`)."""

    version: int = Field(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # a class attribute, not a method
        table = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}
