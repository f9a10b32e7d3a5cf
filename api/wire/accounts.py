"""Accounts and invitations on the wire, as coordinators see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.services.invitations import Invited
from api.wire.base import Wire, example
from models.tables.people import AccountRecord, AccountRole, InvitationRecord

RoleOfAccount = Annotated[AccountRole, Field(description="`coordinator` peut tout, `official` lit.")]


class AccountOut(Wire):
    """Somebody with a password."""

    id: UUID
    version: int
    login: str
    name: str
    role: RoleOfAccount
    second_factor: bool
    created_at: datetime
    closed_at: datetime | None


class AccountChange(Wire):
    """What may be changed of somebody's account; what is not given stays."""

    model_config = example(name="Camille Vermeersch", role="coordinator")

    name: Annotated[str | None, Field(min_length=1, max_length=120)] = None
    role: RoleOfAccount | None = None


class InvitationAsked(Wire):
    """Whom to invite."""

    model_config = example(role="official")

    role: RoleOfAccount


class InvitationOut(Wire):
    """A one-time link that still counts. `account`: it is for a new password of that account."""

    id: UUID
    role: RoleOfAccount
    account: UUID | None
    created_by: str
    created_at: datetime
    expires_at: datetime


class InvitationMade(InvitationOut):
    """A one-time link, told this once."""

    url: Annotated[str, Field(description="À transmettre à la personne ; ne sera plus jamais montré.")]


def told_account(record: AccountRecord) -> AccountOut:
    """An account, without its secrets."""
    return AccountOut(
        id=record.id,
        version=record.version,
        login=record.login,
        name=record.name,
        role=record.role,
        second_factor=bool(record.totp),
        created_at=record.created_at,
        closed_at=record.closed_at,
    )


def told_invitation(record: InvitationRecord) -> InvitationOut:
    return InvitationOut(**record.model_dump(exclude={"token", "used_at"}))


def made_invitation(made: Invited, public_url: str) -> InvitationMade:
    """An invitation with its link."""
    return InvitationMade(**made.record.model_dump(exclude={"token", "used_at"}), url=public_url + made.path)
