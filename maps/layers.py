"""The pieces of the plan's map, as folium elements that fetch nothing and are named the same every time."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any, TypeVar

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from folium.utilities import JsCode
from geopandas import GeoDataFrame

from maps import marks, words
from maps.frames import Lines
from maps.palette import Stroke, stroke
from models.network.values import Network, Site, SiteKind
from models.plan import Plan, Round, Visit

E = TypeVar("E", bound=Element)
_OPENING, _CLOSING = "\ue000", "\ue001"
Location = tuple[float, float]  # latitude, longitude: Leaflet's way


def named(element: E, name: str) -> E:
    """The element under a fixed name, where folium draws one by lot."""
    element._id = name
    return element


def put(parent: Element, *children: Element) -> None:
    """Hang children under a parent, in that order."""
    for child in children:
        parent.add_child(child)


def inert(text: str) -> str:
    """A text whose braces folium will not take for its own: it reads what it has written once more.

    They travel as private letters, which `rendered` turns into JavaScript's escapes of the braces.
    """
    return text.replace("{", _OPENING).replace("}", _CLOSING)


def rendered(drawn: folium.Map) -> tuple[str, str]:
    """The map's HTML and its script, apart from the page that folium would write around them."""
    figure = drawn.get_root()
    assert isinstance(figure, Figure)
    drawn.render()  # type: ignore[no-untyped-call]
    script = str(figure.script.render())
    for letter, brace in ((_OPENING, "\\u007b"), (_CLOSING, "\\u007d")):
        script = script.replace(f"\\u{ord(letter):04x}", brace)
    return str(figure.html.render()), script


def at(site: Site) -> Location:
    return site.point.lat, site.point.lon


class PaperMap(folium.Map):
    """A Leaflet map without tiles, whose page brings its own scripts and styles."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # folium's own names and types
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }} });
            {{ this.get_name() }}.attributionControl.setPrefix(false);
            L.control.zoom({ position: "bottomright", zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" })
                .addTo({{ this.get_name() }});
            L.control.scale({ imperial: false }).addTo({{ this.get_name() }});
        {% endmacro %}
        """
    )


class Piece(MacroElement):
    """A piece of script of our own; its name in the page is `_name` and the name given to `named`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = type(self).__name__


class Band(Piece):
    """A round's line, drawn by `navette.band` (plan_map.js)."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            const {{ this.get_name() }} = navette.band({{ this.locations|tojson }}, {{ this.stroke|tojson }})
                .addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, locations: list[Location], stroke: Stroke) -> None:
        super().__init__()
        self.locations = [[round(lat, 5), round(lon, 5)] for lat, lon in locations]
        self.stroke = {
            "hue": stroke.hue,
            "deep": stroke.deep,
            "on_hue": stroke.on_hue,
            "dash": stroke.dash,
        }


class Bubble(Piece):
    """What a layer says when it is touched: HTML, already escaped. folium's own wants jQuery."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            {{ this._parent.get_name() }}.bindPopup({{ this.html|tojson }}, { maxWidth: 280, minWidth: 200 });
        {% endmacro %}
        """
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = inert(html)


class Start(Piece):
    """Hands the layers over to `navette.start` (plan_map.js) when all are made."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            navette.start({{ this.plan_map.get_name() }}, { {% for id, group in this.rounds.items() %}
                {{ id|tojson }}: {{ group.get_name() }},{% endfor %} }, {{ this.communes.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self, plan_map: folium.Map, rounds: dict[str, folium.FeatureGroup], communes: folium.GeoJson
    ) -> None:
        super().__init__()
        self.plan_map, self.rounds, self.communes = plan_map, rounds, communes


def communes_layer(frame: GeoDataFrame, *, filled: bool) -> folium.GeoJson:
    """Outlines of the communes; their names are placed by the page, where there is room."""
    style = {
        "color": "#D8D3C6",
        "weight": 1,
        "fill": filled,
        "fillColor": "#FBFAF7",
        "fillOpacity": 1,
        "interactive": False,
    }
    layer = folium.GeoJson(
        json.loads(frame.assign(name=frame["name"].map(inert)).to_json(drop_id=True)),
        style_function=lambda _: style,
        on_each_feature=JsCode("navette.commune"),
        control=False,
    )
    return named(layer, "communes")


def round_layer(tour: Round, key: str, line: Lines, plan: Plan, network: Network) -> folium.FeatureGroup:
    """One round: its line, then its pins; `key` (« r3 ») gives its rank in the plan."""
    drawn = stroke(int(key[1:]))
    group = named(folium.FeatureGroup(name=words.typeset(tour.label), control=False), key)
    band = named(Band([(lat, lon) for lon, lat in line], drawn), key)
    put(band, named(Bubble(round_bubble(tour, network)), f"band_{key}"))
    put(group, band)
    for visit in tour.visits:
        site = network.site(visit.site)
        marker = pin(tour, visit, site, drawn, key)
        bubble = Bubble(visit_bubble(tour, visit, site, plan))
        put(marker, named(bubble, f"pin_{key}_{visit.number}_bubble"))
        put(group, marker)
    return group


def side_layer(plan: Plan, network: Network) -> folium.FeatureGroup:
    """The depots, then the places without a visit: those owed one, and the others."""
    group = named(folium.FeatureGroup(name="Autres lieux", control=False), "sides")
    put(group, *_side_marks(plan, network))
    return group


def _side_marks(plan: Plan, network: Network) -> Iterator[folium.Marker]:
    for k, site in enumerate(network.depots):
        yield mark(site, "depot", site_bubble(site, "Dépôt"), f"depot_{k}")
    for k, site in enumerate(left_out(plan, network)):
        owed = [left.reason for left in plan.unplanned if left.site == site.id]
        if owed:
            yield mark(site, "sans manque", site_bubble(site, "Non planifié", *owed), f"left_{k}", "!")
        else:
            yield mark(site, "sans", site_bubble(site, "Pas de passage cette semaine"), f"left_{k}")


def left_out(plan: Plan, network: Network) -> tuple[Site, ...]:
    """The places, depots apart, where no round calls this week, in the network's order."""
    served = {visit.site for tour in plan.rounds for visit in tour.visits}
    return tuple(s for s in network.sites if s.kind is not SiteKind.DEPOT and s.id not in served)


def mark(site: Site, kind: str, bubble: str, name: str, sign: str = "") -> folium.Marker:
    """A place that is not a halt: the depot, a partner, a library left out."""
    icon = folium.DivIcon(
        html=f'<span class="{kind}">{escape(sign)}</span>', icon_size=(0, 0), class_name="pose"
    )
    marker = folium.Marker(at(site), icon=named(icon, f"{name}_icon"), title=inert(words.typeset(site.name)))
    put(marker, named(Bubble(bubble), f"{name}_bubble"))
    return named(marker, name)


def pin(tour: Round, visit: Visit, site: Site, stroke: Stroke, key: str) -> folium.Marker:
    """A numbered halt: letter of the day and number, the round's colour; dashed where the site is assumed."""
    text = marks.pin(tour, visit)
    shown = "pin suppose" if site.stand_in else "pin"
    html = f'<span class="{shown}" style="{style_of(stroke)}">{text}</span>'
    icon = folium.DivIcon(html=html, icon_size=(0, 0), class_name="pose")
    title = f"{text}, {words.typeset(site.name)}, {words.clock(visit.begin_s)}"
    more: dict[str, Any] = {
        "pin": f"{key}-{visit.number}",
        "round": key,
        "site": site.id,
        "insee": site.insee,
    }
    marker = folium.Marker(
        at(site), icon=named(icon, f"pin_{key}_{visit.number}_icon"), title=inert(title), **more
    )
    return named(marker, f"pin_{key}_{visit.number}")


def style_of(stroke: Stroke) -> str:
    """The CSS variables of a round."""
    return f"--hue:{stroke.hue};--deep:{stroke.deep};--on:{stroke.on_hue}"


def visit_bubble(tour: Round, visit: Visit, site: Site, plan: Plan) -> str:
    """What a pin says: who, when, how many crates, what to know of it."""
    lines = [
        f"{words.capital(words.day(tour.date))}, prévu <strong>{words.clock(visit.begin_s)}</strong><br>"
        f"annoncé {words.between(visit.announced)}",
        f"À déposer : <strong>{words.crates(visit.deliver)}</strong><br>"
        f"À prendre : <strong>{words.crates(visit.collect)}</strong>",
        *(f'<span class="marque">{escape(said)}</span>' for said in marks.remarks(plan, site, visit)),
    ]
    head = f"<h3>{escape(words.typeset(site.name))}</h3><p>{escape(words.typeset(_place(site)))}</p>"
    return head + "".join(f"<p>{line}</p>" for line in lines)


def round_bubble(tour: Round, network: Network) -> str:
    """What a line says: which round, with what, how long."""
    vehicle, driver = network.vehicle(tour.vehicle), network.driver(tour.driver)
    return (
        f"<h3>{words.capital(words.day(tour.date))}</h3><p>{escape(words.typeset(tour.label))}<br>"
        f"{escape(words.typeset(vehicle.name))}, {escape(words.typeset(driver.name))}</p>"
        f"<p>{words.count(len(tour.visits), 'passage')}, {words.distance(tour.distance_m)}, "
        f"{words.duration(tour.duration_s)}<br>"
        f"de {words.clock(tour.start_s)} à {words.clock(tour.end_s)}</p>"
    )


def site_bubble(site: Site, *said: str) -> str:
    """What a mark says: the place, then plain sentences."""
    lines = "".join(f"<p>{escape(words.typeset(line))}</p>" for line in said)
    return f"<h3>{escape(words.typeset(site.name))}</h3><p>{escape(words.typeset(_place(site)))}</p>{lines}"


def _place(site: Site) -> str:
    return ", ".join(part for part in (words.capital(site.address), site.commune) if part)
