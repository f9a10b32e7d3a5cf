"""Crates that are registered, and where facts say that crates are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, func
from sqlmodel import Session, col, select

from api.repositories.among import among
from api.repositories.paging import Page, Slice, page
from api.repositories.upserts import put
from models.custody.crates import Custody, Holder
from models.errors import NotFound
from models.tables.demand import CrateRecord, CustodyRecord
from models.tables.scans import ScanRecord

_CUSTODY: Any = getattr(CustodyRecord, "__table__")  # noqa: B009  # SQLModel adds it, unseen by the type checker


def registered(session: Session, codes: Collection[str]) -> set[str]:
    """Those of the codes that somebody has registered."""
    return (
        set(session.exec(select(CrateRecord.code).where(among(col(CrateRecord.code), codes))))
        if codes
        else set()
    )


def put_custody(session: Session, codes: Collection[str], found: Mapping[str, Custody]) -> None:
    """Have the rows of crates say what was folded; a crate of which nothing stands any more loses its row.

    In the crates' turn (`api.repositories.turns`).
    """
    told = [
        {
            "crate": code,
            "holder": found[code].holder,
            "holder_ref": found[code].place,
            "empty": found[code].empty,
            "since": found[code].since,
            "scan": str(found[code].scan),
        }
        for code in sorted(codes)
        if code in found
    ]
    put(session, _CUSTODY, "crate", told)
    gone = [code for code in codes if code not in found]
    if gone:
        session.connection().execute(delete(_CUSTODY).where(among(_CUSTODY.c.crate, gone)))


def custody_at(session: Session, crates: Collection[str]) -> dict[str, CustodyRecord]:
    """Where crates are, as far as anything was told of them."""
    if not crates:
        return {}
    return {
        one.crate: one
        for one in session.exec(select(CustodyRecord).where(among(col(CustodyRecord.crate), crates)))
    }


def all_custody(session: Session) -> Sequence[CustodyRecord]:
    return session.exec(select(CustodyRecord).order_by(col(CustodyRecord.crate))).all()


def some_crates(session: Session, how_many: int) -> set[str]:
    """The crates that facts told of last, and as many rows drawn by lot."""
    told = col(ScanRecord.crate)
    newest = select(told).where(told.is_not(None), told != "").order_by(col(ScanRecord.seq).desc())
    drawn = select(CustodyRecord.crate).order_by(func.random())
    found = {*session.exec(newest.limit(how_many)), *session.exec(drawn.limit(how_many))}
    return {code for code in found if code}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which crates to list; None does not filter."""

    home: str | None = None
    holder: Holder | None = None
    place: str | None = None
    empty: bool | None = None
    retired: bool = False


def list_crates(session: Session, wanted: Wanted, asked: Slice) -> Page[CrateRecord]:
    """Registered crates in order of code."""
    query = select(CrateRecord)
    retired = col(CrateRecord.retired_at)
    query = query.where(retired.is_not(None) if wanted.retired else retired.is_(None))
    if wanted.home is not None:
        query = query.where(CrateRecord.home == wanted.home)
    if wanted.holder or wanted.place is not None or wanted.empty is not None:
        query = query.join(CustodyRecord, col(CustodyRecord.crate) == col(CrateRecord.code))
    if wanted.holder:
        query = query.where(CustodyRecord.holder == wanted.holder)
    if wanted.place is not None:
        query = query.where(CustodyRecord.holder_ref == wanted.place)
    if wanted.empty is not None:
        query = query.where(CustodyRecord.empty == wanted.empty)
    return page(session, query, [CrateRecord.code], asked)


def list_unregistered(session: Session, asked: Slice) -> Page[CustodyRecord]:
    """Crates that facts name and nobody has registered."""
    query = (
        select(CustodyRecord)
        .outerjoin(CrateRecord, col(CustodyRecord.crate) == col(CrateRecord.code))
        .where(col(CrateRecord.id).is_(None))
    )
    return page(session, query, [CustodyRecord.crate], asked)


def find_crate(session: Session, code: str) -> CrateRecord | None:
    return session.exec(select(CrateRecord).where(CrateRecord.code == code)).first()


def of_codes(session: Session, codes: Collection[str]) -> Sequence[CrateRecord]:
    """Registered crates among the codes, in order of code, those put aside too."""
    query = select(CrateRecord).where(among(col(CrateRecord.code), codes)).order_by(col(CrateRecord.code))
    return session.exec(query).all() if codes else []


def get_crate(session: Session, code: str) -> CrateRecord:
    """NotFound when nobody has registered it."""
    found = find_crate(session, code)
    if found is None:
        raise NotFound(f"Le bac « {code} » n'est pas enregistré.")
    return found


def count_here(session: Session) -> dict[str, tuple[int, int]]:
    """Per site: how many crates facts say are there, and how many of them are known to be empty."""
    empties = func.sum(case((col(CustodyRecord.empty).is_(True), 1), else_=0))
    query = (
        select(CustodyRecord.holder_ref, func.count(), empties)
        .where(CustodyRecord.holder == Holder.SITE)
        .group_by(CustodyRecord.holder_ref)
    )
    return {site: (int(here), int(empty)) for site, here, empty in session.exec(query)}
