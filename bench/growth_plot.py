"""What was measured at growing sizes, on logarithmic axes, in plain SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _LEFT, _FOOT, _HEAD, _RIGHT = 640, 360, 60, 60, 50, 40
_INK, _BLUE = "#1b1b1b", "#0b5394"

Place = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A size and what was measured there, both above 0."""

    x: float
    y: float


def curve(points: Sequence[Point], *, across: str, up: str) -> str:
    """The points joined, smallest size first; dotted, what growing in proportion to the first would be."""
    first, last = points[0], points[-1]
    highest = max(first.y * last.x / first.x, *(point.y for point in points))
    scale = _Scale(first.x, max(last.x, 1.01 * first.x), min(point.y for point in points), highest)
    floor = _HEIGHT - _FOOT
    body = [
        _line([(_LEFT, floor), (_WIDTH - _RIGHT, floor)], f'stroke="{_INK}"'),
        _line(
            [scale.at(x, first.y * x / first.x) for x in (first.x, last.x)],
            f'stroke="{_INK}" stroke-dasharray="3 5"',
        ),
        _line([scale.at(point.x, point.y) for point in points], f'stroke="{_BLUE}" stroke-width="2"'),
    ]
    for point in points:
        x, y = scale.at(point.x, point.y)
        body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_BLUE}"/>')
        body.append(_text(x, y + 20, f"{point.y:.1f}", "middle"))
        body.append(_text(x, floor + 20, f"{point.x:g}", "middle"))
    body += [_text(_WIDTH / 2, _HEIGHT - 14, across, "middle"), _text(12, 22, up, "start")]
    size = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#ffffff"/>', *body, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class _Scale:
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def at(self, x: float, y: float) -> Place:
        """Where a measurement stands on the page."""
        right = math.log(x / self.x_low) / math.log(self.x_high / self.x_low)
        rise = math.log(y / self.y_low) / math.log(max(self.y_high / self.y_low, 1.01))
        wide, high = _WIDTH - _LEFT - _RIGHT - 30, _HEIGHT - _FOOT - _HEAD - 30
        return _LEFT + 15 + wide * right, _HEIGHT - _FOOT - 30 - high * rise


def _line(places: Sequence[Place], look: str) -> str:
    through = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline points="{through}" fill="none" {look}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    halo = 'paint-order="stroke" stroke="#ffffff" stroke-width="4"'  # readable where a line runs through
    place = f'x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{_INK}" {halo}>{escape(text)}</text>'
