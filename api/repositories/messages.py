"""Messages between libraries and the coordination."""

from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.tables.base import now
from models.tables.scans import MessageRecord


def list_messages(session: Session, site: str | None, asked: Slice) -> Page[MessageRecord]:
    """Messages with one library, or with all, the last first."""
    query = select(MessageRecord)
    if site is not None:
        query = query.where(MessageRecord.site == site)
    return page(session, query, [MessageRecord.at, MessageRecord.id], asked, newest_first=True)


def get_message(session: Session, key: UUID) -> MessageRecord:
    """NotFound when there is none."""
    found = session.get(MessageRecord, key)
    if found is None:
        raise NotFound("Ce message n'existe pas.")
    return found


def mark_read(session: Session, up_to: MessageRecord, *, from_library: bool) -> None:
    """Mark the messages of one side with a library as read, up to one of them."""
    session.connection().execute(
        update(MessageRecord)
        .where(
            col(MessageRecord.site) == up_to.site,
            col(MessageRecord.from_library) == from_library,
            col(MessageRecord.at) <= up_to.at,
            col(MessageRecord.read_at).is_(None),
        )
        .values(read_at=now())
    )


def unread(session: Session, site: str | None, *, from_library: bool) -> dict[str, int]:
    """Per site: how many messages of one side are not read."""
    query = (
        select(MessageRecord.site, func.count())
        .where(MessageRecord.from_library == from_library, col(MessageRecord.read_at).is_(None))
        .group_by(MessageRecord.site)
    )
    if site is not None:
        query = query.where(MessageRecord.site == site)
    return {code: int(number) for code, number in session.exec(query)}
