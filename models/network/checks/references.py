"""Who depends on whom: every vehicle stays at a depot, every driver drives a vehicle.

Everything else that looks at a network takes these for granted: look here first.
"""

from collections.abc import Iterator

from models.errors import Finding
from models.network.rows import DRIVERS, LIBRARIES, VEHICLES
from models.network.values import Network, SiteKind


def references(network: Network) -> Iterator[Finding]:
    """A finding for each vehicle without its depot, each driver without their vehicle."""
    depots = {site.id for site in network.sites if site.kind is SiteKind.DEPOT}
    for vehicle in network.vehicles:
        if vehicle.depot not in depots:
            what = f"« {vehicle.name} » : le dépôt « {vehicle.depot} » est inconnu."
            yield _unknown(VEHICLES, vehicle.id, what, depots, LIBRARIES)
    vehicles = {vehicle.id for vehicle in network.vehicles}
    for driver in network.drivers:
        if driver.vehicle not in vehicles:
            what = f"« {driver.name} » : le véhicule « {driver.vehicle} » est inconnu."
            yield _unknown(DRIVERS, driver.id, what, vehicles, VEHICLES)


def _unknown(where: str, key: str, what: str, known: set[str], home: str) -> Finding:
    choice = ", ".join(f"« {one} »" for one in sorted(known))
    remedy = f"Choisissez parmi {choice}." if choice else f"Ajoutez-le dans {home}."
    return Finding(where=where, key=key, message=what, remedy=remedy)
