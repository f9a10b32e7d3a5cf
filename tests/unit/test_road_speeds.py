from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from routing.road.builtup import built_up
from routing.road.classes import RoadClass
from routing.road.junctions import loss_s, stop_ms
from routing.road.speeds import CRUISE_KMH, cruise_kmh, run_ms
from routing.road.streets import Ints, Streets
from tests.road_drawings import at, drawn, way


def streets_of(
    points: Sequence[tuple[float, float]],
    segments: list[tuple[int, int, RoadClass]],
    *,
    limit: int = 0,
    ring: tuple[int, ...] = (),
    signals: tuple[int, ...] = (),
) -> Streets:
    """Two-way segments between points in metres; those ranked in `ring` are one-way parts of a roundabout."""
    rows = []
    for rank, (a, b, road) in enumerate(segments):
        rows.append((a, b, road, limit, rank in ring))
        if rank not in ring:
            rows.append((b, a, road, limit, False))
    tail, head, road_class, limits, rings = np.array(rows, np.int64).T
    places = [at(*point) for point in points]
    return Streets(
        lon=np.array([place.lon for place in places]),
        lat=np.array([place.lat for place in places]),
        signals=np.isin(np.arange(len(points)), signals),
        tail=tail,
        head=head,
        road_class=road_class,
        limit_kmh=limits,
        ring=rings.astype(np.bool_),
    )


def stops(streets: Streets) -> dict[tuple[int, int], float]:
    """Seconds lost at the head of each segment, by its ends."""
    nowhere = np.zeros(len(streets.tail), np.bool_)
    lost = stop_ms(streets, cruise_kmh(streets, nowhere))
    ends = zip(streets.tail.tolist(), streets.head.tolist(), strict=True)
    return {pair: ms / 1000 for pair, ms in zip(ends, lost.tolist(), strict=True)}


PRIMARY, TERTIARY, LANE = RoadClass.PRIMARY, RoadClass.TERTIARY, RoadClass.UNCLASSIFIED


def test_every_class_has_a_speed_no_higher_than_the_law() -> None:
    assert set(CRUISE_KMH) == set(RoadClass)
    for road, (out, town) in CRUISE_KMH.items():
        assert 5 <= town <= out <= 130
        if road not in (RoadClass.MOTORWAY, RoadClass.TRUNK, RoadClass.MOTORWAY_LINK):
            assert out <= 80
            assert town <= 50


def test_a_kilometre_at_36_kmh_takes_100_seconds() -> None:
    # 10,000 dm · 360 / 36 km/h = 100,000 ms
    assert run_ms(np.array([10_000]), np.array([36])).tolist() == [100_000]
    assert run_ms(np.array([0]), np.array([36])).tolist() == [1]


@pytest.mark.parametrize(
    ("road", "limit", "town", "kmh"),
    [
        (PRIMARY, 0, False, 68),
        (PRIMARY, 0, True, 34),
        (PRIMARY, 90, False, 76),  # 68 · 90/80 = 76.5, under 0.92 · 90 = 82.8; rounded to even
        (PRIMARY, 50, False, 46),  # 0.92 · 50
        (PRIMARY, 30, True, 28),  # 0.92 · 30 = 27.6
        (PRIMARY, 70, True, 64),  # signed 70: no village; 0.92 · 70 = 64.4, under 68
        (LANE, 80, False, 36),  # a limit makes no lane faster
        (RoadClass.MOTORWAY, 130, True, 105),
    ],
)
def test_a_tagged_limit_bends_the_speed(road: RoadClass, limit: int, town: bool, kmh: int) -> None:
    streets = streets_of([(0, 0), (100, 0)], [(0, 1, road)], limit=limit)
    assert cruise_kmh(streets, np.full(2, town)).tolist() == [kmh, kmh]


def test_a_loss_is_what_braking_and_speeding_up_cost() -> None:
    # 36 km/h = 10 m/s to 0: 10² / 20 · (1/1.0 + 1/1.5) = 5 · 1.667 = 8.33 s
    assert loss_s(np.array([36]), 0)[0] == pytest.approx(8.333, abs=0.001)
    assert loss_s(np.array([15]), 20)[0] == 0


def test_the_lesser_road_gives_way_and_the_greater_drives_on() -> None:
    # A lane (1–3) meets a primary road (0–1–2).
    streets = streets_of(
        [(0, 0), (500, 0), (1000, 0), (500, 400)], [(0, 1, PRIMARY), (1, 2, PRIMARY), (1, 3, LANE)]
    )
    lost = stops(streets)
    # 36 km/h down to 8: (10 − 2.222)² / 20 · 1.6667 + 3 = 5.041 + 3
    assert lost[3, 1] == pytest.approx(8.041, abs=0.001)
    assert lost[0, 1] == lost[2, 1] == 0
    assert lost[1, 0] == lost[1, 2] == lost[1, 3] == 0


def test_between_equals_everyone_slows_down() -> None:
    streets = streets_of(
        [(0, 0), (500, 0), (1000, 0), (500, 400)], [(0, 1, LANE), (1, 2, LANE), (1, 3, LANE)]
    )
    # 36 km/h down to 20: (10 − 5.556)² / 20 · 1.6667 + 1 = 1.646 + 1
    assert [stops(streets)[k, 1] for k in (0, 2, 3)] == pytest.approx([2.646] * 3, abs=0.001)


def test_an_island_that_parts_a_road_delays_nobody() -> None:
    # 0–1 two-way, then the two carriageways 1→2 and 3→1.
    points = [(0.0, 0.0), (500.0, 0.0), (600.0, -5.0), (600.0, 5.0)]
    streets = streets_of(points, [(0, 1, PRIMARY), (1, 2, PRIMARY), (3, 1, PRIMARY)])
    one_way = streets.segments(~np.isin(streets.tail * 10 + streets.head, (21, 13)))
    assert set(stops(one_way).values()) == {0.0}


def test_entering_a_roundabout_costs_and_leaving_it_does_not() -> None:
    ring = [(0, 1, TERTIARY), (1, 2, TERTIARY), (2, 3, TERTIARY), (3, 0, TERTIARY)]
    points = [(0, 0), (20, 0), (20, 20), (0, 20), (-300, 0), (320, 20)]
    streets = streets_of(points, [*ring, (4, 0, TERTIARY), (2, 5, TERTIARY)], ring=(0, 1, 2, 3))
    lost = stops(streets)
    # 48 km/h down to 20: (13.333 − 5.556)² / 26.667 · 1.6667 + 2 = 3.781 + 2
    assert lost[4, 0] == lost[5, 2] == pytest.approx(5.781, abs=0.001)
    assert [lost[pair] for pair in ((0, 1), (1, 2), (2, 3), (3, 0), (2, 5), (0, 4))] == [0.0] * 6


def test_lights_cost_half_a_stop_and_the_mean_wait() -> None:
    streets = streets_of([(0, 0), (500, 0), (900, 0)], [(0, 1, LANE), (1, 2, LANE)], signals=(1,))
    # 7.5 + 8.333 / 2
    assert stops(streets)[0, 1] == pytest.approx(11.667, abs=0.001)


def test_merging_from_a_slip_road_is_free_but_its_far_end_is_not() -> None:
    slip = RoadClass.MOTORWAY_LINK
    points = [(0.0, 0.0), (1000.0, 0.0), (2000.0, 0.0), (500.0, -200.0), (0.0, -200.0), (900.0, -200.0)]
    motorway, road = RoadClass.MOTORWAY, RoadClass.SECONDARY
    segments = [(0, 1, motorway), (1, 2, motorway), (3, 1, slip), (4, 3, road), (3, 5, road)]
    lost = stops(streets_of(points, segments))
    assert lost[3, 1] == 0
    assert lost[1, 3] > 3


def test_residential_streets_make_a_village_and_a_farm_lane_does_not() -> None:
    """A grid of streets 300 m wide; 2 km away, a lone residential stub of 60 m; a road passes both."""
    grid = [(x, y) for y in (0.0, 150.0, 300.0) for x in (0.0, 150.0, 300.0)]
    points = [*grid, (0.0, -60.0), (2300.0, -60.0), (2300.0, 0.0)]
    home = RoadClass.RESIDENTIAL
    streets_across = [(k, k + 1, home) for k in (0, 1, 3, 4, 6, 7)] + [(k, k + 3, home) for k in range(6)]
    streets = streets_of(points, [*streets_across, (9, 10, TERTIARY), (10, 11, home), (0, 9, TERTIARY)])
    town = dict(
        zip(zip(streets.tail.tolist(), streets.head.tolist(), strict=True), built_up(streets), strict=True)
    )
    assert town[0, 1]
    assert town[0, 9]
    # The middle of 9–10 lies 850 m from the village, the stub alone covers under 10 ha.
    assert not town[9, 10]
    assert not town[10, 11]


def test_tags_reach_the_times(tmp_path: Path) -> None:
    """A lane of 1 km at 36 km/h takes 100 s, 10 km/h signed: 0.92 · 10 = 9 km/h, 400 s."""
    nodes = {1: (0.0, 0.0), 2: (1000.0, 0.0)}
    free = drawn(tmp_path, nodes, [((1, 2), way("unclassified"))])
    slow = drawn(tmp_path, nodes, [((1, 2), way("unclassified", maxspeed="10"))])
    for graph, seconds in ((free, 100), (slow, 400)):
        assert as_seconds(graph.run_ms) == pytest.approx([seconds, seconds], rel=0.002)
    assert free.fingerprint != slow.fingerprint


def as_seconds(milliseconds: Ints) -> list[float]:
    return [ms / 1000 for ms in milliseconds.tolist()]
