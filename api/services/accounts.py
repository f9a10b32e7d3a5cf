"""Accounts, as coordinators keep them: who there is, who is invited, who is out."""

from uuid import UUID

from sqlmodel import Session

from api.repositories import accounts
from api.services.invitations import Invited, invite
from api.services.versions import must_match
from models.errors import Conflict
from models.tables.base import now
from models.tables.people import AccountRecord, AccountRole


def change(
    session: Session, account: UUID, name: str | None, role: AccountRole | None, seen: int
) -> AccountRecord:
    """Another name or role. StaleVersion; Conflict when nobody would be left to do everything."""
    found = accounts.get_account(session, account)
    must_match(found, seen)
    if role is AccountRole.OFFICIAL:
        _must_leave_one(session, found)
    found.name = name.strip() if name else found.name
    found.role = role or found.role
    session.flush()
    return found


def close(session: Session, account: UUID, seen: int) -> AccountRecord:
    """Nobody comes in with it any more, from this moment on. Conflict, StaleVersion as above."""
    found = accounts.get_account(session, account)
    must_match(found, seen)
    _must_leave_one(session, found)
    found.closed_at = found.closed_at or now()
    accounts.end_sessions(session, found.id)
    session.flush()
    return found


def reset(session: Session, account: UUID, by: str) -> Invited:
    """A one-time link for somebody who has lost their password or their second factor."""
    found = accounts.get_account(session, account)
    if found.closed_at is not None:
        raise Conflict("Ce compte est fermé. Invitez plutôt la personne de nouveau.")
    return invite(session, found.role, by, found)


def _must_leave_one(session: Session, going: AccountRecord) -> None:
    """The rows are locked: of two coordinators who close each other one stays."""
    left = [one for one in accounts.lock_open_coordinators(session) if one.id != going.id]
    if not left and going.role is AccountRole.COORDINATOR and going.closed_at is None:
        raise Conflict(
            "C'est le dernier compte de coordination : plus personne ne pourrait rien changer. "
            "Invitez d'abord quelqu'un d'autre."
        )
