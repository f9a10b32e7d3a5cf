"""Who may come in, and what they did: accounts, sessions, devices, links, keys, the log of changes.

Secrets are never stored as they are given: passwords and codes are hashed, what must be read again is
encrypted.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.base import Record, UtcDateTime, Versioned, now, words


class AccountRole(StrEnum):
    """What a person with a password may do: everything, or read."""

    COORDINATOR = "coordinator"
    OFFICIAL = "official"


class AccountRecord(Versioned, table=True):
    """A person with a password. `totp` is an encrypted secret, empty when there is no second factor."""

    __tablename__ = "account"

    login: str = Field(unique=True)
    name: str
    role: AccountRole = Field(sa_type=words(AccountRole))
    password: str
    totp: str = ""
    totp_last: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InvitationRecord(Record, table=True):
    """A one-time link to create an account, or to choose a new password for `account`. `token` is a hash."""

    __tablename__ = "invitation"

    token: str = Field(unique=True)
    role: AccountRole = Field(sa_type=words(AccountRole))
    account: UUID | None = Field(default=None, foreign_key="account.id")
    created_by: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SessionRecord(Record, table=True):
    """A browser that has signed in. `token` is a hash."""

    __tablename__ = "session"

    account: UUID = Field(foreign_key="account.id", index=True)
    token: str = Field(unique=True)
    user_agent: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class DeviceRecord(Versioned, table=True):
    """A driver's phone. `driver` is who uses it now; one phone may serve several, one driver have several.

    Who uses a `shared` phone is chosen on it; any other is its driver's alone.
    """

    __tablename__ = "device"

    name: str
    driver: str | None = Field(default=None, foreign_key="driver.code", index=True)
    shared: bool = False
    token: str = Field(unique=True)
    enrolled_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EnrolmentRecord(Record, table=True):
    """A code shown as a QR, which turns one phone into a device, once, for some minutes. `code` is keyed and
    hashed. Without a `driver` the phone is shared."""

    __tablename__ = "enrolment"

    code: str = Field(unique=True)
    driver: str | None = Field(default=None, foreign_key="driver.code")
    created_by: str = ""
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LinkKind(StrEnum):
    """What a personal link opens: a library's page, or a calendar."""

    LIBRARY = "library"
    SITE_FEED = "site_feed"
    ROUND_FEED = "round_feed"
    DRIVER_FEED = "driver_feed"


class LinkRecord(Record, table=True):
    """A personal link: no account, bound to one `subject` (a site's, vehicle's or driver's code), revocable.

    The token is signed, not stored, so that a lost poster can be printed again; `generation` makes all
    earlier ones worthless.
    """

    __tablename__ = "link"

    kind: LinkKind = Field(sa_type=words(LinkKind))
    subject: str = Field(index=True)
    label: str = ""
    generation: int = 1
    created_by: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiKeyRecord(Record, table=True):
    """A key for another software. `prefix` tells it apart in lists, `secret` is a hash."""

    __tablename__ = "api_key"

    name: str
    prefix: str = Field(unique=True)
    secret: str
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    created_by: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuditRecord(Record, table=True):
    """One change: who, when, to what, from what to what. Secrets stand in neither."""

    __tablename__ = "audit"

    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    role: str
    author: str
    request: str = ""
    action: str
    subject: str = Field(index=True)
    key: str = Field(index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class ThrottleRecord(Record, table=True):
    """How often something was tried lately, by a hash of who tries."""

    __tablename__ = "throttle"

    bucket: str = Field(unique=True)
    tries: int = 0
    since: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
