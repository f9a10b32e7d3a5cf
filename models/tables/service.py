"""What the service needs to remember about itself: answers given, changes to tell, webhooks, heartbeats."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.base import Record, UtcDateTime, Versioned, counter, now, words


class IdempotencyRecord(Record, table=True):
    """An answer that was given, to be given again to whoever repeats the request."""

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("author", "key"),)

    author: str
    key: str
    request: str
    status: int = 0
    body: str = ""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class ChangeRecord(SQLModel, table=True):
    """A hint that something changed, for those who watch: look at `topic` and `ref` again."""

    __tablename__ = "change"
    metadata = Record.metadata

    seq: int | None = Field(default=None, sa_column=counter())
    topic: str
    ref: str = ""
    site: str | None = None
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class WebhookRecord(Versioned, table=True):
    """Another software that wants to hear of `events`; `secret` is encrypted.

    `failing_since` is when its deliveries began to fail without one that succeeded.
    """

    __tablename__ = "webhook"

    url: str
    secret: str
    events: list[str] = Field(default_factory=list, sa_type=JSON)
    created_by: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_why: str = ""


class DeliveryState(StrEnum):
    """What became of a webhook's delivery."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class DeliveryRecord(Record, table=True):
    """One event on its way to one webhook. `next_at`: when to try again, None once all is over."""

    __tablename__ = "delivery"

    webhook: UUID = Field(foreign_key="webhook.id", index=True)
    event: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: DeliveryState = Field(default=DeliveryState.PENDING, sa_type=words(DeliveryState), index=True)
    attempts: int = 0
    status: int | None = None
    note: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WorkerRecord(Record, table=True):
    """A process that carries out jobs, and when it was last heard of."""

    __tablename__ = "worker"

    name: str = Field(unique=True)
    started_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
