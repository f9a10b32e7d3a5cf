"""The whole recipe: on a drawing, and on the roads of Flandre intérieure where they are at hand."""

import os
from pathlib import Path

import numpy as np
import pytest
from shapely import box

from models.communes import Commune, read_communes
from models.errors import InputError, RoadDataError
from models.network.read import default_folder, read_network
from models.values import Coordinates
from routing.road.build import TravelBuild, area_of, build_travel
from routing.road.checks import asymmetry, check_matrix, triangle_excess_s, two_way
from routing.road.folder import build_folder
from routing.road.graph import read_streets
from routing.road.matrix import prepare, travel_ms
from routing.road.roads import RoadGraph, road_graph
from routing.road.snap import snap
from routing.road.source import OsmFile
from routing.road.streets import to_lambert
from routing.travel_file import read_travel, write_travel
from tests.road_drawings import at, osm_text, way

SHARED = Path(os.environ.get("NAVETTE_SHARED", Path(__file__).parents[3] / "shared"))
ROADS = SHARED / "data" / "roads" / "flandre-interieure-roads.osm.pbf"
real = pytest.mark.skipif(not ROADS.is_file(), reason=f"no shared road data: {ROADS} is absent")


def block(folder: Path) -> OsmFile:
    """A block of 1 km with a one-way side."""
    nodes = {1: (0, 0), 2: (1000, 0), 3: (1000, 1000), 4: (0, 1000)}
    ways = [((1, 2), way("tertiary", oneway="yes")), ((2, 3, 4, 1), way("tertiary"))]
    path = folder / "block.osm"
    path.write_text(osm_text(nodes, ways), encoding="utf-8")
    return OsmFile(path=path, date="2026-01-01")


def commune() -> Commune:
    south_west, north_east = at(-100, -100), at(1100, 1100)
    outline = box(south_west.lon, south_west.lat, north_east.lon, north_east.lat)
    return Commune(insee="59000", name="Dessin", population=1, postcodes=(), polygon=outline)


def test_the_recipe_from_a_file_to_a_matrix(tmp_path: Path) -> None:
    heard: list[float] = []
    places = {"a": at(200, 60), "b": at(800, 0)}
    built = build_travel(places, block(tmp_path), [commune()], progress=lambda _, share: heard.append(share))
    # 600 m straight, 3,400 m around, at 48 km/h = 13.33 m/s: 45 s and 255 s, rounded up.
    assert built.matrix.metres.tolist()[0][1] == pytest.approx(600, rel=0.003)
    assert built.matrix.metres.tolist()[1][0] == pytest.approx(3400, rel=0.003)
    assert built.matrix.seconds.tolist()[0][1] == pytest.approx(45, abs=1)
    assert built.matrix.seconds.tolist()[1][0] == pytest.approx(255, abs=1.5)
    assert built.matrix.stamp.source_date == "2026-01-01"
    assert set(built.shapes.lines) == {("a", "b"), ("b", "a")}
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    told = "\n".join(built.describe())
    assert "« a » est à 60 m de la route" in told
    assert "2 lieux" in told


def test_one_place_alone_has_a_matrix_too(tmp_path: Path) -> None:
    built = build_travel({"a": at(200, 0)}, block(tmp_path), [commune()])
    assert built.matrix.seconds.tolist() == [[0]]
    assert built.describe()


def test_a_folder_is_left_alone_when_its_roads_cannot_be_built(tmp_path: Path) -> None:
    out = tmp_path / "travel.npz"
    with pytest.raises(RoadDataError, match="ne desservent pas"):
        build_folder(default_folder(), block(tmp_path), out=out)
    with pytest.raises(InputError, match="nulle-part"):
        build_folder(default_folder(), block(tmp_path), out=out, accept_far=frozenset({"nulle-part"}))
    assert not list(tmp_path.glob("travel*"))


@pytest.fixture(scope="module")
def graph() -> RoadGraph:
    streets, date = read_streets(OsmFile(path=ROADS, date="2021-08"), area_of(communes()))
    return road_graph(streets, source="shared", source_date=date)


def communes() -> tuple[Commune, ...]:
    return read_communes(default_folder() / "communes.geojson")


def sites() -> dict[str, Coordinates]:
    return {site.id: site.point for site in read_network(default_folder()).sites}


@pytest.fixture(scope="module")
def built() -> TravelBuild:
    return build_travel(sites(), OsmFile(path=ROADS, date="2021-08"), communes())


@real
def test_the_shipped_figures_are_those_of_the_roads(built: TravelBuild, tmp_path: Path) -> None:
    """Built anew in another process: the same figures and shapes, bit for bit."""
    shipped, shapes = read_travel(default_folder() / "travel.npz")
    assert shipped.fingerprint == built.matrix.fingerprint
    assert shipped.stamp == built.matrix.stamp
    assert shapes.lines.keys() == built.shapes.lines.keys()
    assert all(np.array_equal(shapes.lines[pair], line) for pair, line in built.shapes.lines.items())
    write_travel(tmp_path / "one.npz", shipped, shapes)
    write_travel(tmp_path / "two.npz", built.matrix, built.shapes)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


@real
@pytest.mark.parametrize(
    ("origin", "destination", "metres", "tolerance"),
    [
        ("hazebrouck", "bailleul", 15_700, 0.03),
        ("nieppe", "houtkerque", 34_900, 0.03),
        # Two roads compete, 24.9 km by Zuytpeene and 26.6 km by Cassel: see docs/roads.md.
        ("depot", "rubrouck", 25_700, 0.04),
    ],
)
def test_distances_agree_with_an_independent_router(
    built: TravelBuild, origin: str, destination: str, metres: int, tolerance: float
) -> None:
    matrix = built.matrix
    found = int(matrix.metres[matrix.index[origin], matrix.index[destination]])
    assert found == pytest.approx(metres, rel=tolerance)


@real
def test_times_are_those_of_a_van_in_the_country(built: TravelBuild) -> None:
    matrix = built.matrix
    apart = ~np.eye(len(matrix.ids), dtype=bool)
    kmh = matrix.metres[apart] / matrix.seconds[apart] * 3.6
    assert 44 < float(np.median(kmh)) < 52
    assert kmh.max() < 90
    leg = matrix.seconds[matrix.index["hazebrouck"], matrix.index["bailleul"]]
    assert 17 * 60 < leg < 24 * 60


@real
def test_no_detour_beats_a_direct_leg(built: TravelBuild) -> None:
    assert triangle_excess_s(built.matrix) == 0
    assert check_matrix(built.matrix) == ()
    assert built.findings == ()


@real
def test_ways_there_and_back_differ_only_by_one_ways_and_junctions(graph: RoadGraph) -> None:
    places = sites()
    there = two_way(graph)
    assert asymmetry(travel_ms(prepare(there), snap(there, places))) == 0
    assert asymmetry(travel_ms(prepare(graph), snap(graph, places))) > 0


@real
def test_the_committed_file_is_small_and_quick_to_read() -> None:
    assert (default_folder() / "travel.npz").stat().st_size < 1_000_000


def test_every_shipped_leg_is_drawn_as_long_as_it_is_driven() -> None:
    """8 m of thinning and metres against Lambert-93 cost a hundredth at most; a wrong shape would show."""
    matrix, shapes = read_travel(default_folder() / "travel.npz")
    ids = matrix.ids
    assert shapes.lines.keys() == {(a, b) for a in ids for b in ids if a != b}
    for (origin, destination), line in shapes.lines.items():
        x, y = to_lambert(line[:, 0], line[:, 1])
        drawn_m = float(np.hypot(np.diff(x), np.diff(y)).sum())
        driven_m = int(matrix.metres[matrix.index[origin], matrix.index[destination]])
        assert drawn_m == pytest.approx(driven_m, rel=0.015, abs=10)
