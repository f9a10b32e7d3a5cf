"""Communes by how long documents take to come, as one SVG: for a page and for print, without network.

The shades are ColorBrewer's YlOrBr (Brewer, 2003), told apart by colour-blind eyes and in grey; each commune
also carries its days in figures, so that colour never tells alone. A commune without a library of its own is
hatched.
"""

from collections.abc import Iterable, Mapping
from html import escape
from math import cos, radians

from shapely.geometry import MultiPolygon

from maps import words
from maps.palette import INK, MUTED, PAPER
from models.communes import Commune

CLASSES = ((3, "#FFFFD4"), (5, "#FEE391"), (7, "#FEC44F"), (10, "#EC7014"), (None, "#8C2D04"))
NEVER_SHADE = "#3B1A05"
_WIDTH = 720.0
_DEGREE = 111.2  # kilometres
_FONT = "font-family='Inter, system-ui, sans-serif'"


def shade(hours: int | None) -> int:
    """The class of a delay: 0 for the shortest, 5 where documents never come."""
    if hours is None:
        return len(CLASSES)
    return next(k for k, (days, _) in enumerate(CLASSES) if days is None or hours <= days * 24)


def legend() -> list[tuple[str, str]]:
    """(colour, « jusqu'à 3 jours ») of each class."""
    told = [
        (colour, f"jusqu’à {days} jours" if days else f"plus de {CLASSES[-2][0]} jours")
        for days, colour in CLASSES
    ]
    return [*told, (NEVER_SHADE, "jamais")]


def on_shade(rank: int) -> str:
    """The text that reads on a class: at least 4.5:1."""
    return INK if rank < 4 else "#FFFFFF"


def delay_map(communes: Iterable[Commune], delays_h: Mapping[str, int | None], title: str) -> str:
    """`delays_h` by INSEE code, None where nothing comes; communes without one are hatched."""
    ground = list(communes)
    bounds = [commune.polygon.bounds for commune in ground]
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    flat = cos(radians((south + north) / 2))
    scale = _WIDTH / ((east - west) * flat)
    height = (north - south) * scale

    def put(lon: float, lat: float) -> tuple[float, float]:
        return round((lon - west) * flat * scale, 1), round((north - lat) * scale, 1)

    shapes, figures = [], []
    for commune in ground:
        known = commune.insee in delays_h
        hours = delays_h.get(commune.insee)
        rank = shade(hours)
        fill = (NEVER_SHADE if rank == len(CLASSES) else CLASSES[rank][1]) if known else "url(#sans)"
        parts = commune.polygon.geoms if isinstance(commune.polygon, MultiPolygon) else [commune.polygon]
        path = "".join(
            "M" + "L".join("{} {}".format(*put(*point[:2])) for point in part.exterior.coords) + "Z"
            for part in parts
        )
        told = f"{commune.name} : {_days(hours)}" if known else f"{commune.name} : pas de bibliothèque"
        shapes.append(
            f"<path d='{path}' fill='{fill}' stroke='{MUTED}' stroke-width='0.8'><title>"
            f"{escape(words.typeset(told))}</title></path>"
        )
        if known:
            seat = commune.polygon.representative_point()
            x, y = put(seat.x, seat.y)
            text = "–" if hours is None else str(round(hours / 24))
            figures.append(f"<text x='{x}' y='{y + 5}' fill='{on_shade(rank)}'>{text}</text>")
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-4 -4 {_WIDTH + 8:.0f} {height + 8:.0f}' "
        f"role='img' aria-label='{escape(title, quote=True)}' {_FONT}>"
        "<defs><pattern id='sans' width='7' height='7' patternUnits='userSpaceOnUse' "
        f"patternTransform='rotate(45)'><rect width='7' height='7' fill='{PAPER}'/>"
        "<line x1='0' y1='0' x2='0' y2='7' stroke='#C9C4B8' stroke-width='1.6'/></pattern></defs>"
        + "".join(shapes)
        + f"<g text-anchor='middle' font-size='15' font-weight='700'>{''.join(figures)}</g>"
        + f"<g transform='translate(8 {height - 14:.0f})'><path d='M0 0H{10 * scale / _DEGREE:.1f}' "
        f"stroke='{INK}' stroke-width='2'/>"
        f"<text y='-6' font-size='13' fill='{INK}'>10{words.FIRM}km</text></g>"
        "</svg>"
    )


def _days(hours: int | None) -> str:
    return "jamais" if hours is None else days_and_hours(hours)


def days_and_hours(hours: int | None) -> str:
    """« 7 j 4 h », « 9 h », « jamais »."""
    if hours is None:
        return "jamais"
    days, rest = divmod(hours, 24)
    parts = [f"{days}{words.FIRM}j"] if days else []
    return " ".join([*parts, *([f"{rest}{words.FIRM}h"] if rest or not days else [])])
