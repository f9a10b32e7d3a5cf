"""Sites, vans and drivers that a plan knows and the network no longer has: archived since, still drawn."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from api.repositories.plans import former_records
from api.services.folder import Territory
from api.services.network_records import driver_of, site_of, vehicle_of
from api.services.plans.layout import Layout
from models.plan import Plan
from routing.travel_estimate import estimate_missing, shapes_for


@dataclass(frozen=True, kw_only=True, slots=True)
class Codes:
    """Who is named: codes of sites, vehicles and drivers."""

    sites: frozenset[str] = frozenset()
    vehicles: frozenset[str] = frozenset()
    drivers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.sites or self.vehicles or self.drivers)


def named_in(plan: Plan) -> Codes:
    """Everybody that a plan names."""
    return Codes(
        sites=frozenset(site for tour in plan.rounds for site in tour.stops)
        | frozenset(entry.site for entry in plan.unplanned),
        vehicles=frozenset(tour.vehicle for tour in plan.rounds),
        drivers=frozenset(tour.driver for tour in plan.rounds),
    )


def named_on(layout: Layout) -> Codes:
    """Everybody that a layout names."""
    return Codes(
        sites=frozenset(call.site for outing in layout.outings for call in outing.calls),
        vehicles=frozenset(outing.vehicle for outing in layout.outings),
        drivers=frozenset(outing.driver for outing in layout.outings),
    )


def absent(territory: Territory, named: Codes) -> Codes:
    """Those of them that the network does not have."""
    network = territory.network
    return Codes(
        sites=named.sites - {one.id for one in network.sites},
        vehicles=named.vehicles - {one.id for one in network.vehicles},
        drivers=named.drivers - {one.id for one in network.drivers},
    )


def with_former(session: Session, territory: Territory, gone: Codes) -> Territory:
    """The territory with these archived ones, after all others; roads to such sites are estimated."""
    if not gone:
        return territory
    vehicles = gone.vehicles
    sites, vans, people = former_records(session, sorted(gone.sites), sorted(vehicles), sorted(gone.drivers))
    depots = {one.depot for one in vans} - gone.sites - {one.id for one in territory.network.sites}
    if depots:
        sites = (*sites, *former_records(session, sorted(depots), (), ())[0])
    network = replace(
        territory.network,
        sites=(*territory.network.sites, *(site_of(one) for one in sites)),
        vehicles=(*territory.network.vehicles, *(vehicle_of(one) for one in vans)),
        drivers=(*territory.network.drivers, *(driver_of(one) for one in people)),
    )
    travel = estimate_missing(territory.travel, {site.id: site.point for site in network.sites})
    shapes = shapes_for(territory.shapes, travel)
    return replace(territory, network=network, travel=travel, shapes=shapes)
