"""Gaps as strips of dots, one strip per engine, in plain SVG: readable in black and white, at any size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

_LEFT, _WIDTH, _RIGHT = 210, 560, 70  # names, strips, means
_STEP, _HEAD, _FOOT = 26, 34, 44  # heights: a strip, a title, the axis
_INK, _PALE, _BLUE = "#1b1b1b", "#d0d0d0", "#0b5394"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A strip: gaps in %, one dot each, and their mean. Rows of one title stand together."""

    title: str
    name: str
    dots: tuple[float, ...]
    mean: float


def strips(rows: Sequence[Row]) -> str:
    """The whole picture, its axis common to all strips."""
    figures = [dot for row in rows for dot in row.dots]
    low, high = min(0.0, *figures, 0.0), max(1.0, *figures, 1.0)
    tick = _tick(high - low)
    low, high = math.floor(low / tick) * tick, math.ceil(high / tick) * tick
    body, y = [], 10
    top = y
    for title, group in groupby(rows, key=lambda row: row.title):
        body.append(_text(8, y + 20, title, weight="bold"))
        y += _HEAD
        for row in group:
            body += _strip(row, y + _STEP // 2, low, high)
            y += _STEP
    axis = _axis(top, y, low, high, tick)
    size = f'width="{_LEFT + _WIDTH + _RIGHT}" height="{y + _FOOT}"'
    box = f'viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {y + _FOOT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} font-family="sans-serif" font-size="13">'
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return "\n".join([head, ground, *axis, *body, "</svg>"]) + "\n"


def _strip(row: Row, y: int, low: float, high: float) -> list[str]:
    drawn = [_text(_LEFT - 12, y + 4, row.name, anchor="end")]
    drawn.append(f'<line x1="{_LEFT}" y1="{y}" x2="{_LEFT + _WIDTH}" y2="{y}" stroke="{_PALE}"/>')
    for dot in row.dots:
        x = _across(dot, low, high)
        drawn.append(f'<circle cx="{x:.1f}" cy="{y}" r="4" fill="{_BLUE}" fill-opacity="0.45"/>')
    x = _across(row.mean, low, high)
    drawn.append(
        f'<line x1="{x:.1f}" y1="{y - 9}" x2="{x:.1f}" y2="{y + 9}" stroke="{_INK}" stroke-width="2.5"/>'
    )
    drawn.append(_text(_LEFT + _WIDTH + 10, y + 4, f"{round(row.mean, 2) + 0.0:+.2f} %"))
    return drawn


def _axis(top: int, y: int, low: float, high: float, tick: float) -> list[str]:
    drawn = []
    for k in range(round((high - low) / tick) + 1):
        figure = low + k * tick
        x = _across(figure, low, high)
        strong = _INK if math.isclose(figure, 0.0, abs_tol=1e-9) else _PALE
        drawn.append(f'<line x1="{x:.1f}" y1="{top + 4}" x2="{x:.1f}" y2="{y}" stroke="{strong}"/>')
        drawn.append(_text(round(x), y + 18, f"{figure:g}", anchor="middle"))
    middle = _LEFT + _WIDTH // 2
    caption = "% above the best known value; a dot per instance (median over seeds), a bar for the mean"
    return [*drawn, _text(middle, y + 37, caption, anchor="middle")]


def _across(figure: float, low: float, high: float) -> float:
    return _LEFT + _WIDTH * (figure - low) / (high - low)


def _tick(span: float) -> float:
    """A round step that cuts the span in four to ten."""
    power = 10.0 ** math.floor(math.log10(span))
    return next(power * k for k in (0.1, 0.2, 0.5, 1.0, 2.0) if span / (power * k) <= 10)


def _text(x: int, y: int, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    look = f'text-anchor="{anchor}" font-weight="{weight}" fill="{_INK}"'
    return f'<text x="{x}" y="{y}" {look}>{escape(text)}</text>'
