"""Facts in the database: added once, never changed, read back as frozen values."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.repositories.among import among
from api.repositories.paging import Page, Slice, page
from api.repositories.upserts import insert_new
from models.custody.facts import Scan, ScanKind
from models.custody.notes import Note
from models.tables.scans import ScanRecord, ScanSource

Values: TypeAlias = dict[str, Any]
_TURN = 0x5343414E
DEEPEST = 20  # corrections of corrections of corrections…: further nobody looks

_TABLE: Any = getattr(ScanRecord, "__table__")  # noqa: B009  # SQLModel adds it, unseen by the type checker
_FOLDED = (
    _TABLE.c.id,
    _TABLE.c.kind,
    _TABLE.c.visit,
    _TABLE.c.crate,
    _TABLE.c.count,
    _TABLE.c.target,
    _TABLE.c.retimed_to,
    _TABLE.c.text,
    _TABLE.c.occurred_at,
    _TABLE.c.sent_at,
    _TABLE.c.received_at,
    _TABLE.c.author,
    _TABLE.c.source,
    _TABLE.c.notes,
)

_NAMES = tuple(column.name for column in _FOLDED[:-3])
_PLACED = (_TABLE.c.round, _TABLE.c.site, _TABLE.c.day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What facts are wanted of: visits, whole; crates, since an instant by tellers' clocks; some ids."""

    visits: frozenset[str]
    crates: frozenset[str]
    since: datetime | None
    ids: frozenset[UUID]


def take_turn(session: Session, *, alone: bool) -> None:
    """Before facts are stored, on PostgreSQL; on SQLite writers take turns anyway.

    Batches go on side by side, but one whose corrections or undos are about facts that are not known, perhaps
    because another batch is just storing them, goes `alone`: of the two, the later then sees the earlier.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        connection.execute(select(lock(_TURN)))


def add_new(session: Session, rows: Sequence[Values]) -> set[UUID]:
    """Store facts whose ids are not known; the ids of those that were not.

    In order of id, so that two transactions with the same facts wait for each other instead of locking up.
    """
    if not rows:
        return set()
    statement = (
        insert_new(session, _TABLE).on_conflict_do_nothing(index_elements=["id"]).returning(_TABLE.c.id)
    )
    ordered = sorted(rows, key=lambda row: str(row["id"]))
    return set(session.connection().execute(statement, ordered).scalars())


def by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, ScanRecord]:
    """Those of the facts that are known."""
    if not ids:
        return {}
    return {one.id: one for one in session.exec(select(ScanRecord).where(among(col(ScanRecord.id), ids)))}


def scans_where(session: Session, *wanted: ColumnElement[bool], newest: int | None = None) -> list[Scan]:
    """Facts to fold, in no order; the `newest` by their own clock where a number is given."""
    query: Any = Select(*_FOLDED).where(*wanted)
    if newest is not None:
        query = query.order_by(_TABLE.c.occurred_at.desc()).limit(newest)
    return [_scan(row) for row in session.connection().execute(query)]


def with_mendings(session: Session, scans: Iterable[Scan]) -> list[Scan]:
    """Facts, with what they correct or undo and what corrects or undoes them, step by step."""
    found = {scan.id: scan for scan in scans}
    fresh = list(found.values())
    for _ in range(DEEPEST):
        if not fresh:
            break
        upwards = {scan.target for scan in fresh if scan.target} - set(found)
        came = scans_where(session, among(_TABLE.c.target, [scan.id for scan in fresh]))
        came += scans_where(session, among(_TABLE.c.id, upwards)) if upwards else []
        fresh = [scan for scan in came if scan.id not in found]
        found |= {scan.id: scan for scan in fresh}
    return list(found.values())


def scans_of_crates(session: Session, crates: Collection[str], since: datetime | None = None) -> list[Scan]:
    """What was told of crates since an instant, by their tellers' clocks; ever, without one."""
    recent = [] if since is None else [_TABLE.c.occurred_at >= since]
    return scans_where(session, among(_TABLE.c.crate, crates), *recent)


def crates_told_of(session: Session) -> set[str]:
    """Every code that any fact names."""
    return {code for code in session.exec(select(ScanRecord.crate).distinct()) if code}


def scans_of_ids(session: Session, ids: Collection[UUID]) -> list[Scan]:
    """Those facts, as far as they are known."""
    return scans_where(session, among(_TABLE.c.id, ids)) if ids else []


def page_of_crate(session: Session, crate: str, kinds: Sequence[ScanKind], asked: Slice) -> Page[ScanRecord]:
    """The facts of some kinds that name a crate, newest first by their tellers' clocks."""
    query = select(ScanRecord).where(ScanRecord.crate == crate, col(ScanRecord.kind).in_(kinds))
    return page(session, query, [ScanRecord.occurred_at, ScanRecord.id], asked, newest_first=True)


def scans_of_visits(session: Session, refs: Collection[str]) -> list[Scan]:
    """All that was told of visits, by their refs."""
    return scans_where(session, among(_TABLE.c.visit, refs))


def told_about(session: Session, subject: Subject) -> tuple[list[Scan], dict[str, Values]]:
    """Facts to fold, in no order, in one reading; and for its visits their round, site and day, as the last
    fact about each was understood. Visits whose facts name no round are left out there."""
    wanted = [among(_TABLE.c.visit, subject.visits), among(_TABLE.c.id, subject.ids)]
    if subject.crates:
        wanted.append(and_(among(_TABLE.c.crate, subject.crates), _TABLE.c.occurred_at >= subject.since))
    query: Any = Select(*_FOLDED, *_PLACED).where(or_(*wanted))
    rows = session.connection().execute(query).all()
    places: dict[str, Values] = {}
    for row in sorted(rows, key=lambda row: row.day):
        if row.visit in subject.visits and row.round is not None:
            places[row.visit] = {"round": row.round, "site": row.site or "", "day": row.day}
    return [_scan(row[:-3]) for row in rows], places


def sources_of(session: Session, ids: Collection[UUID]) -> dict[UUID, ScanSource]:
    """How facts reached us."""
    query: Any = Select(_TABLE.c.id, _TABLE.c.source).where(among(_TABLE.c.id, ids))
    return {row.id: row.source for row in session.connection().execute(query)} if ids else {}


def rounds_told_on(session: Session, day: date) -> set[str]:
    """The rounds that facts of a day tell of."""
    query = select(ScanRecord.round).where(ScanRecord.day == day).distinct()
    return {code for code in session.exec(query) if code}


def newest_of_crate(session: Session, crate: str, newest: int) -> list[Scan]:
    """The last facts told of one crate."""
    return scans_where(session, _TABLE.c.crate == crate, newest=newest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which facts to list; None does not filter."""

    round: str | None = None
    site: str | None = None
    crate: str | None = None
    day: date | None = None
    kind: ScanKind | None = None


def list_scans(session: Session, wanted: Wanted, asked: Slice) -> Page[ScanRecord]:
    """Facts in order of arrival."""
    query: SelectOfScalar[ScanRecord] = select(ScanRecord)
    for name, value in asdict(wanted).items():
        if value is not None:
            query = query.where(getattr(ScanRecord, name) == value)
    return page(session, query, [ScanRecord.seq], asked)


def _scan(row: Any) -> Scan:
    *told, author, source, notes = row
    given = dict(zip(_NAMES, told, strict=True))
    return Scan(**given, teller=author, untimed=source is ScanSource.LIBRARY or Note.NO_HOUR in notes)
