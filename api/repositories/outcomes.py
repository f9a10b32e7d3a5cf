"""How visits went, kept beside the facts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from api.repositories.among import among
from api.repositories.upserts import put
from models.tables.scans import OutcomeRecord, ScanRecord

Values: TypeAlias = dict[str, Any]
_TABLE: Any = getattr(OutcomeRecord, "__table__")  # noqa: B009  # SQLModel adds it, unseen by the type checker
_SCAN: Any = getattr(ScanRecord, "__table__")  # noqa: B009


def put_outcomes(session: Session, refs: Collection[str], found: Mapping[str, Mapping[str, Any]]) -> None:
    """Have the rows of visits say what was folded; a visit of which nothing stands any more loses its row.

    In the visits' turn (`api.repositories.turns`).
    """
    put(session, _TABLE, "visit", [{"visit": ref, **found[ref]} for ref in sorted(refs) if ref in found])
    gone = [ref for ref in refs if ref not in found]
    if gone:
        session.connection().execute(delete(_TABLE).where(among(_TABLE.c.visit, gone)))


def kept_of(session: Session, refs: Collection[str]) -> dict[str, Values]:
    """round, site, day and tally of the visits that have a row, by ref."""
    names = ("visit", "round", "site", "day", "tally")
    query: Any = select(*(_TABLE.c[name] for name in names)).where(among(_TABLE.c.visit, refs))
    return {row.visit: dict(row._mapping) for row in session.connection().execute(query)}


def details_of(session: Session, rounds: Collection[str]) -> dict[str, dict[str, Any]]:
    """All that is kept of the visits of rounds, by ref."""
    query = select(OutcomeRecord.visit, OutcomeRecord.detail).where(col(OutcomeRecord.round).in_(rounds))
    return {ref: dict(detail) for ref, detail in session.exec(query)}


def places_told(session: Session, refs: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
    """The round, site and day of visits as their facts were understood: as the last one was."""
    columns = (_SCAN.c.visit, _SCAN.c.round, func.coalesce(_SCAN.c.site, ""), _SCAN.c.day)
    query: Any = select(*columns).distinct().where(_SCAN.c.round.is_not(None))
    if refs is not None:
        query = query.where(among(_SCAN.c.visit, refs))
    rows = session.connection().execute(query.order_by(_SCAN.c.day))
    return {visit: {"round": code, "site": site, "day": day} for visit, code, site, day in rows}


def visits_told(session: Session) -> set[str]:
    """Every visit that facts place, or that a row is kept of."""
    connection = session.connection()
    told: Any = select(_SCAN.c.visit).distinct().where(_SCAN.c.round.is_not(None))
    kept: Any = select(_TABLE.c.visit)
    return {*connection.execute(told).scalars(), *connection.execute(kept).scalars()}


def rows_of(session: Session, refs: Collection[str]) -> dict[str, Values]:
    """All that is kept of visits, by ref."""
    query: Any = select(*_TABLE.c).where(among(_TABLE.c.visit, refs))
    return {row.visit: dict(row._mapping) for row in session.connection().execute(query)}


def some_visits(session: Session, how_many: int) -> set[str]:
    """The visits that facts told of last, and as many rows drawn by lot."""
    connection = session.connection()
    newest: Any = select(_SCAN.c.visit).where(_SCAN.c.round.is_not(None)).order_by(_SCAN.c.seq.desc())
    drawn: Any = select(_TABLE.c.visit).order_by(func.random())
    return {ref for query in (newest, drawn) for ref in connection.execute(query.limit(how_many)).scalars()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Days, both included."""

    first: date
    last: date


def moved(session: Session, period: Period) -> dict[str, tuple[int, int]]:
    """Per site: crates delivered and picked up over a period."""
    query = (
        select(
            OutcomeRecord.site,
            func.coalesce(func.sum(col(OutcomeRecord.delivered)), 0),
            func.coalesce(func.sum(col(OutcomeRecord.picked_up)), 0),
        )
        .where(col(OutcomeRecord.day).between(period.first, period.last), OutcomeRecord.site != "")
        .group_by(OutcomeRecord.site)
    )
    return {site: (int(given or 0), int(taken or 0)) for site, given, taken in session.exec(query)}
