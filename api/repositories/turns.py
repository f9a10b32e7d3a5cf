"""Who writes about what, one after the other, on PostgreSQL; on SQLite writers take turns anyway.

A turn lasts until its transaction ends. Whoever waited for one sees, in the next statement, what was stored
before it.
"""

from collections.abc import Iterable
from hashlib import blake2b

from sqlalchemy import BigInteger, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, bindparam, select


def take_turns(session: Session, names: Iterable[str]) -> None:
    """The turns of those names, in an order that is the same for everybody: nobody waits in a ring."""
    connection = session.connection()
    keys = sorted({_key(name) for name in names})
    if keys and connection.dialect.name == "postgresql":
        each = func.unnest(bindparam("keys", keys, type_=ARRAY(BigInteger))).column_valued("key")
        connection.execute(select(func.pg_advisory_xact_lock(each)))


def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
