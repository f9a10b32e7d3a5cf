"""The published rounds from this week on, for other software."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from api.repositories.feeds import published_from
from api.repositories.plans import former_records
from api.service import Service
from api.services.network_records import network_of, site_of, the_network
from api.services.plans.store import plans_of_records
from maps.export.gtfs import Feed, gtfs
from models.network.values import Network
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.plans import PlanRecord
from routing.travel import LegShapes, TravelMatrix, TravelStamp
from routing.travel_estimate import estimate_missing, shapes_for

_FORM = "2"  # grows when the same plans give another feed
_ROADS = "https://www.openstreetmap.org/copyright"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """What a feed depends on, read in two queries; `version` changes whenever the feed does."""

    records: Sequence[PlanRecord]
    version: str


def stated(session: Session, today: date, url: str, *, documents: bool = False) -> Stated:
    """The published weeks that are not over. NotFound while there is no network."""
    records = published_from(session, str(IsoWeek.of(today)))
    plans = [(str(one.id), one.version) for one in records]
    parts = (_FORM, the_network(session).revision, plans, str(IsoWeek.of(today)), url, documents)
    return Stated(records=records, version=hashlib.sha256(repr(parts).encode()).hexdigest()[:16])


def prepared(
    session: Session, service: Service, found: Stated, url: str, *, documents: bool
) -> Callable[[], bytes]:
    """Read what the feed is made from; what comes back makes it, without the database."""
    plans = plans_of_records(session, found.records)
    ordered = [plans[one.id] for one in found.records]
    network = _with_former(session, network_of(session), ordered)
    roads = service.territories.ground(session).roads
    feed = Feed(
        plans=ordered,
        network=network,
        url=url,
        version=found.version,
        shapes=_shapes(roads, network) if roads else None,
        roads=_credit(roads[0].stamp) if roads else None,
        documents=documents,
    )
    return lambda: gtfs(feed)


def _with_former(session: Session, network: Network, plans: Sequence[Plan]) -> Network:
    """The network with the places that it no longer has and the plans still call at."""
    gone = {stop for plan in plans for tour in plan.rounds for stop in tour.stops}
    gone -= {site.id for site in network.sites}
    if not gone:
        return network
    sites = former_records(session, sorted(gone), (), ())[0]
    return replace(network, sites=(*network.sites, *(site_of(one) for one in sites)))


def _credit(stamp: TravelStamp) -> tuple[str, str] | None:
    return (stamp.licence, _ROADS) if "OpenStreetMap" in stamp.source else None


def _shapes(roads: tuple[TravelMatrix, LegShapes], network: Network) -> LegShapes:
    travel = estimate_missing(roads[0], {site.id: site.point for site in network.sites})
    return shapes_for(roads[1], travel)
