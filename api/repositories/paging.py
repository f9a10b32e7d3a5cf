"""Pages by key, not by offset: quick on any page, and nothing is skipped when rows come in between."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from models.errors import InputError

Row = TypeVar("Row")
_TOO_LARGE = 2**63  # for any database


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """What is asked: at most `limit` rows after `cursor` (None: from the first)."""

    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, and where to go on; `next` is None on the last page."""

    rows: Sequence[Row]
    next: str | None


def page(
    session: Session,
    query: SelectOfScalar[Row],
    keys: Sequence[Any],
    asked: Slice,
    *,
    newest_first: bool = False,
) -> Page[Row]:
    """One page of a query in the order of `keys`, columns that together are unique and never null.

    InputError when the cursor is not one of ours.
    """
    columns: Sequence[InstrumentedAttribute[Any]] = keys
    if asked.cursor is not None:
        query = query.where(_beyond(columns, _read(asked.cursor, columns), newest_first))
    ordered = query.order_by(*(column.desc() if newest_first else column.asc() for column in columns))
    found = session.exec(ordered.limit(asked.limit + 1)).all()
    rows = found[: asked.limit]
    more = len(found) > asked.limit
    return Page(rows, _write(rows[-1], columns) if more else None)


def _beyond(columns: Sequence[InstrumentedAttribute[Any]], at: Sequence[Any], newest_first: bool) -> Any:
    """Lexicographic comparison, written out: (a > x) or (a = x and b > y) or …"""
    cases = []
    for k, column in enumerate(columns):
        same = [earlier == value for earlier, value in zip(columns[:k], at[:k], strict=True)]
        cases.append(and_(*same, column < at[k] if newest_first else column > at[k]))
    return or_(*cases)


def _write(row: Any, columns: Sequence[InstrumentedAttribute[Any]]) -> str:
    values = [getattr(row, column.key) for column in columns]
    text = json.dumps(
        [v.isoformat() if isinstance(v, date) else v if isinstance(v, int) else str(v) for v in values]
    )
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, columns: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_typed(value, column) for value, column in zip(values, columns, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise InputError("Ce curseur n'est pas de Navette. Reprenez la liste depuis le début.") from error


def _typed(value: Any, column: InstrumentedAttribute[Any]) -> Any:
    kind = getattr(column.type, "impl_instance", column.type).python_type  # what a decorated type is of
    if kind is UUID:
        return UUID(value)
    if kind is datetime:
        return _instant(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is int and isinstance(value, int) and abs(value) < _TOO_LARGE:
        return value
    if kind is not int and isinstance(value, str) and "\0" not in value:
        return value
    raise TypeError("a cursor of another list")


def _instant(value: str) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is of another list")
    return instant.astimezone(UTC)
