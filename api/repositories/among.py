"""`among(column, values)`: membership with one parameter, however many values.

`IN` is spelled out with a parameter for each value: hundreds of them cost more to write and to read than the
answer does, and no two statements are alike, so that nothing is prepared once. Here the values travel as one
array on PostgreSQL, as one JSON text on SQLite.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Many(TypeDecorator[list[Any]]):
    """Values of one type, as the database in hand takes many of them."""

    impl = Text
    cache_ok = True

    def __init__(self, one: TypeEngine[Any]) -> None:
        super().__init__()
        self.one = one

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.one) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        stored = self.one.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([stored(one) if stored else one for one in value])


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True  # SQLite would be asked for « … = 1 », for which it looks into no index


@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: Any, **how: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **how)} = ANY ({compiler.process(values, **how)})"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **how: Any) -> str:
    column, values = element.clauses
    told = f"SELECT value FROM json_each({compiler.process(values, **how)})"
    return f"{compiler.process(column, **how)} IN ({told})"


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column is one of the values; never, where there are none."""
    return _Among(column, bindparam(None, sorted(values), type_=_Many(column.type), unique=True))
