"""The drawing of one round on its sheet: real roads, numbered stops, the way home; points in a box.

Everything is computed here in PostScript points (1/72 inch), y down, and drawn by Typst as it is told.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import atan2, degrees, floor, hypot, log10
from typing import Any

from pyproj import Transformer
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseMultipartGeometry

from maps.fit import PIN_RADIUS, Frame, Label, Point, place_labels, spread
from models.communes import Commune
from models.network.values import Network
from models.plan import Round
from routing.travel import LegShapes

WIDTH = 510.0  # the sheet's column
HEIGHTS = (170.0, 222.0)  # the least and the most
MARGIN = 26.0
ARROW_EVERY = 55.0
SIMPLIFIED = 0.35
Line = tuple[Point, ...]


def sketch(
    tour: Round, network: Network, communes: Iterable[Commune], shapes: LegShapes, *, width: float = WIDTH
) -> dict[str, Any]:
    """What Typst draws: `width height borders legs arrows pins depots labels scale_km scale_pt`.

    `legs` are `{points, back}`; `pins` are `{text, x, y, ax, ay}` where (ax, ay) is the true place and
    (x, y) where the number stands; `arrows` are `{x, y, angle}`, degrees clockwise from east.
    """
    metres = [_lambert(shapes.line(a, b)) for a, b in pairwise(tour.stops)]
    frame = Frame.around([p for leg in metres for p in leg], width, HEIGHTS, MARGIN)
    legs = [_simplified(tuple(frame.put(*p) for p in leg)) for leg in metres]
    places = [leg[-1] for leg in legs[:-1]]
    pins = spread(places, PIN_RADIUS + 1.5, frame)
    communes_of = [network.site(visit.site).commune for visit in tour.visits]
    km, length = _scale(frame)
    return {
        "width": frame.width,
        "height": frame.height,
        "borders": _borders(communes, frame),
        "legs": [{"points": leg, "back": k == len(legs) - 1} for k, leg in enumerate(legs)],
        "arrows": [arrow for leg in legs for arrow in _arrows(leg)],
        "pins": [
            {"text": str(n), "x": x, "y": y, "ax": ax, "ay": ay}
            for n, ((x, y), (ax, ay)) in enumerate(zip(pins, places, strict=True), start=1)
        ],
        "depots": sorted({legs[0][0], legs[-1][-1]}),
        "labels": _labels(communes_of, pins, legs, frame),
        "scale_km": km,
        "scale_pt": length,
    }


@lru_cache(maxsize=1)
def _projection() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)


def _lambert(line: Sequence[Point]) -> list[Point]:
    eastings, northings = _projection().transform([p[0] for p in line], [p[1] for p in line])
    return list(zip(eastings, northings, strict=True))


def _simplified(line: Line) -> Line:
    if len(line) < 3:
        return _rounded(line)
    return _rounded(LineString(line).simplify(SIMPLIFIED).coords)


def _rounded(line: Iterable[Sequence[float]]) -> Line:
    return tuple((round(p[0], 2), round(p[1], 2)) for p in line)


def _borders(communes: Iterable[Commune], frame: Frame) -> list[Line]:
    """The outlines of the communes, cut at the frame."""
    window, lines = box(0, 0, frame.width, frame.height), []
    for commune in communes:
        for ring in _rings(commune):
            outline = LineString([frame.put(*p) for p in _lambert(ring)]).simplify(SIMPLIFIED)
            lines += [_rounded(part.coords) for part in _line_parts(outline.intersection(window))]
    return lines


def _rings(commune: Commune) -> list[list[Point]]:
    polygon = commune.polygon
    parts = list(polygon.geoms) if isinstance(polygon, BaseMultipartGeometry) else [polygon]
    return [[(x, y) for x, y, *_ in part.exterior.coords] for part in parts]


def _line_parts(shape: Any) -> list[LineString]:
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    if isinstance(shape, BaseMultipartGeometry):
        return [part for geom in shape.geoms for part in _line_parts(geom)]
    return []


def _arrows(leg: Line) -> list[dict[str, float]]:
    """A mark of direction in the middle of the leg, or one every so often on a long one."""
    length = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(leg))
    if length < 2.4 * PIN_RADIUS:
        return []
    how_many = max(1, int(length / ARROW_EVERY))
    return [_arrow(leg, length * (k + 0.5) / how_many) for k in range(how_many)]


def _arrow(leg: Line, at: float) -> dict[str, float]:
    for a, b in pairwise(leg):
        step = hypot(b[0] - a[0], b[1] - a[1])
        if at <= step and step > 0:
            share = at / step
            x, y = a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
            return {
                "x": round(x, 2),
                "y": round(y, 2),
                "angle": round(degrees(atan2(b[1] - a[1], b[0] - a[0])), 1),
            }
        at -= step
    return {"x": leg[-1][0], "y": leg[-1][1], "angle": 0.0}


def _labels(
    communes: Sequence[str], pins: Sequence[Point], legs: Sequence[Line], frame: Frame
) -> list[Label]:
    """One name per commune, beside its first pin."""
    first: dict[str, Point] = {}
    for commune, pin in zip(communes, pins, strict=True):
        first.setdefault(commune, pin)
    return place_labels(first, [*pins, legs[0][0], legs[-1][-1]], legs, frame)


def _scale(frame: Frame) -> tuple[int | float, float]:
    """The largest of 1, 2, 5 × 10ⁿ kilometres that fits in a fifth of the width, and its length."""
    most_km = frame.width / 5 / frame.points_per_metre / 1000
    ten = 10.0 ** floor(log10(most_km))
    km = max(step * ten for step in (1, 2, 5) if step * ten <= most_km)
    return (int(km) if km >= 1 else km), round(km * 1000 * frame.points_per_metre, 2)
