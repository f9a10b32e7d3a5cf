"""Figures for places that no road was asked about yet: as the crow flies, scaled by what roads do nearby."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from models.values import Coordinates
from routing.travel import LegShapes, TravelMatrix

MOVED_BEYOND_M = 50.0
_EARTH_M = 6_371_009.0  # mean radius, IUGG
# Used only when fewer than two places are known: medians of the default network's matrix.
_DETOUR, _SPEED_MS = 1.27, 12.9
_Metres = npt.NDArray[np.float64]


def estimate_missing(matrix: TravelMatrix, places: Mapping[str, Coordinates]) -> TravelMatrix:
    """The matrix of exactly `places`, in that order; those absent or moved by more than 50 m are estimated.

    Between an estimated place and any other: great-circle metres × the median detour of the known legs, at
    their median speed. Known legs keep their figures; a place moved less keeps its old figures.
    """
    ids = tuple(places)
    known = {place: matrix.index[place] for place in ids if _known(matrix, place, places[place])}
    crow = _crow_m(tuple(places.values()))
    detour, speed = _habits(matrix)
    metres = np.rint(crow * detour)
    seconds = np.ceil(metres / speed)
    rows = [rank for rank, place in enumerate(ids) if place in known]
    if rows:
        there, old = np.ix_(rows, rows), np.ix_(list(known.values()), list(known.values()))
        metres[there], seconds[there] = matrix.metres[old], matrix.seconds[old]
    return TravelMatrix(
        ids=ids,
        points=tuple(places.values()),
        seconds=seconds.astype(np.int32),
        metres=metres.astype(np.int32),
        stamp=matrix.stamp,
        estimated=tuple(place not in known or matrix.estimated[known[place]] for place in ids),
    )


def has_roads(matrix: TravelMatrix, place: str, point: Coordinates) -> bool:
    """Whether the matrix has road figures for a place, no farther than 50 m from where it knew it."""
    return _known(matrix, place, point) and not matrix.estimated[matrix.index[place]]


def shapes_for(shapes: LegShapes, matrix: TravelMatrix) -> LegShapes:
    """Shapes for the places of `matrix`; legs to and from estimated ones are left to be drawn straight."""
    sure = {place for place, guess in zip(matrix.ids, matrix.estimated, strict=True) if not guess}
    return replace(
        shapes,
        points=dict(zip(matrix.ids, matrix.points, strict=True)),
        lines={pair: line for pair, line in shapes.lines.items() if sure.issuperset(pair)},
    )


def _known(matrix: TravelMatrix, place: str, point: Coordinates) -> bool:
    rank = matrix.index.get(place)
    return rank is not None and float(_crow_m((matrix.points[rank], point))[0, 1]) <= MOVED_BEYOND_M


def _habits(matrix: TravelMatrix) -> tuple[float, float]:
    """Median detour (road metres per crow metre) and median speed (m/s) of the legs that came from roads."""
    sure = ~np.array(matrix.estimated, np.bool_)
    crow = _crow_m(matrix.points)
    legs = np.outer(sure, sure) & (crow > 0) & (matrix.seconds > 0) & (matrix.metres > 0)
    if not legs.any():
        return _DETOUR, _SPEED_MS
    detour = float(np.median(matrix.metres[legs] / crow[legs]))
    return detour, float(np.median(matrix.metres[legs] / matrix.seconds[legs]))


def _crow_m(points: tuple[Coordinates, ...]) -> _Metres:
    """Great-circle metres between all pairs."""
    lon = np.array([math.radians(point.lon) for point in points])
    lat = np.array([math.radians(point.lat) for point in points])
    across, up = np.sin(np.subtract.outer(lon, lon) / 2), np.sin(np.subtract.outer(lat, lat) / 2)
    share = up**2 + np.outer(np.cos(lat), np.cos(lat)) * across**2
    return np.asarray(2 * _EARTH_M * np.arcsin(np.sqrt(np.clip(share, 0, 1))), np.float64)
