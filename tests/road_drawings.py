"""Small road networks drawn by hand, in metres, for the tests of roads."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from shapely import box

from models.values import Coordinates
from routing.road.graph import read_streets
from routing.road.roads import RoadGraph, road_graph
from routing.road.source import OsmFile
from routing.road.streets import to_degrees

# Hazebrouck, in Lambert-93: far from any edge of the projection's zone.
EAST, NORTH = 667_000.0, 7_069_000.0
Nodes = Mapping[int, tuple[float, float]]
Ways = Sequence[tuple[Sequence[int], Mapping[str, str]]]


def at(east_m: float, north_m: float) -> Coordinates:
    """Metres east and north of the drawing's corner → degrees."""
    lon, lat = to_degrees(EAST + east_m, NORTH + north_m)
    return Coordinates(lon=float(lon), lat=float(lat))


def osm_text(nodes: Nodes, ways: Ways, signals: Sequence[int] = ()) -> str:
    """The drawing as an OSM XML file."""
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6" generator="a test">']
    for ref, place in nodes.items():
        point = at(*place)
        tag = '<tag k="highway" v="traffic_signals"/>' if ref in signals else ""
        lines.append(f'<node id="{ref}" version="1" lat="{point.lat:.7f}" lon="{point.lon:.7f}">{tag}</node>')
    for number, (refs, tags) in enumerate(ways, start=1):
        points = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        words = "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
        lines.append(f'<way id="{number}" version="1">{points}{words}</way>')
    return "\n".join([*lines, "</osm>"])


def drawn(folder: Path, nodes: Nodes, ways: Ways, signals: Sequence[int] = ()) -> RoadGraph:
    """The road graph of a drawing, read back from the file that it makes."""
    path = folder / "drawing.osm"
    path.write_text(osm_text(nodes, ways, signals), encoding="utf-8")
    streets, date = read_streets(OsmFile(path=path, date="2026-01-01"), box(2.0, 50.0, 3.0, 51.5))
    return road_graph(streets, source="dessin", source_date=date)


def way(highway: str, **tags: str) -> dict[str, str]:
    """The tags of a way; a colon in a key is written as two underscores."""
    return {"highway": highway} | {key.replace("__", ":"): value for key, value in tags.items()}
