"""How many statements a block sends to a database: lists must need the same few, however long they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from api.db import Database


@contextmanager
def count_queries(database: Database) -> Iterator[list[str]]:
    """The statements sent while the block runs, in order; `len` of them is what a test asserts.

    with count_queries(service.database) as sent:
        client.get("/api/v1/sites")
    assert len(sent) <= 3
    """
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
