"""Answers remembered for whoever repeats a request, in the transaction of what they did."""

import hashlib
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from models.errors import Conflict
from models.tables.base import now
from models.tables.service import IdempotencyRecord

KEPT = timedelta(days=8)  # a phone may stay in a drawer for a week


def digest(path: str, body: str) -> str:
    """What a request asked, in short."""
    return hashlib.sha256(f"{path}\n{body}".encode()).hexdigest()


def remembered(session: Session, author: str, key: str, request: str) -> str | None:
    """The JSON of the answer given before; None the first time, and then the key is taken.

    A second request that comes while the first is at work waits here for it. Conflict when the key came
    with another request.
    """
    found = _find(session, author, key)
    if found is None:
        try:
            with session.begin_nested():
                session.add(IdempotencyRecord(author=author, key=key, request=request))
        except IntegrityError:  # the other one has just finished
            found = _find(session, author, key)
    if found is None:
        return None
    if found.request != request:
        raise Conflict(
            "Cette clé Idempotency-Key a déjà servi à une autre demande. Donnez une clé neuve à chacune."
        )
    return found.body


def remember(session: Session, author: str, key: str, body: str) -> None:
    """Keep the answer under the key that `remembered` took."""
    found = _find(session, author, key)
    assert found is not None
    found.body = body
    session.add(found)


def forget_old(session: Session) -> int:
    """Purge what nobody will repeat any more; how many."""
    gone = session.exec(delete(IdempotencyRecord).where(col(IdempotencyRecord.at) < now() - KEPT))
    return int(gone.rowcount)


def _find(session: Session, author: str, key: str) -> IdempotencyRecord | None:
    query = select(IdempotencyRecord).where(IdempotencyRecord.author == author, IdempotencyRecord.key == key)
    return session.exec(query).first()
