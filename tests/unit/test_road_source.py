"""What goes wrong with road files, and the sentence that says so."""

from pathlib import Path

import numpy as np
import pytest
from shapely import box

from models.communes import Commune
from models.errors import RoadDataError
from routing.road.graph import read_streets
from routing.road.roads import check_coverage, road_graph
from routing.road.source import OsmFile, extract
from routing.road.streets import Streets
from tests.road_drawings import EAST, NORTH, Nodes, Ways, at, drawn, osm_text, way

BOX = (2.0, 50.0, 3.0, 51.5)
NODES: Nodes = {1: (0, 0), 2: (400, 0), 3: (1000, 0), 4: (1000, 900)}
WAYS: Ways = [((1, 2, 3), way("tertiary")), ((3, 4), way("residential"))]


def written(folder: Path, text: str | bytes, name: str = "routes.osm") -> OsmFile:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return OsmFile(path=path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("vide.osm", b"", "illisible ou tronqué"),
        ("texte.osm.pbf", b"bonjour", "illisible ou tronqué"),
        ("tableau.csv", b"a,b", "illisible ou tronqué"),
        ("coupe.osm", b"<osm version='0.6'><node id='1' lat='50.7' lon='2.5'/>", "illisible ou tronqué"),
        (
            "sans.osm",
            b"<osm version='0.6'><node id='1' lat='50.7' lon='2.5'/></osm>",
            "aucune route praticable",
        ),
    ],
)
def test_a_useless_file_is_named_with_a_remedy(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    source = written(tmp_path, content, name)
    with pytest.raises(RoadDataError, match=words) as refusal:
        extract(source, BOX, tmp_path / "out.osm")
    assert name in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RoadDataError, match=r"absent\.osm\.pbf » est introuvable"):
        extract(OsmFile(path=tmp_path / "absent.osm.pbf"), BOX, tmp_path / "out.osm")


def test_a_file_of_footpaths_has_no_road(tmp_path: Path) -> None:
    source = written(tmp_path, osm_text(NODES, [((1, 2, 3), way("footway"))]))
    with pytest.raises(RoadDataError, match="aucune route praticable"):
        extract(source, BOX, tmp_path / "out.osm")


def test_roads_elsewhere_do_not_count(tmp_path: Path) -> None:
    source = written(tmp_path, osm_text(NODES, WAYS))
    with pytest.raises(RoadDataError, match="aucune route praticable"):
        extract(source, (5.0, 45.0, 6.0, 46.0), tmp_path / "out.osm")


def test_a_way_cut_by_the_file_keeps_what_is_known(tmp_path: Path) -> None:
    """Point 3 is missing from the file: 1–2 and 4–5 remain, and nothing is invented between 2 and 4."""
    nodes = {1: (0, 0), 2: (400, 0), 4: (1000, 900), 5: (1000, 1200)}
    source = written(tmp_path, osm_text(nodes, [((1, 2, 3, 4, 5), way("tertiary"))]))
    streets, _ = read_streets(source, box(*BOX))
    assert sorted(streets.lengths_dm().tolist()) == pytest.approx([3000, 3000, 4000, 4000], rel=0.003)


def test_a_way_is_cut_where_it_leaves_the_box(tmp_path: Path) -> None:
    source = written(tmp_path, osm_text(NODES, WAYS))
    east = at(700, 0).lon
    streets, _ = read_streets(source, box(2.0, 50.0, east, 51.5))
    assert len(streets.tail) == 2


def test_the_date_comes_from_the_caller_else_from_the_file(tmp_path: Path) -> None:
    text = osm_text(NODES, WAYS)
    assert extract(written(tmp_path, text), BOX, tmp_path / "out.osm") == "date inconnue"
    dated = OsmFile(path=tmp_path / "routes.osm", date="2021-08")
    assert extract(dated, BOX, tmp_path / "out.osm") == "2021-08"
    stamped = text.replace(
        'version="0.6"', 'version="0.6" osmosis_replication_timestamp="2026-01-31T00:00:00Z"'
    )
    assert extract(written(tmp_path, stamped), BOX, tmp_path / "out.osm") in ("2026-01-31", "date inconnue")


def test_ids_and_file_ranking_change_nothing(tmp_path: Path) -> None:
    """The same drawing, its points numbered backwards and its ways turned over."""
    first = drawn(tmp_path, NODES, WAYS)
    again = {10 - ref: place for ref, place in reversed(list(NODES.items()))}
    turned = [(tuple(10 - ref for ref in reversed(refs)), tags) for refs, tags in reversed(WAYS)]
    assert drawn(tmp_path, again, turned).fingerprint == first.fingerprint


def test_a_way_drawn_twice_counts_once(tmp_path: Path) -> None:
    once = drawn(tmp_path, NODES, WAYS)
    twice = drawn(tmp_path, NODES, [*WAYS, ((1, 2, 3), way("service"))])
    assert len(once.tail) == len(twice.tail)


def test_a_commune_without_a_road_is_named(tmp_path: Path) -> None:
    graph = drawn(tmp_path, NODES, WAYS)
    here, there = at(500, 0), at(20_000, 0)
    communes = [
        Commune(
            insee=insee,
            name=name,
            population=1,
            postcodes=(),
            polygon=box(point.lon - 0.02, point.lat - 0.02, point.lon + 0.02, point.lat + 0.02),
        )
        for insee, name, point in (("59001", "Ici", here), ("59002", "Ailleurs", there))
    ]
    check_coverage(graph, communes[:1])
    with pytest.raises(RoadDataError, match=r"Ailleurs \(59002\)") as refusal:
        check_coverage(graph, communes)
    assert "Ici" not in str(refusal.value)


def test_nothing_to_drive_on_is_said() -> None:
    empty = np.zeros(0, np.int64)
    streets = Streets(
        lon=np.zeros(0),
        lat=np.zeros(0),
        signals=np.zeros(0, np.bool_),
        tail=empty,
        head=empty,
        road_class=empty,
        limit_kmh=empty,
        ring=np.zeros(0, np.bool_),
    )
    with pytest.raises(RoadDataError, match="Aucun réseau"):
        road_graph(streets, source="rien", source_date="")


def test_the_corner_of_the_drawings_is_in_flanders() -> None:
    corner = at(0, 0)
    assert (EAST, NORTH) == (667_000.0, 7_069_000.0)
    assert 2.4 < corner.lon < 2.7
    assert 50.6 < corner.lat < 50.9
