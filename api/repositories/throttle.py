"""How often things were tried lately: rows that several processes share."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models.tables.base import now
from models.tables.people import ThrottleRecord

_TABLE = getattr(ThrottleRecord, "__table__")  # noqa: B009  # SQLModel does not declare it


def lock_buckets(session: Session, buckets: Sequence[str]) -> Sequence[ThrottleRecord]:
    """The rows of some buckets, made where they are missing, nobody else's until the transaction ends.

    Always taken in one order, so that two that want the same ones wait for one another only once. A row that
    stands is written over with itself: that alone keeps another from removing it before it is read.
    """
    wanted = sorted(set(buckets))
    on_sqlite = session.connection().dialect.name == "sqlite"
    rows = [ThrottleRecord(bucket=bucket, since=now()).model_dump() for bucket in wanted]
    new = (sqlite.insert if on_sqlite else postgresql.insert)(_TABLE).values(rows)
    session.connection().execute(
        new.on_conflict_do_update(index_elements=["bucket"], set_={"bucket": new.excluded.bucket})
    )
    query = select(ThrottleRecord).where(col(ThrottleRecord.bucket).in_(wanted))
    return session.exec(query.order_by(ThrottleRecord.bucket)).all()


def forget_buckets(session: Session, buckets: Sequence[str]) -> None:
    """As if nothing had been tried."""
    session.connection().execute(delete(ThrottleRecord).where(col(ThrottleRecord.bucket).in_(buckets)))
