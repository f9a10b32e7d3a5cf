"""Fitting a drawing in a box: the scale, numbers that do not hide each other, names where there is room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, sin
from typing import TypedDict

from shapely.geometry import LineString, MultiLineString, box
from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]
PIN_RADIUS = 11.0
_TEXT = 12.0  # size of a name, points
_GLYPH = 0.58  # a generous mean width of a letter of Inter, in its size
_PATIENCE = 200


class Label(TypedDict):
    """A name and the top left corner of its box, points."""

    text: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """A drawing's box (points, y down) and how metres fall into it."""

    width: float
    height: float
    points_per_metre: float
    west: float
    north: float

    @classmethod
    def around(
        cls, metres: Sequence[Point], width: float, heights: tuple[float, float], margin: float
    ) -> "Frame":
        """The largest scale at which every point stays `margin` inside a box of that width."""
        wests, souths = [p[0] for p in metres], [p[1] for p in metres]
        wide, tall = max(max(wests) - min(wests), 1000.0), max(max(souths) - min(souths), 1000.0)
        least, most = heights
        scale = min((width - 2 * margin) / wide, (most - 2 * margin) / tall)
        height = min(max(tall * scale + 2 * margin, least), most)
        middle = (max(wests) + min(wests)) / 2, (max(souths) + min(souths)) / 2
        west, north = middle[0] - width / 2 / scale, middle[1] + height / 2 / scale
        return cls(width=width, height=height, points_per_metre=scale, west=west, north=north)

    def put(self, east: float, north: float) -> Point:
        """Metres → points of the box."""
        return (east - self.west) * self.points_per_metre, (self.north - north) * self.points_per_metre

    def inside(self, point: Point, border: float) -> Point:
        """The nearest point that stays off the border."""
        x = min(max(point[0], border), self.width - border)
        y = min(max(point[1], border), self.height - border)
        return x, y


def spread(places: Sequence[Point], radius: float, frame: Frame) -> list[Point]:
    """Where discs of that radius stand so that none hides another, each as near its place as it can."""
    discs = [list(place) for place in places]
    for _ in range(_PATIENCE):
        moved = False
        for i in range(len(discs)):
            for j in range(i):
                moved |= _part(discs[i], discs[j], 2 * radius, i + j)
        if not moved:
            break
        discs = [list(frame.inside((x, y), radius)) for x, y in discs]
    return [(round(x, 2), round(y, 2)) for x, y in discs]


def _part(one: list[float], other: list[float], apart: float, turn: int) -> bool:
    """Push two discs away from each other, half each; True when they were too near."""
    dx, dy = one[0] - other[0], one[1] - other[1]
    gap = hypot(dx, dy)
    if gap >= apart - 0.05:
        return False
    if gap < 0.01:  # the same place: part them sideways, in a direction that depends on their numbers
        dx, dy, gap = cos(turn), sin(turn), 1.0
        push = apart / 2
    else:
        push = (apart - gap) / 2
    one[0], one[1] = one[0] + dx / gap * push, one[1] + dy / gap * push
    other[0], other[1] = other[0] - dx / gap * push, other[1] - dy / gap * push
    return True


def place_labels(
    names: Mapping[str, Point], discs: Sequence[Point], legs: Sequence[Sequence[Point]], frame: Frame
) -> list[Label]:
    """Each name beside its point, on the free side that hides least of the road; none where none is free."""
    taken = [box(x - PIN_RADIUS, y - PIN_RADIUS, x + PIN_RADIUS, y + PIN_RADIUS) for x, y in discs]
    roads = MultiLineString([LineString(leg) for leg in legs])
    labels: list[Label] = []
    for name, (x, y) in names.items():
        wide, tall = len(name) * _TEXT * _GLYPH + 4, _TEXT * 1.25
        corners = _sides(x, y, wide, tall, PIN_RADIUS + 2)
        spots = [box(left, top, left + wide, top + tall) for left, top in corners]
        free = [spot for spot in spots if _free(spot, taken, frame)]
        if free:
            spot = min(free, key=lambda spot: spot.intersection(roads).length)
            taken.append(spot)
            left, top, _, _ = spot.bounds
            labels.append({"text": name, "x": round(left, 2), "y": round(top, 2), "width": round(wide, 2)})
    return labels


def _free(spot: BaseGeometry, taken: Sequence[BaseGeometry], frame: Frame) -> bool:
    inner = box(2, 2, frame.width - 2, frame.height - 2)
    return inner.contains(spot) and not any(spot.intersects(other) for other in taken)


def _sides(x: float, y: float, wide: float, tall: float, away: float) -> tuple[Point, ...]:
    """Right, left, below, above, then the four corners: top left corners of the name's box."""
    return (
        (x + away, y - tall / 2),
        (x - away - wide, y - tall / 2),
        (x - wide / 2, y + away),
        (x - wide / 2, y - away - tall),
        (x + away * 0.7, y + away * 0.5),
        (x + away * 0.7, y - away * 0.5 - tall),
        (x - away * 0.7 - wide, y + away * 0.5),
        (x - away * 0.7 - wide, y - away * 0.5 - tall),
    )
