"""The week on a map: one self-contained page that opens without network."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import folium
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from maps import layers
from maps.frames import communes_frame, round_line
from maps.plan_page import page_data
from maps.printable import FONTS
from models.communes import Commune
from models.network.values import Network
from models.plan import Plan
from routing.travel import LegShapes

_HERE = Path(__file__).parent
_WEB, _LEAFLET = _HERE / "web", _HERE / "vendor" / "leaflet"
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "font-src data:; img-src data:{tiles}; base-uri 'none'; form-action 'none'"
)
_URL = re.compile(r"url\((?!data:)[^)]*\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tiles:
    """An online background: « https://…/{z}/{x}/{y}.png » and the credit that it asks for."""

    url: str
    attribution: str


def plan_map(
    plan: Plan,
    network: Network,
    communes: Iterable[Commune],
    shapes: LegShapes,
    *,
    tiles: Tiles | None = None,
) -> str:
    """`carte.html`: rounds on their roads, halts, communes, legend, tables.

    No request ever leaves the page, unless `tiles` asks for a background. The same values give the same
    page, byte for byte.
    """
    drawn = layers.named(_blank(network, tiles), "plan")
    outlines = layers.communes_layer(communes_frame(communes), filled=tiles is None)
    rounds = {
        f"r{k}": layers.round_layer(tour, f"r{k}", round_line(tour, shapes), plan, network)
        for k, tour in enumerate(plan.rounds)
    }
    start = layers.named(layers.Start(drawn, rounds, outlines), "start")
    layers.put(drawn, outlines, *rounds.values(), layers.side_layer(plan, network), start)
    html, script = layers.rendered(drawn)
    return (
        _templates()
        .get_template("plan_map.html.j2")
        .render(
            **page_data(plan, network),
            **_assets(),
            policy=_POLICY.format(tiles=" https:" if tiles else ""),
            map=Markup(html),
            script=Markup(script),
        )
    )


def _blank(network: Network, tiles: Tiles | None) -> folium.Map:
    lats, lons = [s.point.lat for s in network.sites], [s.point.lon for s in network.sites]
    centre = (sum(lats) / len(lats), sum(lons) / len(lons)) if network.sites else (46.6, 2.5)
    blank = layers.PaperMap(
        location=centre, zoom_start=11, tiles=None, zoom_control=False, zoom_snap=0.25, zoom_delta=0.5
    )
    if tiles:
        background = folium.TileLayer(tiles.url, attr=tiles.attribution, control=False)
        layers.put(blank, layers.named(background, "background"))
    return blank


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_WEB), autoescape=True, undefined=StrictUndefined)


@lru_cache(maxsize=1)
def _assets() -> dict[str, Markup]:
    """Everything that a page usually fetches, as text to write into it."""
    return {
        "css": _style(_WEB / "plan_map.css"),
        "leaflet_css": _style(_LEAFLET / "leaflet.css"),
        "fonts": Markup("".join(_font(weight) for weight in (400, 700))),
        "leaflet_js": _script(_LEAFLET / "leaflet.js"),
        "js": _script(_WEB / "plan_map.js"),
    }


def _style(path: Path) -> Markup:
    """A style sheet without the pictures it would fetch; the map shows none of them."""
    return Markup(_URL.sub("none", path.read_text(encoding="utf-8")))


def _script(path: Path) -> Markup:
    text = re.sub(r"//# sourceMappingURL=\S+", "", path.read_text(encoding="utf-8"))
    return Markup(text.replace("</script", "<\\/script"))


def _font(weight: int) -> str:
    data = base64.b64encode((FONTS / f"inter-latin-{weight}-normal.woff2").read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f"@font-face{{font-family:Inter;font-weight:{weight};src:{source}}}"
