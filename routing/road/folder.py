"""The roads of a network folder: what `navette roads build` does."""

from pathlib import Path

from models.communes import read_communes
from models.errors import InputError
from models.network.read import read_network
from routing.road.build import Progress, TravelBuild, build_travel, silent
from routing.road.source import Source
from routing.travel_file import write_travel

TRAVEL = "travel.npz"


def build_folder(
    folder: Path,
    source: Source,
    *,
    out: Path | None = None,
    accept_far: frozenset[str] = frozenset(),
    progress: Progress = silent,
) -> TravelBuild:
    """Build the travel file of a network folder; written to `out`, or to the folder's `travel.npz`.

    Nothing is written unless all went well. InputError when the network or its communes cannot be read, or
    `accept_far` names a place that is not in it; RoadDataError as `build_travel`.
    """
    network = read_network(folder)
    places = {site.id: site.point for site in network.sites}
    if unknown := accept_far - places.keys():
        raise InputError(
            f"Aucun lieu du réseau ne s'appelle « {', '.join(sorted(unknown))} » : corrigez --accept-far."
        )
    communes = read_communes(folder / "communes.geojson")
    target = out or folder / TRAVEL
    if not target.parent.is_dir():
        raise InputError(f"Le dossier « {target.parent} » n'existe pas. Créez-le, ou changez --out.")
    built = build_travel(places, source, communes, accept_far=accept_far, progress=progress)
    write_travel(target, built.matrix, built.shapes)
    return built
