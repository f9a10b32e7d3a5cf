"""Whom to call at a site, its seasons, who is away: short lists that belong to something else."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.repositories.calendar import (
    get_absence,
    list_contacts,
    list_site_seasons,
    rounds_without,
)
from api.repositories.network import get_coded, raise_version
from api.services.changes import announce
from api.services.territory import touch
from api.services.versions import must_match
from maps.words import dates
from models.errors import Finding, InputError
from models.network.cells import Cells
from models.network.sheet import Row
from models.tables.network import (
    AbsenceRecord,
    ContactRecord,
    DriverRecord,
    SeasonRecord,
    SiteRecord,
    VehicleRecord,
)

_Tell = Callable[[SiteRecord], Any]


def put_contacts(
    session: Session, code: str, items: Sequence[Mapping[str, Any]], seen: int, tell: _Tell
) -> SiteRecord:
    """Make these the contacts of a site; its version and the network's revision grow."""
    touch(session)
    site = _site(session, code, seen, tell)
    known = {one.id: one for one in list_contacts(session, code)}
    for position, item in enumerate(items):
        fields = {**item, "phone": _phone(item["phone"])}
        _keep(session, known.pop(item["id"], None) or ContactRecord(site=code, name=""), fields, position)
    for gone in known.values():
        session.delete(gone)
    raise_version(session, site)
    announce(session, "network", code, code)
    return site


def put_seasons(
    session: Session, code: str, items: Sequence[Mapping[str, Any]], seen: int, tell: _Tell
) -> SiteRecord:
    """Make these the seasons of a site. InputError when hours are unreadable or two share a day."""
    touch(session)
    site = _site(session, code, seen, tell)
    findings = [*_unreadable(items), *_overlapping(items)]
    if findings:
        raise InputError("Ces saisons ne peuvent pas être enregistrées ainsi.", tuple(findings))
    known = {one.id: one for one in list_site_seasons(session, code)}
    for item in items:
        blank = SeasonRecord(site=code, starts_on=item["starts_on"], ends_on=item["ends_on"])
        _keep(session, known.pop(item["id"], None) or blank, item)
    for gone in known.values():
        session.delete(gone)
    session.flush()
    raise_version(session, site)
    announce(session, "network", code, code)
    return site


def add_absence(session: Session, fields: Mapping[str, Any]) -> tuple[AbsenceRecord, list[str]]:
    """Note that a driver or a vehicle is away; the published rounds that fall on these days, by code."""
    touch(session)
    if fields["driver"]:
        get_coded(session, DriverRecord, fields["driver"])
    else:
        get_coded(session, VehicleRecord, fields["vehicle"])
    record = AbsenceRecord(**fields)
    session.add(record)
    session.flush()
    announce(session, "network", record.driver or record.vehicle or "")
    return record, rounds_without(session, record)


def end_absence(session: Session, key: UUID) -> None:
    """Forget an absence; NotFound when there is none."""
    touch(session)
    record = get_absence(session, key)
    session.delete(record)
    announce(session, "network", record.driver or record.vehicle or "")


def _site(session: Session, code: str, seen: int, tell: _Tell) -> SiteRecord:
    site = get_coded(session, SiteRecord, code)
    must_match(site, seen, tell(site))
    return site


def _keep(session: Session, record: Any, fields: Mapping[str, Any], position: int | None = None) -> None:
    for name, value in fields.items():
        if name != "id":
            setattr(record, name, value)
    if position is not None:
        record.position = position
    session.add(record)


def _phone(text: str) -> str:
    return Cells("", Row(line=0, cells={"telephone": text}), []).phone()


def _unreadable(items: Sequence[Mapping[str, Any]]) -> list[Finding]:
    found: list[Finding] = []
    for rank, item in enumerate(items):
        hours = {"horaires": item["opening"], "horaires_navette": item["shuttle_hours"]}
        cells = Cells(f"items.{rank}", Row(line=0, cells=hours), found)
        for title in hours:
            cells.hours(title)
    return [Finding(where=one.where, message=one.message, remedy=one.remedy) for one in found]


def _overlapping(items: Sequence[Mapping[str, Any]]) -> list[Finding]:
    ordered = sorted(enumerate(items), key=lambda pair: pair[1]["starts_on"])
    return [
        Finding(
            where=f"items.{later[0]}",
            message=f"une autre saison tient déjà {dates(earlier[1]['starts_on'], earlier[1]['ends_on'])}.",
            remedy="Faites commencer l'une le lendemain de la fin de l'autre.",
        )
        for earlier, later in combinations(ordered, 2)
        if later[1]["starts_on"] <= earlier[1]["ends_on"]
    ]
