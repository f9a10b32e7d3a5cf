"""Accounts, the browsers that have signed in to them, and the one-time links that lead to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.tables.people import AccountRecord, AccountRole, InvitationRecord, SessionRecord


def find_account(session: Session, login: str) -> AccountRecord | None:
    """An account by its login, closed ones included."""
    return session.exec(select(AccountRecord).where(AccountRecord.login == login)).first()


def get_account(session: Session, account: UUID) -> AccountRecord:
    found = session.get(AccountRecord, account)
    if found is None:
        raise NotFound("Ce compte n'existe pas.")
    return found


def list_accounts(session: Session, asked: Slice) -> Page[AccountRecord]:
    """By login, closed ones included."""
    return page(session, select(AccountRecord), [AccountRecord.login], asked)


def lock_open_coordinators(session: Session) -> Sequence[AccountRecord]:
    """Those who may do everything; nobody else changes them until the transaction ends."""
    query = select(AccountRecord).where(
        AccountRecord.role == AccountRole.COORDINATOR, col(AccountRecord.closed_at).is_(None)
    )
    return session.exec(query.order_by(col(AccountRecord.id)).with_for_update()).all()


def has_open_coordinator(session: Session) -> bool:
    query = select(AccountRecord.id).where(
        AccountRecord.role == AccountRole.COORDINATOR, col(AccountRecord.closed_at).is_(None)
    )
    return session.exec(query.limit(1)).first() is not None


def store_hash(session: Session, account: UUID, password: str) -> None:
    """A better hash of the same password: no new version of the account."""
    session.connection().execute(
        update(AccountRecord).where(col(AccountRecord.id) == account).values(password=password)
    )


def take_step(session: Session, account: UUID, step: int) -> bool:
    """Note a time step of the second factor; False when it, or a later one, was taken already."""
    done = session.connection().execute(
        update(AccountRecord)
        .where(col(AccountRecord.id) == account, col(AccountRecord.totp_last) < step)
        .values(totp_last=step)
    )
    return bool(done.rowcount)


def list_sessions(
    session: Session, account: UUID, moment: datetime, idle: timedelta
) -> Sequence[SessionRecord]:
    """The browsers of an account that are still signed in, the last seen first."""
    query = select(SessionRecord).where(
        SessionRecord.account == account,
        SessionRecord.expires_at > moment,
        SessionRecord.seen_at > moment - idle,
    )
    return session.exec(query.order_by(col(SessionRecord.seen_at).desc())).all()


def end_session(session: Session, account: UUID, browser: UUID) -> bool:
    """End one browser's session; False when that account has no such."""
    gone = session.connection().execute(
        delete(SessionRecord).where(col(SessionRecord.id) == browser, col(SessionRecord.account) == account)
    )
    return bool(gone.rowcount)


def end_session_of_token(session: Session, token: str) -> None:
    """End the session whose token's hash this is, if there is one."""
    session.connection().execute(delete(SessionRecord).where(col(SessionRecord.token) == token))


def end_sessions(session: Session, account: UUID, but: UUID | None = None) -> int:
    """End the sessions of an account, but one; how many."""
    query = delete(SessionRecord).where(col(SessionRecord.account) == account)
    gone = session.connection().execute(query if but is None else query.where(col(SessionRecord.id) != but))
    return int(gone.rowcount)


def find_invitation(session: Session, token: str, moment: datetime) -> InvitationRecord | None:
    """A one-time link by the hash of its token, while it can be used."""
    query = select(InvitationRecord).where(
        InvitationRecord.token == token,
        col(InvitationRecord.used_at).is_(None),
        InvitationRecord.expires_at > moment,
    )
    return session.exec(query).first()


def list_invitations(session: Session, moment: datetime) -> Sequence[InvitationRecord]:
    """The one-time links that can still be used, the newest first."""
    query = select(InvitationRecord).where(
        col(InvitationRecord.used_at).is_(None), InvitationRecord.expires_at > moment
    )
    return session.exec(query.order_by(col(InvitationRecord.id).desc())).all()


def get_invitation(session: Session, invitation: UUID) -> InvitationRecord:
    found = session.get(InvitationRecord, invitation)
    if found is None:
        raise NotFound("Cette invitation n'existe pas.")
    return found


def use_invitation(session: Session, invitation: UUID, moment: datetime) -> bool:
    """Use up a one-time link; False when somebody has been quicker."""
    done = session.connection().execute(
        update(InvitationRecord)
        .where(col(InvitationRecord.id) == invitation, col(InvitationRecord.used_at).is_(None))
        .values(used_at=moment)
    )
    return bool(done.rowcount)


def withdraw_first_invitations(session: Session, moment: datetime) -> None:
    """Use up what earlier starts have printed: only the newest link to a first account counts."""
    session.connection().execute(
        update(InvitationRecord)
        .where(
            col(InvitationRecord.used_at).is_(None),
            col(InvitationRecord.account).is_(None),
            col(InvitationRecord.created_by) == "",
        )
        .values(used_at=moment)
    )
