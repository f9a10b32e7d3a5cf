"""What facts are about, as far as we know it: their round, site and day, and what is odd about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.repositories import crates, published_visits
from api.repositories.published_visits import Place
from api.services.actor import Actor, Role
from models.custody.facts import MENDING, Scan, round_of, site_of
from models.custody.notes import Note, notes_on_clocks
from models.service_day import PARIS


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A fact and what it is about. `site` is None where no such site exists."""

    scan: Scan
    round: str | None
    site: str | None
    day: date
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    places: Mapping[str, Place]
    sites: Collection[str]
    crates: Collection[str]
    stops: Mapping[tuple[str, str], set[str]]
    facts: Collection[UUID]
    driver: str | None


def understand(
    session: Session, actor: Actor, scans: Sequence[Scan], targets: Collection[UUID]
) -> dict[UUID, Understood]:
    """By id. `targets` are the ids of stored facts among those that `scans` are about."""
    refs = {scan.visit for scan in scans if scan.visit}
    places = published_visits.places_of(session, refs)
    missing = refs - set(places)
    if missing:
        depots = published_visits.depots_of(session, {round_of(ref) or "" for ref in missing})
        places |= {ref: depots[ref] for ref in missing if ref in depots}
    codes = {scan.crate for scan in scans if scan.crate}
    known = _Known(
        places=places,
        sites=published_visits.existing_sites(session, {site_of(ref) or "" for ref in refs - set(places)}),
        crates=crates.registered(session, codes),
        stops=published_visits.planned_stops(session, {place.round for place in places.values()}, codes),
        facts={*targets, *(scan.id for scan in scans)},
        driver=actor.driver if actor.role is Role.DRIVER else None,
    )
    return {scan.id: _understood(scan, known) for scan in scans}


def _understood(scan: Scan, known: _Known) -> Understood:
    place = known.places.get(scan.visit)
    site = site_of(scan.visit)
    return Understood(
        scan=scan,
        round=place.round if place else round_of(scan.visit),
        site=place.site if place else site if site in known.sites else None,
        day=place.day if place else scan.happened_at.astimezone(PARIS).date(),
        notes=tuple(_on_place(scan, place, known) + _on_what(scan, place, known) + notes_on_clocks(scan)),
    )


def _on_place(scan: Scan, place: Place | None, known: _Known) -> list[Note]:
    if place is None:
        return [] if scan.kind in MENDING and not scan.visit else [Note.UNKNOWN_VISIT]
    found = [] if place.current else [Note.PLAN_SUPERSEDED]
    if known.driver is not None and place.driver != known.driver:
        found.append(Note.NOT_THIS_DRIVER)
    return found


def _on_what(scan: Scan, place: Place | None, known: _Known) -> list[Note]:
    found = []
    if scan.crate and scan.crate not in known.crates:
        found.append(Note.UNKNOWN_CRATE)
    stops = known.stops.get((place.round, scan.crate)) if place and scan.crate else None
    if stops and scan.visit not in stops:
        found.append(Note.WRONG_STOP)
    if scan.kind in MENDING and scan.target is None:
        found.append(Note.NO_TARGET)
    elif scan.kind in MENDING and scan.target not in known.facts:
        found.append(Note.UNKNOWN_TARGET)
    return found
