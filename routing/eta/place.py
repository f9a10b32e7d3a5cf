"""A position → how much of the leg ahead is driven. Positions only refine: what cannot be is ignored."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, hypot, inf, radians

from models.values import Coordinates
from routing.eta.values import Fix, Halt

_ROUGH_M = 500  # a position less sure than this says nothing
_DETOUR_M = 3000
_DETOUR_SHARE = 1.8
_FASTEST_MPS = 36.0  # 130 km/h as the crow flies
_THERE_M = 150.0
_ASIDE_M = 300.0  # farther from the drawn road than this, another one was taken
_METRES = 111_195.0  # in a degree of latitude


def driven_share(halt: Halt, fixes: Iterable[Fix], since_at: int, now_at: int) -> tuple[int, float] | None:
    """The latest position on the way to `halt`: its instant, and the share of the leg that lies behind it.

    Not those from before the van left (`since_at`), from the future, too rough, far off the way, or farther
    than any van gets. The share is that of the road's length, where the road is known and the position lies
    on it; else, as the crow flies, d(from) / (d(from) + d(to)). None where there are none, or where the
    places are not known.
    """
    if halt.point is None or halt.from_point is None:
        return None
    whole_m = distance_m(halt.from_point, halt.point)
    believed = (fix for fix in fixes if since_at <= fix.at <= now_at and fix.accuracy_m <= _ROUGH_M)
    for fix in sorted(believed, key=lambda one: one.at, reverse=True):
        behind_m, to_go_m = distance_m(halt.from_point, fix.point), distance_m(fix.point, halt.point)
        near = behind_m + to_go_m <= _DETOUR_SHARE * whole_m + _DETOUR_M
        if near and behind_m <= _FASTEST_MPS * (fix.at - since_at) + _ROUGH_M:
            share = _share_of_way(halt.way, fix.point)
            share = behind_m / max(behind_m + to_go_m, 1.0) if share is None else share
            return fix.at, 0.0 if behind_m < _THERE_M else 1.0 if to_go_m < _THERE_M else share
    return None


def _share_of_way(way: Sequence[Coordinates], point: Coordinates) -> float | None:
    """How much of a road lies behind the place on it that is nearest to a point; None far from the road."""
    length_m, nearest_m, behind_m = 0.0, inf, 0.0
    for start, end in pairwise(way):
        leg_m = distance_m(start, end)
        along = _along(start, end, point)
        foot = Coordinates(
            lon=start.lon + along * (end.lon - start.lon), lat=start.lat + along * (end.lat - start.lat)
        )
        off_m = distance_m(foot, point)
        if off_m < nearest_m:
            nearest_m, behind_m = off_m, length_m + along * leg_m
        length_m += leg_m
    return behind_m / length_m if nearest_m <= _ASIDE_M and length_m > 0 else None


def _along(start: Coordinates, end: Coordinates, point: Coordinates) -> float:
    """How far along a straight piece the place nearest to a point is, from 0 to 1."""
    narrow = cos(radians(start.lat))
    east, north = (end.lon - start.lon) * narrow, end.lat - start.lat
    square = east * east + north * north
    if square == 0:
        return 0.0
    there = (point.lon - start.lon) * narrow * east + (point.lat - start.lat) * north
    return min(1.0, max(0.0, there / square))


def distance_m(a: Coordinates, b: Coordinates) -> float:
    """As the crow flies over a few dozen kilometres."""
    east = (b.lon - a.lon) * cos(radians((a.lat + b.lat) / 2))
    return _METRES * hypot(east, b.lat - a.lat)
