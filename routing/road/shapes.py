"""The line that each leg draws on a map: the road's own points, thinned out."""

from collections.abc import Sequence

import numpy as np
import shapely

from routing.road.matrix import Leg, Roads
from routing.road.snap import Snap
from routing.road.streets import Floats, Ints, to_degrees, to_lambert

TOLERANCE_M = 8.0  # half a road's width on a sheet of A4: thinner lines look the same
DECIMALS = 5  # a metre


def leg_points(roads: Roads, leg: Leg) -> Ints:
    """The graph's points along a leg, between its two ends on the road (which are left out)."""
    graph, chains = roads.graph, roads.chains
    if leg.straight:
        between = chains.segments(leg.start.chain)
        ranks = np.flatnonzero(np.isin(between, (leg.start.segment, leg.end.segment)))
        return np.asarray(graph.head[between[ranks[0] : ranks[-1]]], np.int64)
    first = chains.segments(leg.start.chain)
    last = chains.segments(leg.end.chain)
    segments = np.concatenate(
        [
            first[int(np.argmax(first == leg.start.segment)) :],
            *(chains.segments(chain) for chain in roads.arcs[leg.via].tolist()),
            last[: int(np.argmax(last == leg.end.segment))],
        ]
    )
    return np.asarray(graph.head[segments], np.int64)


def leg_lines(roads: Roads, legs: Sequence[Leg], snaps: Sequence[Snap]) -> list[Floats]:
    """One (k, 2) array of (lon, lat) degrees per leg, from the road before the one place to the other's.

    Douglas–Peucker within 8 m in Lambert-93, then rounded to 5 decimals; two points at least.
    """
    graph = roads.graph
    x, y = to_lambert(graph.lon, graph.lat)
    place_x, place_y = to_lambert([s.on_road.lon for s in snaps], [s.on_road.lat for s in snaps])
    lines = []
    for leg in legs:
        points = leg_points(roads, leg)
        ends = (leg.origin, leg.destination)
        across = np.concatenate([place_x[[ends[0]]], x[points], place_x[[ends[1]]]])
        along = np.concatenate([place_y[[ends[0]]], y[points], place_y[[ends[1]]]])
        line = shapely.simplify(shapely.linestrings(across, along), TOLERANCE_M, preserve_topology=False)
        kept = shapely.get_coordinates(line)
        if len(kept) < 2:  # both places on one spot: a line needs two points
            kept = np.stack([across[[0, -1]], along[[0, -1]]], axis=1)
        degrees = np.stack(to_degrees(kept[:, 0], kept[:, 1]), axis=1)
        lines.append(np.asarray(np.round(degrees, DECIMALS), np.float64))
    return lines
