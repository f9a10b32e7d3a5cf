"""The road graph: streets with their lengths and times, whole, connected and stamped."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from models.communes import Commune
from models.errors import Finding, RoadDataError
from routing.road.builtup import built_up
from routing.road.junctions import stop_ms
from routing.road.speeds import PROFILE, cruise_kmh, run_ms
from routing.road.streets import Floats, Ints, Streets, largest_component
from routing.travel import TravelStamp

LICENCE = "ODbL 1.0, © les contributeurs d'OpenStreetMap"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RoadGraph:
    """V points in degrees and A directed straight segments, any point reachable from any other.

    Per segment: `tail` → `head`, its length in decimetres, `run_ms` to drive along it, `stop_ms` for the
    junction at its head, both whole milliseconds. At most one segment leads from one point to another.
    """

    lon: Floats
    lat: Floats
    tail: Ints
    head: Ints
    length_dm: Ints
    run_ms: Ints
    stop_ms: Ints
    source: str
    source_date: str

    @property
    def fingerprint(self) -> str:
        """A hash of points, segments and weights: equal graphs, equal fingerprints."""
        digest = hashlib.sha256()
        for degrees in (self.lon, self.lat):
            digest.update(np.rint(degrees * 1e7).astype("<i8").tobytes())
        for array in (self.tail, self.head, self.length_dm, self.run_ms, self.stop_ms):
            digest.update(array.astype("<i8").tobytes())
        return digest.hexdigest()

    @property
    def stamp(self) -> TravelStamp:
        return TravelStamp(
            graph=self.fingerprint,
            source=self.source,
            source_date=self.source_date,
            speed_profile=PROFILE,
            licence=LICENCE,
        )


def road_graph(streets: Streets, *, source: str, source_date: str) -> RoadGraph:
    """The largest strong component of `streets`, timed by the speed profile.

    RoadDataError when nothing is left of it.
    """
    whole = largest_component(streets) if len(streets.tail) else streets
    if not len(whole.tail):
        raise RoadDataError(
            f"Aucun réseau de routes ne se laisse parcourir dans « {source} ». "
            "Choisissez un extrait d'OpenStreetMap qui couvre toutes les communes."
        )
    speed = cruise_kmh(whole, built_up(whole))
    length = whole.lengths_dm()
    run, stop = run_ms(length, speed), stop_ms(whole, speed)
    # Ways drawn twice: between the same two points the fastest remains, then the shortest.
    ranks = np.lexsort((length, run + stop, whole.head, whole.tail))
    first = np.unique(whole.tail[ranks] * whole.points + whole.head[ranks], return_index=True)[1]
    kept = ranks[first]
    return RoadGraph(
        lon=whole.lon,
        lat=whole.lat,
        tail=whole.tail[kept],
        head=whole.head[kept],
        length_dm=length[kept],
        run_ms=run[kept],
        stop_ms=stop[kept],
        source=source,
        source_date=source_date,
    )


def check_coverage(graph: RoadGraph, communes: Sequence[Commune]) -> None:
    """RoadDataError naming every commune without a single connected road."""
    tree = shapely.STRtree(np.asarray(shapely.points(graph.lon, graph.lat)))
    missed = [commune for commune in communes if not len(tree.query(commune.polygon, predicate="intersects"))]
    if missed:
        raise RoadDataError(
            f"Les routes de « {graph.source} » ne desservent pas {len(missed)} commune(s) du réseau. "
            "Choisissez un extrait d'OpenStreetMap qui couvre toutes les communes.",
            tuple(
                Finding(
                    where=f"{commune.name} ({commune.insee})",
                    message="aucune route reliée aux autres.",
                    remedy="",
                )
                for commune in missed
            ),
        )
