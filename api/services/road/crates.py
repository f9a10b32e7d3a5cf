"""Crates that a network owns: registered, retired, counted."""

from sqlmodel import Session

from api.repositories import crates, outcomes, published_visits
from api.repositories.outcomes import Period
from api.services.changes import announce
from api.services.versions import must_match
from api.wire.crates import (
    BalanceOut,
    CrateChange,
    CrateIn,
    CrateOut,
    CustodyOut,
    SeriesIn,
    SeriesOut,
)
from models.errors import Conflict, Finding, InputError
from models.tables.base import now
from models.tables.demand import CrateRecord, CustodyRecord

MOST = 2000  # crates of one series


def register(session: Session, told: CrateIn) -> CrateOut:
    """A new crate. Conflict when its code is taken."""
    _home_exists(session, told.home)
    if crates.find_crate(session, told.code):
        raise Conflict(f"Le bac « {told.code} » est déjà enregistré.")
    record = CrateRecord(**dict(told))
    session.add(record)
    announce(session, "crates", told.code)
    session.flush()
    return tell(record, crates.custody_at(session, [told.code]).get(told.code))


def register_series(session: Session, told: SeriesIn) -> SeriesOut:
    """Crates numbered in a row; those that are there already stay as they are."""
    if not 0 <= told.last - told.first < MOST:
        raise InputError(
            f"Donnez une série de 1 à {MOST} bacs, du premier numéro au dernier.",
            (Finding(where="last", message=f"{told.first} à {told.last} ne convient pas.", remedy=""),),
        )
    _home_exists(session, told.home)
    numbers = range(told.first, told.last + 1)
    codes = [f"{told.prefix}{number:0{told.digits}d}" for number in numbers]
    known = crates.registered(session, codes)
    made = [code for code in codes if code not in known]
    session.add_all(CrateRecord(code=code, label=told.label, home=told.home) for code in made)
    announce(session, "crates")
    return SeriesOut(made=len(made), known=sorted(known))


def change(session: Session, code: str, told: CrateChange, seen: int) -> CrateOut:
    """StaleVersion when somebody else has changed it since version `seen`."""
    record = crates.get_crate(session, code)
    custody = crates.custody_at(session, [code]).get(code)
    must_match(record, seen, tell(record, custody))
    given = told.model_dump(exclude_unset=True)
    if given.pop("retired", None) is not None:
        record.retired_at = (record.retired_at or now()) if told.retired else None
    _home_exists(session, told.home)
    for name, value in given.items():
        if name == "home" or value is not None:
            setattr(record, name, value)
    session.add(record)
    announce(session, "crates", code)
    session.flush()
    return tell(record, custody)


def tell(record: CrateRecord, custody: CustodyRecord | None) -> CrateOut:
    """A crate with where it is."""
    return CrateOut(**record.model_dump(exclude={"id"}), custody=tell_custody(custody) if custody else None)


def tell_custody(record: CustodyRecord) -> CustodyOut:
    """Where a crate is."""
    return CustodyOut(
        holder=record.holder,
        place=record.holder_ref,
        empty=record.empty,
        since=record.since,
        scan=record.scan,
    )


def balance(session: Session, period: Period) -> list[BalanceOut]:
    """What came and went at each site over a period, and what is there now."""
    here = crates.count_here(session)
    moved = outcomes.moved(session, period)
    communes = published_visits.communes_of(session)
    found = []
    for site in sorted(set(here) | set(moved)):
        delivered, picked_up = moved.get(site, (0, 0))
        now_here, empty = here.get(site, (0, 0))
        found.append(
            BalanceOut(
                site=site,
                commune=communes.get(site, site),
                delivered=delivered,
                picked_up=picked_up,
                balance=delivered - picked_up,
                here=now_here,
                empty=empty,
            )
        )
    return found


def _home_exists(session: Session, home: str | None) -> None:
    if home is not None and not published_visits.existing_sites(session, [home]):
        where = Finding(where="home", message=f"le site « {home} » n'existe pas.", remedy="")
        raise InputError("Ce bac n'a pas pu être enregistré.", (where,))
