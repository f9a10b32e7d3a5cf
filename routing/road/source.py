"""Where roads come from, and how an OSM file becomes the small one that osmnx reads.

A file may be far larger than the network (a whole region as Geofabrik publishes it): only the drivable
ways inside the wanted box are kept, cut where they leave it or where the file itself was cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import osmium
from osmium.osm import mutable

from models.errors import RoadDataError
from routing.road.classes import USEFUL_KEYS, drivable

PUBLIC_OVERPASS = "https://overpass-api.de/api"
Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class OsmFile:
    """A `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2` file. `date` is the day of the data."""

    path: Path
    date: str = ""

    @property
    def name(self) -> str:
        return f"OpenStreetMap, fichier {self.path.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Overpass:
    """An Overpass server, for those who have the internet. `date` is the day of the download."""

    url: str = PUBLIC_OVERPASS
    date: str = ""
    timeout_s: int = 180
    rate_limit: bool = True

    @property
    def name(self) -> str:
        return f"OpenStreetMap, serveur Overpass {self.url}"


Source = OsmFile | Overpass


@dataclass(slots=True)
class _Kept:
    """What a file gives: coordinates and signals by OSM id, and runs of ids with their way's tags."""

    places: dict[int, tuple[float, float]] = field(default_factory=dict)
    signals: set[int] = field(default_factory=set)
    runs: list[tuple[dict[str, str], list[int]]] = field(default_factory=list)


def extract(source: OsmFile, box: Box, target: Path) -> str:
    """Write the drivable roads of `source` inside `box` (west, south, east, north, degrees) to `target`, XML.

    Returns the date of the data: the one given, else the file's own, else « date inconnue ».
    RoadDataError when the file is missing, unreadable, cut short, or has no drivable road there.
    """
    if not source.path.is_file():
        raise RoadDataError(
            f"Le fichier de routes « {source.path} » est introuvable. "
            "Vérifiez son nom, ou téléchargez un extrait d'OpenStreetMap au format .osm.pbf."
        )
    try:
        kept, stamp = _read(source.path, box)
    except (RuntimeError, ValueError) as error:
        raise RoadDataError(
            f"Le fichier de routes « {source.path} » est illisible ou tronqué ({error}). "
            "Téléchargez-le de nouveau ; les formats lus sont .osm.pbf, .osm, .osm.gz et .osm.bz2."
        ) from error
    if not kept.runs:
        raise RoadDataError(
            f"Le fichier de routes « {source.path} » n'a aucune route praticable autour des communes. "
            "Choisissez un extrait d'OpenStreetMap qui couvre le réseau."
        )
    _write(kept, target)
    return source.date or stamp or "date inconnue"


def _read(path: Path, box: Box) -> tuple[_Kept, str]:
    kept = _Kept()
    ways = osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
    for entity in ways:
        if isinstance(entity, osmium.osm.Node) and entity.tags.get("highway") == "traffic_signals":
            kept.signals.add(entity.id)
        elif isinstance(entity, osmium.osm.Way):
            tags = dict(entity.tags)
            if drivable(tags):
                useful = {key: tags[key] for key in USEFUL_KEYS if key in tags}
                kept.runs.extend((useful, run) for run in _runs(entity, box, kept))
    return kept, _header_date(ways.header)


def _runs(way: osmium.osm.Way, box: Box, kept: _Kept) -> Iterator[list[int]]:
    """The stretches of a way whose points are known and inside the box, two points at least."""
    west, south, east, north = box

    def inside(point: osmium.osm.NodeRef) -> bool:
        return bool(point.location.valid() and west <= point.lon <= east and south <= point.lat <= north)

    for is_inside, points in groupby(way.nodes, key=inside):
        if is_inside:
            stretch = [(point.ref, (point.lon, point.lat)) for point in points]
            if len(stretch) > 1:
                kept.places.update(stretch)
                yield [ref for ref, _ in stretch]


def _header_date(header: osmium.io.Header) -> str:
    """« 2021-08-03 » from the header of a file that carries its own date, else an empty text."""
    found = re.match(r"\d{4}-\d{2}-\d{2}", header.get("osmosis_replication_timestamp"))
    return found[0] if found else ""


def _write(kept: _Kept, target: Path) -> None:
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for ref, place in sorted(kept.places.items()):
            tags = {"highway": "traffic_signals"} if ref in kept.signals else {}
            writer.add_node(mutable.Node(id=ref, location=place, tags=tags))
        # Numbered anew: osmnx knows ways by their id, and one cut way makes several.
        for number, (tags, run) in enumerate(kept.runs, start=1):
            writer.add_way(mutable.Way(id=number, nodes=run, tags=tags))
