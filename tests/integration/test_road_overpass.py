"""osmnx's real client against a stand-in server: the same drawing must give the same graph as its file."""

import socket
from pathlib import Path

import osmnx as ox
import pytest
from shapely import box

from models.errors import RoadDataError
from routing.road.graph import read_streets
from routing.road.roads import road_graph
from routing.road.source import OsmFile, Overpass
from tests.integration.overpass_stand_in import overpass, overpass_json
from tests.road_drawings import osm_text, way

AREA = box(2.4, 50.6, 2.7, 50.9)


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A one-way block, a roundabout, a lane with a limit, traffic lights."""
    nodes = {
        1: (0, 0), 2: (300, 0), 3: (300, 300), 4: (0, 300),
        5: (700, 0), 6: (720, 0), 7: (720, 20), 8: (700, 20), 9: (1200, 20),
    }  # fmt: skip
    ways = [
        ((1, 2), way("unclassified", oneway="yes")),
        ((2, 3, 4, 1), way("residential")),
        ((2, 5), way("tertiary", maxspeed="FR:urban")),
        ((5, 6, 7, 8, 5), way("tertiary", junction="roundabout")),
        ((7, 9), way("primary", maxspeed__type="FR:rural")),
    ]
    path = tmp_path / "drawing.osm"
    path.write_text(osm_text(nodes, ways, signals=(2,)), encoding="utf-8")
    return path


def test_a_server_and_a_file_give_the_same_graph(drawing: Path) -> None:
    with overpass(overpass_json(drawing)) as server:
        online, date = read_streets(Overpass(url=server.url, date="2026-01-01"), AREA)
    offline, _ = read_streets(OsmFile(path=drawing), AREA)
    graphs = [road_graph(streets, source="s", source_date="d") for streets in (online, offline)]
    assert graphs[0].fingerprint == graphs[1].fingerprint
    assert len(graphs[0].tail) > 0
    assert date == "2026-01-01"


def test_the_query_names_the_ways_and_the_place_and_minds_the_rate_limit(drawing: Path) -> None:
    with overpass(overpass_json(drawing)) as server:
        read_streets(Overpass(url=server.url), AREA)
    assert server.paths == ["/api/status", "/api/interpreter"]
    (query,) = server.asked
    assert '["highway"~"^(motorway|' in query
    assert "parking_aisle" in query
    assert "poly:" in query


def test_osmnx_is_left_as_it_was_found(drawing: Path) -> None:
    before = (ox.settings.overpass_url, ox.settings.use_cache, list(ox.settings.useful_tags_way))
    resolver = socket.getaddrinfo
    with overpass(overpass_json(drawing)) as server:
        read_streets(Overpass(url=server.url), AREA)
    assert (ox.settings.overpass_url, ox.settings.use_cache, list(ox.settings.useful_tags_way)) == before
    assert socket.getaddrinfo is resolver
    assert not Path("cache").exists()


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ({"elements": []}, 200, "aucune route"),
        (b"<html>busy</html>", 200, "aucune route"),
        (b"<html>no</html>", 400, "refuse la demande"),
        ({"remark": "runtime error: out of memory"}, 200, "aucune route"),
    ],
)
def test_a_server_without_an_answer_is_named(
    answer: dict[str, object] | bytes, code: int, words: str
) -> None:
    with overpass(answer, code=code) as server, pytest.raises(RoadDataError, match=words) as refusal:
        read_streets(Overpass(url=server.url), AREA)
    assert server.url in str(refusal.value)


def test_nobody_there_is_said() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(RoadDataError, match="ne répond pas"):
        read_streets(Overpass(url=f"http://127.0.0.1:{port}/api", rate_limit=False), AREA)
