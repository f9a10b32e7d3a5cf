"""Crates that a network owns: registered, retired, and their history."""

from sqlmodel import Session

from api.repositories import crates, outcomes, published_visits, scans
from api.repositories.outcomes import Period
from api.services.changes import announce
from api.services.versions import must_match
from api.wire.crates import (
    BalanceOut,
    CrateChange,
    CrateIn,
    CrateOut,
    CrateStepOut,
    CustodyOut,
    SeriesIn,
    SeriesOut,
)
from models.custody.facts import ScanKind, round_of, site_of
from models.custody.settle import settle
from models.errors import Conflict, Finding, InputError
from models.tables.base import now
from models.tables.demand import CrateRecord, CustodyRecord

MOST = 2000  # crates of one series
_STEPS = 300


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


def history(session: Session, code: str) -> list[CrateStepOut]:
    """The last facts about a crate, newest first; registered or not."""
    communes = published_visits.communes_of(session)
    told = scans.with_mendings(session, scans.newest_of_crate(session, code, _STEPS))
    facts = settle(told)
    standing = {fact.scan.id for fact in facts if fact.crate == code}
    moments = {fact.scan.id: fact.at for fact in facts}
    own = [one for one in told if one.kind in _WORDS and (one.crate == code or one.id in standing)]
    steps = [
        CrateStepOut(
            scan=one.id,
            kind=one.kind,
            at=moments.get(one.id, one.happened_at),
            visit=one.visit,
            words=_words(one.kind, one.visit, communes),
            undone=one.id not in standing,
            author=one.teller,
        )
        for one in own
    ]
    return sorted(steps, key=lambda step: (step.at, step.scan), reverse=True)


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


_WORDS = {
    ScanKind.ARRIVED: "Vu à {site}.",
    ScanKind.LEFT: "Parti de {site}.",
    ScanKind.DELIVERED: "Déposé à {site}.",
    ScanKind.PICKED_UP: "Pris à {site}, à bord de {round}.",
    ScanKind.EMPTY: "Vide à {site}.",
    ScanKind.CLOSED: "Porte close à {site}.",
    ScanKind.PROBLEM: "Problème à {site}.",
}


def _words(kind: ScanKind, visit: str, communes: dict[str, str]) -> str:
    site = site_of(visit) or "un lieu inconnu"
    return _WORDS[kind].format(site=communes.get(site, site), round=round_of(visit) or "la navette")


def _home_exists(session: Session, home: str | None) -> None:
    if home is not None and not published_visits.existing_sites(session, [home]):
        where = Finding(where="home", message=f"le site « {home} » n'existe pas.", remedy="")
        raise InputError("Ce bac n'a pas pu être enregistré.", (where,))
