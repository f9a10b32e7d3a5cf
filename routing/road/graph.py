"""OSM → street arrays, through osmnx: this module alone calls it, and speaks to Overpass."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmnx as ox
from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError
from requests.exceptions import RequestException
from shapely import MultiPolygon, Polygon

from models.errors import RoadDataError
from routing.road.classes import BY_TAG, USEFUL_KEYS, overpass_filter
from routing.road.limits import tagged_limit
from routing.road.source import OsmFile, Overpass, Source, extract
from routing.road.streets import Streets, tidy


def read_streets(source: Source, area: Polygon | MultiPolygon) -> tuple[Streets, str]:
    """The streets of `area` (WGS 84 degrees) and the date of the data.

    RoadDataError when the source cannot be read, does not answer, or has no road there.
    """
    with _settings(source):
        graph, date = _from_file(source, area) if isinstance(source, OsmFile) else _ask(source, area)
    return _streets(graph), date


def _from_file(source: OsmFile, area: Polygon | MultiPolygon) -> tuple[nx.MultiDiGraph, str]:
    with tempfile.TemporaryDirectory(prefix="navette-roads-") as folder:
        target = Path(folder) / "roads.osm"
        date = extract(source, area.bounds, target)
        return ox.graph_from_xml(target, simplify=False, retain_all=True), date


def _ask(source: Overpass, area: Polygon | MultiPolygon) -> tuple[nx.MultiDiGraph, str]:
    remedy = "Vérifiez la connexion et l'adresse, ou donnez un fichier .osm.pbf."
    try:
        graph = ox.graph_from_polygon(
            area,
            simplify=False,
            retain_all=True,
            truncate_by_edge=True,
            custom_filter=overpass_filter(),
        )
    except RequestException as error:
        raise RoadDataError(f"Le serveur Overpass « {source.url} » ne répond pas. {remedy}") from error
    except ResponseStatusCodeError as error:
        raise RoadDataError(f"Le serveur Overpass « {source.url} » refuse la demande. {remedy}") from error
    except (InsufficientResponseError, ValueError, KeyError) as error:
        raise RoadDataError(
            f"Le serveur Overpass « {source.url} » n'a donné aucune route autour des communes. {remedy}"
        ) from error
    return graph, source.date or "date inconnue"


@contextmanager
def _settings(source: Source) -> Iterator[None]:
    """osmnx as this loader wants it, and as it was afterwards."""
    wanted: dict[str, Any] = {
        "use_cache": False,
        "useful_tags_way": list(USEFUL_KEYS),
        "useful_tags_node": ["highway"],
        "all_oneway": False,
    }
    if isinstance(source, Overpass):
        wanted |= {
            "overpass_url": source.url,
            "overpass_rate_limit": source.rate_limit,
            "requests_timeout": source.timeout_s,
        }
    before = {name: getattr(ox.settings, name) for name in wanted}
    resolver = socket.getaddrinfo  # osmnx pins the server's address for the whole process
    try:
        for name, value in wanted.items():
            setattr(ox.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(ox.settings, name, value)
        socket.getaddrinfo = resolver


def _streets(graph: nx.MultiDiGraph) -> Streets:
    rank = {node: i for i, node in enumerate(graph.nodes)}
    points = [
        (data["x"], data["y"], data.get("highway") == "traffic_signals") for data in graph.nodes.values()
    ]
    rows = [
        (
            rank[tail],
            rank[head],
            BY_TAG[tags["highway"]],
            tagged_limit(tags),
            tags.get("junction") in ("roundabout", "circular"),
        )
        for tail, head, tags in graph.edges(data=True)
        if tags["highway"] in BY_TAG
    ]
    lon, lat, signals = np.array(points, np.float64).reshape(-1, 3).T
    tail, head, road_class, limit, ring = np.array(rows, np.int64).reshape(-1, 5).T
    return tidy(
        Streets(
            lon=lon,
            lat=lat,
            signals=signals.astype(np.bool_),
            tail=tail,
            head=head,
            road_class=road_class,
            limit_kmh=limit,
            ring=ring.astype(np.bool_),
        )
    )
