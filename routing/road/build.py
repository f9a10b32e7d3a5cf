"""From OSM to the travel matrix of a network: the recipe.

Importing this module loads osmnx (about 2 s): do so only when roads are to be built.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from models.communes import Commune
from models.errors import Finding
from models.values import Coordinates
from routing.road.checks import check_matrix
from routing.road.graph import read_streets
from routing.road.matrix import Leg, legs, prepare, travel_ms
from routing.road.roads import check_coverage, road_graph
from routing.road.shapes import leg_lines
from routing.road.snap import NOTED_BEYOND_M, Snap, snap
from routing.road.source import Source
from routing.road.streets import Ints, to_degrees, to_lambert
from routing.travel import LegShapes, TravelMatrix, TravelStamp

MARGIN_M = 4000  # roads this far around the communes serve detours between them
Progress = Callable[[str, float], None]


def silent(_step: str, _share: float) -> None:
    """No progress wanted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TravelBuild:
    """A freshly built matrix, its shapes, where each place met the road, and what the checks found."""

    matrix: TravelMatrix
    shapes: LegShapes
    snaps: tuple[Snap, ...]
    findings: tuple[Finding, ...]

    def describe(self) -> tuple[str, ...]:
        """What was built, in French, a sentence a line: places, means, places far from a road, stamp."""
        apart = ~np.eye(len(self.matrix.ids), dtype=bool)
        lines = [f"{len(self.matrix.ids)} lieux rattachés à la route."]
        if apart.any():
            kilometres = f"{self.matrix.metres[apart].mean() / 1000:.1f}".replace(".", ",")
            minutes = round(float(self.matrix.seconds[apart].mean()) / 60)
            lines.append(f"Trajet moyen entre deux lieux : {kilometres} km, {minutes} min.")
        lines += [
            f"« {s.place} » est à {round(s.away_m)} m de la route : vérifiez son point."
            for s in self.snaps
            if s.away_m > NOTED_BEYOND_M
        ]
        lines += [str(finding) for finding in self.findings]
        stamp = self.matrix.stamp
        return (*lines, f"Routes : {stamp.source} ({stamp.source_date}), {stamp.licence}.", stamp.short)


def build_travel(
    places: Mapping[str, Coordinates],
    source: Source,
    communes: Sequence[Commune],
    *,
    accept_far: frozenset[str] = frozenset(),
    progress: Progress = silent,
) -> TravelBuild:
    """Times, distances and shapes between `places` by the roads around `communes`.

    `progress` hears what is being done, in French, and the share [0, 1] done before it. RoadDataError when
    roads cannot be read, miss a commune, or pass more than 300 m from a place that `accept_far` has not.
    """
    progress("Lecture des routes", 0.0)
    streets, date = read_streets(source, area_of(communes))
    progress("Vitesses et carrefours", 0.7)
    graph = road_graph(streets, source=source.name, source_date=date)
    check_coverage(graph, communes)
    progress("Rattachement des lieux à la route", 0.8)
    snaps = snap(graph, places, accept_far=accept_far)
    progress("Temps et distances", 0.85)
    roads = prepare(graph)
    times, found = travel_ms(roads, snaps), tuple(legs(roads, snaps))
    matrix = _matrix(places, times, found, graph.stamp)
    progress("Tracé des trajets", 0.9)
    lines = leg_lines(roads, found, snaps)
    ids = matrix.ids
    pairs = {(ids[leg.origin], ids[leg.destination]): line for leg, line in zip(found, lines, strict=True)}
    progress("Terminé", 1.0)
    return TravelBuild(
        matrix=matrix,
        shapes=LegShapes(points=dict(places), lines=pairs),
        snaps=snaps,
        findings=check_matrix(matrix),
    )


def area_of(communes: Sequence[Commune]) -> shapely.Polygon | shapely.MultiPolygon:
    """The communes and 4 km around, in degrees."""
    union = shapely.union_all([commune.polygon for commune in communes])
    metric = shapely.transform(union, lambda xy: np.stack(to_lambert(xy[:, 0], xy[:, 1]), axis=1))
    wide = shapely.simplify(metric.buffer(MARGIN_M), 100)
    return shapely.transform(wide, lambda xy: np.stack(to_degrees(xy[:, 0], xy[:, 1]), axis=1))


def _matrix(
    places: Mapping[str, Coordinates], times_ms: Ints, found: Sequence[Leg], stamp: TravelStamp
) -> TravelMatrix:
    """Milliseconds round up to seconds (so that detours never win by rounding), decimetres to metres."""
    lengths_dm = np.zeros_like(times_ms)
    for leg in found:
        lengths_dm[leg.origin, leg.destination] = leg.length_dm
    return TravelMatrix(
        ids=tuple(places),
        points=tuple(places.values()),
        seconds=((times_ms + 999) // 1000).astype(np.int32),
        metres=((lengths_dm + 5) // 10).astype(np.int32),
        stamp=stamp,
    )
