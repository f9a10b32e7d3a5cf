"""What people were told of the future, kept so that it can be held against what came: predictions of a
running round, promises from library to library, what was learnt from the past, notices sent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from models.tables.base import Record, UtcDateTime, Versioned, now, words


class PredictionRecord(Record, table=True):
    """When a visit was expected to begin, as it was told at `made_at`.

    `facts` is the `seq` of the last fact of the round that it rests on, 0 where it rests on positions or the
    plan alone; `basis` says which, `told_at` how old that is. `ahead_s`: planned seconds from there to the
    visit. `skip_permille`: how likely the visit does not take place at all. `stamp` names all that was known
    of the round: whoever knows the same stores nothing more. `settled`: what came of it is known, and was
    learnt from.
    """

    __tablename__ = "prediction"
    __table_args__ = (
        UniqueConstraint("visit", "stamp"),
        Index(None, "day", "site"),
        Index(None, "settled", "day"),
    )

    round: str
    visit: str
    site: str
    day: date
    made_at: datetime = Field(sa_type=UtcDateTime)
    stamp: str
    facts: int = 0
    basis: str
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    p05_at: datetime = Field(sa_type=UtcDateTime)
    p10_at: datetime = Field(sa_type=UtcDateTime)
    p50_at: datetime = Field(sa_type=UtcDateTime)
    p90_at: datetime = Field(sa_type=UtcDateTime)
    p95_at: datetime = Field(sa_type=UtcDateTime)
    ahead_s: int = 0
    skip_permille: int = 0
    settled: bool = False


class ForeseenRecord(Record, table=True):
    """What is foreseen of a round now: its last predictions, all in one row, so that a page needs no more
    than that. Whoever holds the row may add the next ones. `detail` maps refs of visits to p10, p50, p90
    (seconds since the epoch) and how likely they are skipped, in permille.
    """

    __tablename__ = "foreseen"

    round: str = Field(unique=True)
    day: date = Field(index=True)
    stamp: str = ""
    basis: str = ""
    made_at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class PromiseRecord(Record, table=True):
    """A date that was promised, once however often it was shown: what is taken along at `pickup` (the ref of
    a visit) is at `destination` by `due_at` with `chance_permille`.

    `kept`: whether it would have been, as the rounds then went; None until that is known. `item` names the
    document, where the question was about one.
    """

    __tablename__ = "promise"
    __table_args__ = (
        UniqueConstraint("origin", "destination", "pickup", "due_at", "chance_permille", "item"),
        Index(None, "settled_at", "due_at"),
    )

    origin: str = Field(index=True)
    destination: str
    pickup: str
    item: str = ""
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    ready_at: datetime = Field(sa_type=UtcDateTime)
    likely_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    worst_at: datetime = Field(sa_type=UtcDateTime)
    chance_permille: int
    basis: str
    shown: int = 1
    arrived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    kept: bool | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LearntRecord(Record, table=True):
    """What was learnt from past rounds, the latest of each `kind`: times of legs and visits, calibration."""

    __tablename__ = "learnt"

    kind: str = Field(unique=True)
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class NoticeChannel(StrEnum):
    """How a library wishes to hear of changes."""

    MAIL = "mail"
    PUSH = "push"


class NoticeWishRecord(Versioned, table=True):
    """Somebody at a library who wishes to hear when its window breaks. `address` is encrypted: a mail
    address, or what the browser gave for pushing. It counts from `confirmed_at` until `ended_at`, when the
    address is forgotten."""

    __tablename__ = "notice_wish"

    site: str = Field(foreign_key="site.code", index=True)
    channel: NoticeChannel = Field(sa_type=words(NoticeChannel))
    address: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_why: str = ""


class NoticeRecord(Record, table=True):
    """A library was told that a visit's window is another one, at most once for each window; or, `gone`,
    that the visit with that window does not take place. `words` is the sentence they read, `sent` says for
    each wish what became of its mail, `next_at` when to try again, None
    once all is over."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("visit", "early_at", "late_at", "gone"),)

    site: str = Field(index=True)
    visit: str
    why: str
    gone: bool = False
    early_at: datetime = Field(sa_type=UtcDateTime)
    late_at: datetime = Field(sa_type=UtcDateTime)
    words: str
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    sent: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
