"""Streets as plain arrays: what remains of OSM once osmnx has read it, in an order of our own."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import Geod, Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_GEOD = Geod(ellps="WGS84")
_TO_LAMBERT = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
_TO_DEGREES = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)


def to_lambert(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Degrees WGS 84 → metres Lambert-93 (EPSG:2154)."""
    x, y = _TO_LAMBERT.transform(lon, lat)
    return np.asarray(x, np.float64), np.asarray(y, np.float64)


def to_degrees(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Metres Lambert-93 → degrees WGS 84."""
    lon, lat = _TO_DEGREES.transform(x, y)
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Streets:
    """V points and A directed straight segments between them (a two-way street has two).

    Per point: `lon`, `lat` in degrees, `signals` (traffic lights). Per segment: `tail` → `head`,
    `road_class` (a RoadClass), `limit_kmh` as tagged (0: untagged), `ring` (part of a roundabout).
    """

    lon: Floats
    lat: Floats
    signals: Bools
    tail: Ints
    head: Ints
    road_class: Ints
    limit_kmh: Ints
    ring: Bools

    @property
    def points(self) -> int:
        return len(self.lon)

    def lengths_dm(self) -> Ints:
        """Length of each segment on the WGS 84 ellipsoid, in decimetres, at least 1."""
        start, end = self.tail, self.head
        _, _, metres = _GEOD.inv(self.lon[start], self.lat[start], self.lon[end], self.lat[end])
        return np.asarray(np.maximum(1, np.rint(np.asarray(metres) * 10)), np.int64)

    def segments(self, kept: npt.NDArray[Any]) -> "Streets":
        """The same points with only some segments, by mask or by rank."""
        names = ("tail", "head", "road_class", "limit_kmh", "ring")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


def tidy(streets: Streets) -> Streets:
    """Loops of one point dropped, then points in order of longitude, latitude; segments of tail, head, class.

    The same roads give the same arrays whatever the order, the ids or the repeats they were read in.
    """
    streets = streets.segments(streets.tail != streets.head)
    ranks = np.lexsort((streets.signals, streets.lat, streets.lon))
    place = np.empty_like(ranks)
    place[ranks] = np.arange(len(ranks))
    moved = replace(
        streets,
        lon=streets.lon[ranks],
        lat=streets.lat[ranks],
        signals=streets.signals[ranks],
        tail=place[streets.tail],
        head=place[streets.head],
    )
    return moved.segments(np.lexsort((moved.ring, moved.limit_kmh, moved.road_class, moved.head, moved.tail)))


def largest_component(streets: Streets) -> Streets:
    """The largest part where every point can be reached from every other; at equal sizes the western one."""
    n = streets.points
    links = coo_array((np.ones(len(streets.tail), np.int8), (streets.tail, streets.head)), shape=(n, n))
    _, label = connected_components(links, directed=True, connection="strong")
    first = np.unique(label, return_index=True)[1]
    sizes = np.bincount(label)
    best = min(range(len(sizes)), key=lambda part: (-sizes[part], first[part]))
    kept = label == best
    place = np.cumsum(kept) - 1
    within = streets.segments(kept[streets.tail] & kept[streets.head])
    return replace(
        within,
        lon=within.lon[kept],
        lat=within.lat[kept],
        signals=within.signals[kept],
        tail=place[within.tail],
        head=place[within.head],
    )
