"""Calendars to subscribe to: of a library, of a vehicle's rounds, of a driver.

An event keeps its UID as long as its visit keeps its name. What was told and is not planned any more stays
for the two weeks that calendars go back, cancelled, so that phones take it away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlmodel import Session

from api.repositories import feeds
from api.repositories.feeds import RoundTold, VisitTold
from api.services.network_records import the_network
from maps import words
from maps.export.feed import FeedEvent, feed_ics, feed_uid
from models.errors import NotFound
from models.service_day import ServiceDay
from models.tables.network import SiteRecord
from models.tables.people import LinkKind
from models.tables.plans import PlanRecord, PlanStatus
from models.values import Coordinates, TimeWindow

BACK = timedelta(days=14)
_Row = TypeVar("_Row", VisitTold, RoundTold)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Version:
    """Whether something is still planned, and by which publication that was told."""

    sequence: int
    stamp: datetime
    cancelled: bool


def calendar_of(session: Session, kind: LinkKind, subject: str, today: date) -> bytes:
    """The calendar that a link opens. NotFound when it opens another thing, or what it was for is gone."""
    makers: Mapping[LinkKind, Callable[[Session, str, date], tuple[str, list[FeedEvent]]]] = {
        LinkKind.SITE_FEED: _of_site,
        LinkKind.ROUND_FEED: _of_vehicle,
        LinkKind.DRIVER_FEED: _of_driver,
    }
    if kind not in makers:
        raise NotFound("Ce lien n'est pas celui d'un agenda.")
    name, events = makers[kind](session, subject, today - BACK)
    return feed_ics(name, sorted(events, key=lambda one: (one.start, one.uid)))


def _of_site(session: Session, code: str, since: date) -> tuple[str, list[FeedEvent]]:
    site = feeds.site_named(session, code)
    if site is None:
        raise NotFound("Cette bibliothèque n'existe plus.")
    latest = {row[0].ref: row for row in _published_last(feeds.visits_told(session, code, since))}
    current = feeds.published_numbers(session, sorted({plan.week for *_, plan in latest.values()}))
    network = the_network(session).code
    return f"Navette, {site.name}", [_visit(network, site, row, current) for row in latest.values()]


def _of_vehicle(session: Session, code: str, since: date) -> tuple[str, list[FeedEvent]]:
    vehicle = feeds.vehicle_named(session, code)
    if vehicle is None:
        raise NotFound("Ce véhicule n'existe plus.")
    return f"Navette, {vehicle.name}", _rounds(session, feeds.rounds_of_vehicle(session, code, since))


def _of_driver(session: Session, code: str, since: date) -> tuple[str, list[FeedEvent]]:
    driver = feeds.driver_named(session, code)
    if driver is None:
        raise NotFound("Ce conducteur n'existe plus.")
    return f"Navette, {driver.name}", _rounds(session, feeds.rounds_of_driver(session, code, since))


def _rounds(session: Session, told: Sequence[RoundTold]) -> list[FeedEvent]:
    latest = {row[0].code: row for row in _published_last(told)}
    current = feeds.published_numbers(session, sorted({plan.week for _, plan in latest.values()}))
    stops = feeds.stops_of(session, [tour.id for tour, _ in latest.values()])
    network = the_network(session).code
    return [_round(network, row, stops.get(row[0].id, []), current) for row in latest.values()]


def _published_last(rows: Sequence[_Row]) -> list[_Row]:
    """So that of several versions the published one counts, else the one that was told last."""
    return sorted(rows, key=lambda row: row[-1].status is PlanStatus.PUBLISHED)


def _version(plan: PlanRecord, current: Mapping[str, PlanRecord]) -> _Version:
    """What fell away was cancelled by the publication that left it out."""
    newest = current.get(plan.week, plan)
    stamp = newest.published_at or newest.superseded_at or newest.created_at
    cancelled = plan.status is not PlanStatus.PUBLISHED
    return _Version(
        sequence=newest.number, stamp=stamp.astimezone(UTC).replace(microsecond=0), cancelled=cancelled
    )


def _visit(network: str, site: SiteRecord, row: VisitTold, current: Mapping[str, PlanRecord]) -> FeedEvent:
    visit, tour, plan = row
    day, version = ServiceDay(tour.day), _version(plan, current)
    town = f"{site.postcode} {site.commune}".strip()
    window = TimeWindow(visit.announced_early, visit.announced_late)
    return FeedEvent(
        uid=feed_uid(network, visit.ref),
        sequence=version.sequence,
        stamp=version.stamp,
        start=day.at(window.early),
        end=day.at(max(window.late, window.early + 60)),
        summary=f"Navette à {site.commune}",
        location=", ".join(part for part in (site.name, site.address, town) if part),
        point=Coordinates(lon=site.lon, lat=site.lat),
        description=f"La navette passe {words.between(window)}. Elle dépose {words.crates(visit.deliver)} "
        f"et prend {words.crates(visit.collect)}.",
        cancelled=version.cancelled,
    )


def _round(
    network: str, row: RoundTold, stops: Sequence[str], current: Mapping[str, PlanRecord]
) -> FeedEvent:
    tour, plan = row
    day, version = ServiceDay(tour.day), _version(plan, current)
    return FeedEvent(
        uid=feed_uid(network, tour.code),
        sequence=version.sequence,
        stamp=version.stamp,
        start=day.at(tour.start_s),
        end=day.at(max(tour.end_s, tour.start_s + 60)),
        summary=f"Navette, {tour.label}",
        description=f"{words.count(len(stops), 'arrêt')} : {', '.join(stops)}.",
        cancelled=version.cancelled,
    )
