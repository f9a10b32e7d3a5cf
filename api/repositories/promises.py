"""What promises rest on, and the promises that were made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from api.repositories.upserts import insert_new
from models.tables.base import now
from models.tables.network import NetworkRecord
from models.tables.plans import PlanKind, PlanRecord, PlanStatus
from models.tables.predictions import LearntRecord, PromiseRecord
from models.tables.service import ChangeRecord

CHANCES = "chances"
_LATELY = 64  # more transactions than there are at once
_TABLE: Any = getattr(PromiseRecord, "__table__")  # noqa: B009  # SQLModel adds it, unseen by the type checker
_KEY = ("origin", "destination", "pickup", "due_at", "chance_permille", "item")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """Equal stamps, equal timetable and chances."""

    revision: int
    plans: int
    newest: int
    versions: int
    published_at: datetime | None
    learnt_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """Equal values, no hint of a change since: the newest one, and how many there are of the last numbers,
    since a lower number may be stored after a higher one."""

    newest: int
    lately: int


def _asked() -> Any:
    newest_hint = select(func.max(ChangeRecord.seq)).scalar_subquery()
    columns: tuple[Any, ...] = (
        select(func.max(NetworkRecord.revision)).scalar_subquery(),
        select(func.max(LearntRecord.made_at)).where(LearntRecord.kind == CHANCES).scalar_subquery(),
        func.count(),
        func.coalesce(func.max(PlanRecord.number), 0),
        func.coalesce(func.sum(PlanRecord.version), 0),
        func.max(PlanRecord.published_at),
        newest_hint,
        select(func.count()).where(col(ChangeRecord.seq) > newest_hint - _LATELY).scalar_subquery(),
    )
    return select(*columns).where(PlanRecord.status == PlanStatus.PUBLISHED)


_STAMP = _asked()  # asked for with every promise: putting it together takes longer than the database does


def stamps_of(session: Session) -> tuple[Stamp, Heard]:
    """In one statement; publishing, withdrawing or superseding any plan changes the first, whatever is
    announced changes the second."""
    revision, learnt_at, plans, newest, versions, published_at, hint, lately = session.exec(_STAMP).one()
    stamp = Stamp(
        revision=int(revision or 0),
        plans=int(plans),
        newest=int(newest),
        versions=int(versions),
        published_at=published_at,
        learnt_at=learnt_at,
    )
    return stamp, Heard(newest=int(hint or 0), lately=int(lately or 0))


def published_plans(session: Session, week: str) -> Sequence[PlanRecord]:
    """The published plans of a week and those after it, and the published ordinary week, which comes last."""
    query = select(PlanRecord).where(
        PlanRecord.status == PlanStatus.PUBLISHED,
        or_(PlanRecord.kind == PlanKind.TEMPLATE, col(PlanRecord.week) >= week),
    )
    found = session.exec(query.order_by(col(PlanRecord.week), col(PlanRecord.number))).all()
    return sorted(found, key=lambda one: one.kind is PlanKind.TEMPLATE)


def find_learnt(session: Session) -> LearntRecord | None:
    """The chances that were last learnt."""
    return session.exec(select(LearntRecord).where(LearntRecord.kind == CHANCES)).first()


def remember(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep promises; one that was made before is shown so many times more."""
    if not rows:
        return
    ordered = sorted(rows, key=lambda row: tuple(str(row[name]) for name in _KEY))  # two never lock up
    new = insert_new(session, _TABLE)
    statement = new.on_conflict_do_update(
        index_elements=list(_KEY), set_={"shown": _TABLE.c.shown + new.excluded.shown}
    )
    session.connection().execute(statement, [dict(row) for row in ordered])


def list_unsettled(session: Session, before: datetime, most: int) -> Sequence[PromiseRecord]:
    """Promises whose date is past and of which is not yet known what came, the oldest dates first."""
    query = select(PromiseRecord).where(
        col(PromiseRecord.settled_at).is_(None), col(PromiseRecord.due_at) < before
    )
    return session.exec(query.order_by(col(PromiseRecord.due_at), col(PromiseRecord.id)).limit(most)).all()


def put_learnt(session: Session, content: dict[str, Any]) -> None:
    """Have these chances hold from now on."""
    record = find_learnt(session) or LearntRecord(kind=CHANCES)
    record.content, record.made_at = content, now()
    session.add(record)
