"""Create, change, archive and restore sites, vehicles and drivers: one way for all three."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic

from sqlmodel import Session

from api.repositories.network import (
    codes_like,
    drivers_of,
    get_coded,
    next_position,
    vehicles_at,
)
from api.repositories.visits_by_date import days_from
from api.services.changes import announce
from api.services.described.codes import proposed, stem_of
from api.services.described.judge import accept
from api.services.described.kinds import DRIVER, SITE, VEHICLE, Kind, R
from api.services.network_records import network_of
from api.services.territory import Territories, touch
from api.services.versions import must_match
from maps.words import count, day
from models.errors import Conflict, Finding, InputError
from models.network.values import Network, SiteKind
from models.tables.base import now
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord


@dataclass(frozen=True, slots=True)
class Changed(Generic[R]):
    """A record as it stands now, and what should be known about it."""

    record: R
    remarks: tuple[Finding, ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """Which version a change was made from, and how to tell the stored one to whoever is too late."""

    version: int
    tell: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Desk(Generic[R]):
    """Where one kind of thing is worked on, in one transaction."""

    session: Session
    territories: Territories
    kind: Kind[R]


def create(desk: Desk[R], fields: Mapping[str, Any]) -> Changed[R]:
    """A new one, after the others. InputError with every finding; Conflict when its code is taken."""
    session, kind = desk.session, desk.kind
    touch(session)  # writers of the network take their turn from here on
    code = fields.get("code") or _propose(session, kind, str(fields.get("name", "")))
    if code.lower() in {one.lower() for one in codes_like(session, kind.record, code)}:
        raise Conflict(f"Le code « {code} » est déjà pris. Donnez-en un autre, ou restaurez ce qui le porte.")
    blank = dict.fromkeys(kind.fields.values(), "")
    given = {name: value for name, value in fields.items() if value is not None}
    record = _read(kind, {**blank, **kind.given({**given, "code": code})})
    record.position = next_position(session, kind.record)
    remarks = _judged(desk, record)
    session.add(record)
    session.flush()
    announce(session, "network", code, _site(record))
    return Changed(record, remarks, moved=True)


def change(desk: Desk[R], code: str, fields: Mapping[str, Any], seen: Seen) -> Changed[R]:
    """Change some fields of one. StaleVersion when somebody else came first; InputError as for `create`."""
    session, kind = desk.session, desk.kind
    record = _taken(desk, code, seen)
    position = fields.get("position")
    given = {name: value for name, value in fields.items() if name != "position"}
    wanted = _read(kind, {**kind.cells(record), **kind.given(given)})
    remarks = () if record.archived_at else _judged(desk, wanted)
    moved = _point(wanted) != _point(record)
    kind.copy(wanted, record)
    record.position = record.position if position is None else position
    session.add(record)
    session.flush()
    announce(session, "network", code, _site(record))
    return Changed(record, remarks, moved)


def archive(desk: Desk[R], code: str, seen: Seen, today: date) -> Changed[R]:
    """Put one away. Conflict, saying what to do first, while something in use depends on it; a remark when
    rounds published for `today` or later still count on it."""
    session = desk.session
    record = _taken(desk, code, seen)
    if record.archived_at is None:
        _free(session, record)
        _still_plannable(desk, code)
        record.archived_at = now()
        session.add(record)
        session.flush()
        announce(session, "network", code, _site(record))
    return Changed(record, _still_told(session, desk.kind, code, today))


def restore(desk: Desk[R], code: str, seen: Seen) -> Changed[R]:
    """Take one back into use, if the network allows it as it is now."""
    session = desk.session
    record = _taken(desk, code, seen)
    if record.archived_at is None:
        return Changed(record)
    remarks = _judged(desk, record)
    record.archived_at = None
    session.add(record)
    session.flush()
    announce(session, "network", code, _site(record))
    return Changed(record, remarks)


def _taken(desk: Desk[R], code: str, seen: Seen) -> R:
    """The record that a change is made to, which nobody else can change meanwhile."""
    touch(desk.session)
    record = get_coded(desk.session, desk.kind.record, code)
    must_match(record, seen.version, seen.tell(record))
    return record


def _propose(session: Session, kind: Kind[R], name: str) -> str:
    default = {SITE.file: "lieu", VEHICLE.file: "vehicule", DRIVER.file: "chauffeur"}[kind.file]
    return proposed(name, codes_like(session, kind.record, stem_of(name) or default), default)


def _read(kind: Kind[R], cells: Mapping[str, str]) -> R:
    record, findings = kind.read(cells)
    if findings:
        raise InputError(f"{kind.this} ne peut pas être enregistré ainsi.", tuple(findings))
    return record


def _judged(desk: Desk[R], record: R) -> tuple[Finding, ...]:
    before = network_of(desk.session)
    return _accepted(desk, before, desk.kind.put(before, record), record.code)


def _accepted(desk: Desk[R], before: Network, after: Network, code: str) -> tuple[Finding, ...]:
    communes = desk.territories.ground(desk.session).communes or ()
    return accept(before, after, communes, (desk.kind.file, code), desk.kind.this)


def _still_told(session: Session, kind: Kind[R], code: str, today: date) -> tuple[Finding, ...]:
    days = days_from(session, code, today)
    if not days:
        return ()
    message = f"des tournées publiées comptent encore dessus, {count(len(days), 'jour')} dès {day(days[0])}."
    remedy = "Refaites le planning de ces semaines."
    return (Finding(where=kind.file, key=code, message=message, remedy=remedy, serious=False),)


def _free(session: Session, record: SiteRecord | VehicleRecord | DriverRecord) -> None:
    if isinstance(record, SiteRecord) and record.kind is SiteKind.DEPOT:
        staying = vehicles_at(session, record.code)
        if staying:
            raise Conflict(
                f"Le dépôt « {record.name} » sert encore à {_named(staying)}. "
                "Donnez-leur un autre dépôt, ou archivez-les d'abord."
            )
    if isinstance(record, VehicleRecord):
        driving = drivers_of(session, record.code)
        if driving:
            raise Conflict(
                f"Le véhicule « {record.name} » est encore conduit par {_named(driving)}. "
                "Donnez-leur un autre véhicule, ou archivez-les d'abord."
            )


def _named(records: Any) -> str:
    return ", ".join(f"« {one.name} »" for one in records)


def _still_plannable(desk: Desk[R], code: str) -> None:
    before = network_of(desk.session)
    try:
        _accepted(desk, before, without(before, desk.kind.file, code), code)
    except InputError as error:
        found = " ".join(f"{one.message} {one.remedy}" for one in error.findings)
        raise Conflict(f"Sans {desk.kind.this.lower()}, rien ne pourrait être planifié : {found}") from error


def without(network: Network, file: str, code: str) -> Network:
    """The network less one site, vehicle or driver."""
    return replace(
        network,
        sites=tuple(one for one in network.sites if (file, one.id) != (SITE.file, code)),
        vehicles=tuple(one for one in network.vehicles if (file, one.id) != (VEHICLE.file, code)),
        drivers=tuple(one for one in network.drivers if (file, one.id) != (DRIVER.file, code)),
    )


def _point(record: object) -> tuple[float, float] | None:
    return (record.lon, record.lat) if isinstance(record, SiteRecord) else None


def _site(record: object) -> str | None:
    return record.code if isinstance(record, SiteRecord) else None
