"""What somebody shows, looked up: browsers, phones, links, keys. One query each; only what still counts."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, SQLModel, col, select

from models.tables.network import DriverRecord, SiteRecord
from models.tables.people import (
    AccountRecord,
    ApiKeyRecord,
    DeviceRecord,
    LinkKind,
    LinkRecord,
    SessionRecord,
)


def find_session(
    session: Session, token: str, moment: datetime, idle: timedelta
) -> tuple[SessionRecord, AccountRecord] | None:
    """A browser's session by the hash of its token, with its open account; None once it has ended."""
    query = (
        select(SessionRecord, AccountRecord)
        .join(AccountRecord, col(AccountRecord.id) == col(SessionRecord.account))
        .where(SessionRecord.token == token, col(AccountRecord.closed_at).is_(None))
        .where(SessionRecord.expires_at > moment, SessionRecord.seen_at > moment - idle)
    )
    return session.exec(query).first()


def find_device(session: Session, token: str) -> tuple[DeviceRecord, DriverRecord | None] | None:
    """A phone by the hash of its token, with who uses it now, unless it was revoked."""
    query = (
        select(DeviceRecord, DriverRecord)
        .outerjoin(
            DriverRecord,
            (col(DriverRecord.code) == col(DeviceRecord.driver)) & col(DriverRecord.archived_at).is_(None),
        )
        .where(DeviceRecord.token == token, col(DeviceRecord.revoked_at).is_(None))
    )
    found = session.exec(query).first()
    return None if found is None else (found[0], found[1])


def find_link(session: Session, link: UUID) -> LinkRecord | None:
    """A personal link that was not revoked."""
    query = select(LinkRecord).where(LinkRecord.id == link, col(LinkRecord.revoked_at).is_(None))
    return session.exec(query).first()


def find_library_link(session: Session, link: UUID) -> tuple[LinkRecord, SiteRecord] | None:
    """A library's link that was not revoked, with its site, unless that was archived."""
    query = (
        select(LinkRecord, SiteRecord)
        .join(SiteRecord, col(SiteRecord.code) == col(LinkRecord.subject))
        .where(LinkRecord.id == link, LinkRecord.kind == LinkKind.LIBRARY)
        .where(col(LinkRecord.revoked_at).is_(None), col(SiteRecord.archived_at).is_(None))
    )
    return session.exec(query).first()


def find_api_key(session: Session, prefix: str, moment: datetime) -> ApiKeyRecord | None:
    """A key by its prefix, unless it was revoked or is over."""
    query = (
        select(ApiKeyRecord)
        .where(ApiKeyRecord.prefix == prefix, col(ApiKeyRecord.revoked_at).is_(None))
        .where(col(ApiKeyRecord.expires_at).is_(None) | (col(ApiKeyRecord.expires_at) > moment))
    )
    return session.exec(query).first()


def mark_seen(session: Session, kind: type[SQLModel], key: UUID, moment: datetime) -> None:
    """Note that something was used, without a new version of it and without a word in the log of changes."""
    table = getattr(kind, "__table__")  # noqa: B009  # SQLModel does not declare it
    session.connection().execute(update(table).where(table.c.id == key).values(seen_at=moment))
