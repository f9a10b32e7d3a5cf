"""The way of a round on the road, measured from its start, as GTFS wants it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

from models.plan import Round
from routing.travel import LegShapes

_DEGREE_M = 111_195  # a degree of a great circle of a sphere of 6,371 km
_FELT_M = 1.5  # nearer points are one: they would stand at the same tenth of a metre
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class TripShape:
    """`points` are (lon, lat, metres from the start), farther each time; `halts_m` where each halt stands on
    it, depots included. Rounds with the same halts have the same `id`."""

    id: str
    points: tuple[tuple[float, float, float], ...]
    halts_m: tuple[float, ...]


def trip_shape(tour: Round, shapes: LegShapes) -> TripShape:
    """Each leg is as long as the plan says, however much its line was simplified."""
    lengths = [*(visit.leg_m for visit in tour.visits), tour.leg_back_m]
    points: list[tuple[float, float, float]] = []
    halts = [0.0]
    for (origin, destination), leg_m in zip(pairwise(tour.stops), lengths, strict=True):
        points += _leg(shapes.line(origin, destination), leg_m, points)
        halts.append(points[-1][2])
    name = hashlib.sha256("/".join(tour.stops).encode()).hexdigest()[:12]
    return TripShape(id=name, points=tuple(points), halts_m=tuple(halts))


def _leg(
    line: tuple[Point, ...], leg_m: int, before: list[tuple[float, float, float]]
) -> Iterator[tuple[float, float, float]]:
    last: Point = before[-1][:2] if before else line[0]
    reached_m = before[-1][2] if before else 0.0
    if not before:
        yield (*last, reached_m)
    drawn_m = sum(_apart_m(a, b) for a, b in pairwise(line))
    stretch = leg_m / drawn_m if leg_m and drawn_m else 1.0
    for point in line:
        step_m = _apart_m(last, point)
        if step_m >= _FELT_M:
            reached_m = round(reached_m + step_m * max(stretch, 0.1), 1)
            last = point
            yield (*point, reached_m)


def _apart_m(a: Point, b: Point) -> float:
    """Metres between two near points (lon, lat)."""
    return _DEGREE_M * hypot((a[0] - b[0]) * cos(radians((a[1] + b[1]) / 2)), a[1] - b[1])
