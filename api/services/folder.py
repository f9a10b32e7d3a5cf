"""A network folder, opened: everything a week is planned and drawn from, or every reason why not."""

from dataclasses import dataclass
from pathlib import Path

from models.communes import Commune, read_communes
from models.errors import InputError, RoadDataError
from models.network.check import COMMUNES, check_folder
from models.network.read import read_network
from models.network.values import Network
from routing.travel import LegShapes, TravelMatrix
from routing.travel_estimate import estimate_missing, shapes_for
from routing.travel_file import read_travel

TRAVEL = "travel.npz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Territory:
    """A network on its roads. `travel` knows every site; those without roads of their own are estimated."""

    network: Network
    communes: tuple[Commune, ...]
    travel: TravelMatrix
    shapes: LegShapes


def open_folder(folder: Path) -> Territory:
    """InputError with every serious finding at once; RoadDataError when travel times are missing or old."""
    must_hold(folder)
    network = read_network(folder)
    if not (folder / TRAVEL).is_file():
        raise RoadDataError(
            f"Le dossier « {folder} » n'a pas de temps de route ({TRAVEL}). "
            f"Calculez-les : navette roads build --network {folder} --osm FICHIER.osm.pbf"
        )
    known, shapes = read_travel(folder / TRAVEL)
    return territory_of(network, read_communes(folder / COMMUNES), known, shapes)


def must_hold(folder: Path) -> None:
    """InputError with every serious finding about the network of a folder."""
    serious = tuple(finding for finding in check_folder(folder) if finding.serious)
    if serious:
        raise InputError(f"Le réseau du dossier « {folder} » ne peut pas être planifié.", serious)


def territory_of(
    network: Network, communes: tuple[Commune, ...], known: TravelMatrix, shapes: LegShapes
) -> Territory:
    """A network on its roads; sites that the roads do not know are estimated."""
    travel = estimate_missing(known, {site.id: site.point for site in network.sites})
    return Territory(network=network, communes=communes, travel=travel, shapes=shapes_for(shapes, travel))
