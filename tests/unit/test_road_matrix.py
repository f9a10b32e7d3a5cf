"""Hand-drawn roads, hand-computed times. Lanes (unclassified) run at 36 km/h: 10 m/s."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from models.errors import RoadDataError
from models.values import Coordinates
from routing.road.matrix import Leg, legs, prepare, travel_ms
from routing.road.roads import RoadGraph
from routing.road.shapes import leg_lines
from routing.road.snap import snap
from tests.road_drawings import at, drawn, way

LANE = way("unclassified")
ONE_WAY = way("unclassified", oneway="yes")


def ask(graph: RoadGraph, **places: tuple[float, float]) -> dict[tuple[str, str], tuple[float, float]]:
    """(seconds, metres) of each leg between places in metres of the drawing."""
    roads, snaps = prepare(graph), snap(graph, {name: at(*place) for name, place in places.items()})
    times = travel_ms(roads, snaps)
    names = list(places)
    return {
        (names[leg.origin], names[leg.destination]): (
            int(times[leg.origin, leg.destination]) / 1000,
            leg.length_dm / 10,
        )
        for leg in legs(roads, snaps)
    }


def close(seconds: float, metres: float) -> object:
    """Lambert-93 stretches lengths by two thousandths here: allow three."""
    return pytest.approx((seconds, metres), rel=0.003, abs=0.2)


def test_two_places_on_one_street_go_straight_both_ways(tmp_path: Path) -> None:
    graph = drawn(tmp_path, {1: (0, 0), 2: (400, 0), 3: (1000, 0)}, [((1, 2, 3), LANE)])
    found = ask(graph, a=(250, 8), b=(750, -8))
    assert found["a", "b"] == close(50, 500)
    assert found["b", "a"] == close(50, 500)


def test_places_on_one_spot_and_on_a_dead_end(tmp_path: Path) -> None:
    graph = drawn(
        tmp_path,
        {1: (0, 0), 2: (500, 0), 3: (1000, 0), 4: (500, 300)},
        [((1, 2, 3), LANE), ((2, 4), LANE)],
    )
    found = ask(graph, a=(500, 200), same=(500, 200), b=(100, 0))
    assert [found["a", "same"], found["same", "a"]] == [(0, 0), (0, 0)]
    # Down 200 m, along 400 m, and the crossing of three equal lanes: 2.646 s.
    assert found["a", "b"] == found["same", "b"] == close(60 + 2.646, 600)


def test_one_way_goes_around(tmp_path: Path) -> None:
    """A square block of 300 m: the south side is one-way eastwards, the rest two-way."""
    graph = drawn(
        tmp_path,
        {1: (0, 0), 2: (300, 0), 3: (300, 300), 4: (0, 300)},
        [((1, 2), ONE_WAY), ((2, 3, 4, 1), LANE)],
    )
    found = ask(graph, a=(100, 0), b=(200, 0))
    assert found["a", "b"] == close(10, 100)
    # From 200 east to the corner (100), three sides (900), then 100 along: 1,100 m; no junction has 3 arms.
    assert found["b", "a"] == close(110, 1100)


def test_reversed_one_way_is_understood(tmp_path: Path) -> None:
    graph = drawn(
        tmp_path,
        {1: (0, 0), 2: (300, 0), 3: (300, 300), 4: (0, 300)},
        [((1, 2), way("unclassified", oneway="-1")), ((2, 3, 4, 1), LANE)],
    )
    found = ask(graph, a=(100, 0), b=(200, 0))
    assert found["b", "a"] == close(10, 100)
    assert found["a", "b"] == close(110, 1100)


def test_a_roundabout_turns_anticlockwise_without_any_oneway_tag(tmp_path: Path) -> None:
    """A square ring of 40 m sides drawn anticlockwise, with an arm at each corner."""
    nodes = {
        1: (0, 0), 2: (40, 0), 3: (40, 40), 4: (0, 40),
        5: (-200, 0), 6: (40, -200), 7: (240, 40), 8: (0, 240),
    }  # fmt: skip
    ring = way("unclassified", junction="roundabout")
    arms = [((5, 1), LANE), ((6, 2), LANE), ((7, 3), LANE), ((8, 4), LANE)]
    graph = drawn(tmp_path, nodes, [((1, 2, 3, 4, 1), ring), *arms])
    found = ask(graph, west=(-200, 0), south=(40, -200), north=(0, 240))
    # The ring at 22 km/h takes 40 / 6.111 = 6.545 s a side; entering costs 1.646 + 2 s.
    assert found["west", "south"] == close(40 + 3.646 + 6.545, 440)
    assert found["west", "north"] == close(40 + 3.646 + 3 * 6.545, 520)
    assert found["south", "west"] == close(40 + 3.646 + 3 * 6.545, 520)


def test_a_loop_street_holds_places_too(tmp_path: Path) -> None:
    """A one-way loop of 800 m that begins and ends at one crossing (0, 0), reached from (−500, 0)."""
    graph = drawn(
        tmp_path,
        {1: (-500, 0), 2: (0, 0), 3: (200, 0), 4: (200, 200), 5: (0, 200)},
        [((1, 2), LANE), ((2, 3, 4, 5, 2), ONE_WAY)],
    )
    found = ask(graph, start=(-500, 0), early=(200, 50), late=(50, 200))
    # early stands 250 m into the loop, late 550 m. Arrivals at the crossing: two only, nobody yields.
    assert found["start", "early"] == close(75, 750)
    assert found["early", "late"] == close(30, 300)
    assert found["late", "early"] == close(25 + 25, 250 + 250)
    assert found["late", "start"] == close(75, 750)


def test_a_lone_ring_has_no_junction_and_still_answers(tmp_path: Path) -> None:
    graph = drawn(
        tmp_path,
        {1: (0, 0), 2: (300, 0), 3: (300, 300), 4: (0, 300)},
        [((1, 2, 3, 4, 1), ONE_WAY)],
    )
    found = ask(graph, a=(100, 0), b=(200, 0), c=(300, 100))
    assert found["a", "b"] == close(10, 100)
    assert found["b", "a"] == close(110, 1100)
    assert found["c", "a"] == close(90, 900)


def test_parallel_streets_take_the_fastest(tmp_path: Path) -> None:
    """Two ways between the same crossings: 500 m of primary road, or 400 m of living street."""
    nodes = {1: (0, 0), 2: (-200, 0), 3: (400, 0), 4: (600, 0), 5: (200, 150)}
    ways = [
        ((2, 1), LANE),
        ((1, 3), way("living_street")),
        ((1, 5, 3), way("primary")),
        ((3, 4), LANE),
    ]
    found = ask(drawn(tmp_path, nodes, ways), a=(-200, 0), b=(600, 0))
    assert found["a", "b"][1] == pytest.approx(900, rel=0.002)


def test_the_largest_part_remains_and_islands_are_left(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (500, 0), 3: (1000, 0), 11: (0, 5000), 12: (500, 5000)}
    graph = drawn(tmp_path, nodes, [((1, 2, 3), LANE), ((11, 12), LANE)])
    assert len(graph.lon) == 3
    with pytest.raises(RoadDataError, match="1 lieu") as refusal:
        snap(graph, {"main": at(10, 0), "island": at(250, 5010)})
    # From (250, 5010) straight down to the main street.
    assert "5010 m" in str(refusal.value).replace(" ", " ")
    assert "island" in str(refusal.value)


def test_a_way_out_that_nobody_can_take_back_is_left(tmp_path: Path) -> None:
    graph = drawn(tmp_path, {1: (0, 0), 2: (500, 0), 3: (900, 0)}, [((1, 2), LANE), ((2, 3), ONE_WAY)])
    assert len(graph.lon) == 2


def test_far_places_are_refused_all_at_once_unless_confirmed(tmp_path: Path) -> None:
    graph = drawn(tmp_path, {1: (0, 0), 2: (1000, 0)}, [((1, 2), LANE)])
    places = {"near": at(100, 299), "far": at(100, 400), "farther": at(500, -2000)}
    with pytest.raises(RoadDataError) as refusal:
        snap(graph, places)
    assert [finding.where for finding in refusal.value.findings] == ["far", "farther"]
    assert "2000 m" in str(refusal.value)
    assert "--accept-far farther" in str(refusal.value)
    snaps = snap(graph, places, accept_far={"far", "farther"})
    assert [round(s.away_m) for s in snaps] == [299, 400, 2000]


def test_a_place_meets_its_street_at_its_foot(tmp_path: Path) -> None:
    graph = drawn(tmp_path, {1: (0, 0), 2: (1000, 0)}, [((1, 2), LANE)])
    (found,) = snap(graph, {"a": at(250, 40)})
    foot = at(250, 0)
    assert found.away_m == pytest.approx(40, abs=0.02)
    assert (found.on_road.lon, found.on_road.lat) == pytest.approx((foot.lon, foot.lat), abs=1e-6)
    # One spot per direction, and the shares before make the whole street.
    assert len(found.spots) == 2
    assert sorted(share for _, share in found.spots) == pytest.approx([0.25, 0.75], abs=1e-4)


def test_a_one_way_street_has_one_spot(tmp_path: Path) -> None:
    graph = drawn(
        tmp_path,
        {1: (0, 0), 2: (1000, 0), 3: (500, 800)},
        [((1, 2), ONE_WAY), ((2, 3, 1), ONE_WAY)],
    )
    (found,) = snap(graph, {"a": at(250, 5)})
    assert len(found.spots) == 1


def test_shapes_follow_the_road(tmp_path: Path) -> None:
    """An L of two streets: the corner is on the line, a wiggle of 3 m is not."""
    graph = drawn(
        tmp_path,
        {1: (0, 0), 2: (250, 3), 3: (500, 0), 4: (500, 500)},
        [((1, 2, 3, 4), LANE)],
    )
    roads = prepare(graph)
    places: Mapping[str, Coordinates] = {"a": at(100, 0), "b": at(500, 400), "c": at(500, 450)}
    snaps = snap(graph, places)
    found: list[Leg] = list(legs(roads, snaps))
    lines = {
        (leg.origin, leg.destination): line
        for leg, line in zip(found, leg_lines(roads, found, snaps), strict=True)
    }
    corner = at(500, 0)
    assert lines[0, 1].shape == (3, 2)
    assert lines[0, 1][1] == pytest.approx((corner.lon, corner.lat), abs=1e-5)
    assert (lines[0, 1] == lines[1, 0][::-1]).all()
    assert lines[1, 2].shape == (2, 2)
