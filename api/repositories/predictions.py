"""What is foreseen of running rounds, and what was foreseen of past ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from api.repositories.upserts import insert_new
from models.tables.predictions import ForeseenRecord, LearntRecord, PredictionRecord
from models.tables.scans import OutcomeRecord, PositionRecord, ScanRecord

_PREDICTION: Any = getattr(PredictionRecord, "__table__")  # noqa: B009  # SQLModel adds it, unseen by the checker
_FORESEEN: Any = getattr(ForeseenRecord, "__table__")  # noqa: B009
_LEARNT: Any = getattr(LearntRecord, "__table__")  # noqa: B009


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """A visit to come: it begins by `p10_at` once in ten times, by `p90_at` nine times."""

    p10_at: datetime
    p50_at: datetime
    p90_at: datetime
    skip_permille: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundForeseen:
    """The last predictions of a round, made at one instant; `visits` by ref: seconds since the epoch."""

    round: str
    stamp: str
    basis: str
    made_at: datetime
    told_at: datetime | None
    visits: Mapping[str, tuple[int, int, int, int]]

    def pushed(self, at: datetime) -> dict[str, Foreseen]:
        """What is still to come is not before now."""
        return {ref: self.of(ref, at) for ref in self.visits}

    def of(self, ref: str, at: datetime) -> Foreseen:
        """One visit, not before now; KeyError for one that is not foreseen."""
        p10, p50, p90, skip = self.visits[ref]
        early, likely, late = (max(datetime.fromtimestamp(second, UTC), at) for second in (p10, p50, p90))
        return Foreseen(p10_at=early, p50_at=likely, p90_at=late, skip_permille=skip)


def foreseen_of_rounds(session: Session, rounds: Collection[str]) -> dict[str, RoundForeseen]:
    """What is foreseen of rounds now, by code."""
    if not rounds:
        return {}
    query = select(ForeseenRecord).where(col(ForeseenRecord.round).in_(rounds))
    return {one.round: _read(one) for one in session.exec(query)}


def foreseen_of_day(session: Session, day: date) -> list[RoundForeseen]:
    """What is foreseen of the rounds of a day."""
    return [_read(one) for one in session.exec(select(ForeseenRecord).where(ForeseenRecord.day == day))]


def hold_foreseen(session: Session, code: str, day: date, at: datetime) -> ForeseenRecord:
    """The row of a round, made where there is none, ours until this transaction ends."""
    row = {"id": uuid7(), "round": code, "day": day, "stamp": "", "basis": "", "made_at": at, "detail": {}}
    session.connection().execute(insert_new(session, _FORESEEN).on_conflict_do_nothing(), [row])
    query = select(ForeseenRecord).where(ForeseenRecord.round == code).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def add_predictions(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store predictions; those whose visit and stamp are known already stay as they are."""
    if rows:
        session.connection().execute(
            insert_new(session, _PREDICTION).on_conflict_do_nothing(),
            [{"id": uuid7(), "settled": False, **row} for row in rows],
        )


def likely_before(session: Session, refs: Collection[str], moment: datetime) -> dict[str, datetime]:
    """The likely time of visits, as it was last foreseen up to an instant."""
    made = func.max(col(PredictionRecord.made_at)).label("made_at")
    latest = (
        select(PredictionRecord.visit, made)
        .where(col(PredictionRecord.visit).in_(refs), col(PredictionRecord.made_at) <= moment)
        .group_by(PredictionRecord.visit)
        .subquery()
    )
    query = select(PredictionRecord.visit, PredictionRecord.p50_at).join(
        latest,
        (col(PredictionRecord.visit) == latest.c.visit) & (col(PredictionRecord.made_at) == latest.c.made_at),
    )
    return dict(session.exec(query).all())


def last_facts(session: Session, rounds: Collection[str]) -> dict[str, int]:
    """The number of the last fact of each round that facts tell of."""
    query = (
        select(ScanRecord.round, func.max(col(ScanRecord.seq)))
        .where(col(ScanRecord.round).in_(rounds))
        .group_by(ScanRecord.round)
    )
    return {code or "": int(seq or 0) for code, seq in session.exec(query)} if rounds else {}


def fixes_since(
    session: Session, rounds: Collection[str], moment: datetime
) -> dict[str, list[PositionRecord]]:
    """Where the vans of rounds were since an instant, in time order."""
    query = select(PositionRecord).where(
        col(PositionRecord.round).in_(rounds), col(PositionRecord.at) >= moment
    )
    found: dict[str, list[PositionRecord]] = {}
    for one in session.exec(query.order_by(col(PositionRecord.at))) if rounds else ():
        found.setdefault(one.round, []).append(one)
    return found


def outcomes_of_unsettled(
    session: Session, first: date, last: date, before: datetime
) -> list[tuple[PredictionRecord, datetime | None]]:
    """Predictions of days, both included, of which nothing was learnt yet, in order of making, where their
    visit began before an instant; with when, if « arrivé » was told: other taps are made when leaving."""
    query = (
        select(PredictionRecord, OutcomeRecord.arrived_at)
        .join(OutcomeRecord, col(OutcomeRecord.visit) == col(PredictionRecord.visit))
        .where(
            col(PredictionRecord.settled).is_(False),
            col(PredictionRecord.day).between(first, last),
            col(OutcomeRecord.began_at) < before,
        )
        .order_by(col(PredictionRecord.made_at), col(PredictionRecord.id))
    )
    return list(session.exec(query).all())


def rounds_told_between(session: Session, first: date, last: date) -> list[str]:
    """The codes of rounds that facts tell of, days both included, oldest first."""
    query = select(OutcomeRecord.round, func.min(col(OutcomeRecord.day)).label("day")).where(
        col(OutcomeRecord.day).between(first, last)
    )
    return [code for code, _ in session.exec(query.group_by(OutcomeRecord.round).order_by("day")).all()]


def settle(session: Session, visits: Collection[str]) -> None:
    """What came of the predictions of these visits is known."""
    if visits:
        session.connection().execute(
            update(_PREDICTION).where(_PREDICTION.c.visit.in_(visits)).values(settled=True)
        )


def find_learnt(session: Session, kind: str) -> LearntRecord | None:
    """What was learnt last."""
    return session.exec(select(LearntRecord).where(LearntRecord.kind == kind)).first()


def hold_learnt(session: Session, kind: str, at: datetime) -> LearntRecord:
    """The row of what was learnt, made where there is none, ours until this transaction ends."""
    row = {"id": uuid7(), "kind": kind, "made_at": at, "content": {}}
    session.connection().execute(insert_new(session, _LEARNT).on_conflict_do_nothing(), [row])
    query = select(LearntRecord).where(LearntRecord.kind == kind).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def _read(one: ForeseenRecord) -> RoundForeseen:
    return RoundForeseen(
        round=one.round,
        stamp=one.stamp,
        basis=one.basis,
        made_at=one.made_at,
        told_at=one.told_at,
        visits={ref: (told[0], told[1], told[2], told[3]) for ref, told in one.detail.items()},
    )
