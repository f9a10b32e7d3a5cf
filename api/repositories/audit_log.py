"""The log of changes, read."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.tables.people import AuditRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which changes: of what kind of thing, of which, by whom, `since` (included) and `before` (not)."""

    subject: str | None = None
    key: str | None = None
    author: str | None = None
    action: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def list_audit(session: Session, wanted: Wanted, asked: Slice) -> Page[AuditRecord]:
    """The newest first."""
    query = select(AuditRecord)
    for column, value in (
        (AuditRecord.subject, wanted.subject),
        (AuditRecord.key, wanted.key),
        (AuditRecord.author, wanted.author),
        (AuditRecord.action, wanted.action),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if wanted.since is not None:
        query = query.where(col(AuditRecord.at) >= wanted.since)
    if wanted.before is not None:
        query = query.where(col(AuditRecord.at) < wanted.before)
    return page(session, query, [AuditRecord.at, AuditRecord.id], asked, newest_first=True)
