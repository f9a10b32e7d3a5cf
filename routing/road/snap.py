"""From a place to the road: the nearest street, and where on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from models.errors import Finding, RoadDataError
from models.values import Coordinates
from routing.road.roads import RoadGraph
from routing.road.streets import to_degrees, to_lambert

REFUSED_BEYOND_M = 300
NOTED_BEYOND_M = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Snap:
    """Where a place meets the road.

    `away_m` metres from the place (Lambert-93) to its projection `on_road`; `spots` are the segments that
    pass there, one per direction of travel, each with the share [0, 1] of it that lies before.
    """

    place: str
    away_m: float
    on_road: Coordinates
    spots: tuple[tuple[int, float], ...]


def snap(
    graph: RoadGraph, places: Mapping[str, Coordinates], *, accept_far: Collection[str] = frozenset()
) -> tuple[Snap, ...]:
    """Each place on its nearest street, in the order given.

    RoadDataError names at once every place more than 300 m from any street that `accept_far` does not list.
    """
    lines = _Lines(graph)
    snaps = [lines.nearest(place, point) for place, point in places.items()]
    _refuse_far(snaps, accept_far)
    return tuple(snaps)


class _Lines:
    """Streets as lines in Lambert-93: both directions of a two-way street lie on the same one."""

    def __init__(self, graph: RoadGraph) -> None:
        self.tail = graph.tail
        n = len(graph.lon)
        codes = np.minimum(graph.tail, graph.head) * n + np.maximum(graph.tail, graph.head)
        _, self.drawn, of_segment = np.unique(codes, return_index=True, return_inverse=True)
        x, y = to_lambert(graph.lon, graph.lat)
        ends = np.stack([graph.tail[self.drawn], graph.head[self.drawn]], axis=1)
        self.lines = np.asarray(shapely.linestrings(np.stack([x[ends], y[ends]], axis=-1)))
        self.tree = shapely.STRtree(self.lines)
        self.by_line = np.argsort(of_segment, kind="stable")
        self.start = np.searchsorted(of_segment[self.by_line], np.arange(len(self.drawn) + 1))

    def nearest(self, place: str, point: Coordinates) -> Snap:
        """Of streets at equal distance, the first in the graph's own ranking."""
        x, y = to_lambert(point.lon, point.lat)
        here = shapely.Point(float(x), float(y))
        street = int(np.min(self.tree.query_nearest(here, all_matches=True)))
        line = self.lines[street]
        share = float(shapely.line_locate_point(line, here, normalized=True))
        on_line = shapely.line_interpolate_point(line, share, normalized=True)
        lon, lat = to_degrees(on_line.x, on_line.y)
        segments = self.by_line[self.start[street] : self.start[street + 1]].tolist()
        forward = self.tail[self.drawn[street]]
        return Snap(
            place=place,
            away_m=float(here.distance(line)),
            on_road=Coordinates(lon=round(float(lon), 7), lat=round(float(lat), 7)),
            spots=tuple((s, share if self.tail[s] == forward else 1.0 - share) for s in segments),
        )


def _refuse_far(snaps: list[Snap], accept_far: Collection[str]) -> None:
    far = [s for s in snaps if s.away_m > REFUSED_BEYOND_M and s.place not in accept_far]
    if far:
        raise RoadDataError(
            f"{len(far)} lieu(x) à plus de {REFUSED_BEYOND_M} m de toute route praticable.",
            tuple(
                Finding(
                    where=s.place,
                    message=f"la route la plus proche est à {round(s.away_m)} m.",
                    remedy=f"Déplacez le point vers la route, ou relancez avec --accept-far {s.place}.",
                )
                for s in far
            ),
        )
