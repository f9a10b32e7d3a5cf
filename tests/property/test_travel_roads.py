"""Random small graphs: our times and lengths against networkx's Dijkstra on the same roads, cut by hand."""

from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values import Coordinates
from routing.road.checks import asymmetry, two_way
from routing.road.matrix import legs, prepare, travel_ms
from routing.road.roads import RoadGraph
from routing.road.shapes import leg_points
from routing.road.snap import Snap


@st.composite
def graphs(draw: st.DrawFn) -> RoadGraph:
    """3 to 12 points on a ring (so that all can be reached), with random chords, some ways one-way."""
    n = draw(st.integers(3, 12))
    ends = {(k, (k + 1) % n) for k in range(n)}
    chord = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] != pair[1])
    ends |= set(draw(st.lists(chord, max_size=14)))
    ends |= {(b, a) for a, b in sorted(ends) if draw(st.booleans())}
    tail, head = (np.array(column, np.int64) for column in zip(*sorted(ends), strict=True))
    weights = st.lists(st.integers(1, 60), min_size=len(tail), max_size=len(tail))
    symmetric = {pair: draw(st.integers(1, 60)) for pair in sorted({(min(e), max(e)) for e in ends})}
    run = np.array([symmetric[min(e), max(e)] for e in zip(tail.tolist(), head.tolist(), strict=True)])
    angle = np.arange(n) * 2 * np.pi / n
    return RoadGraph(
        lon=2.5 + np.cos(angle) / 100,
        lat=50.7 + np.sin(angle) / 100,
        tail=tail,
        head=head,
        length_dm=run * 3,
        run_ms=run.astype(np.int64),
        stop_ms=np.array(draw(weights), np.int64) // 10,
        source="hasard",
        source_date="",
    )


@st.composite
def snapped(draw: st.DrawFn) -> tuple[RoadGraph, tuple[Snap, ...]]:
    """A graph and 2 to 6 places on it, at quarters of its segments (never at their ends)."""
    graph = draw(graphs())
    ends = list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
    snaps = []
    for k in range(draw(st.integers(2, 6))):
        segment = draw(st.integers(0, len(ends) - 1))
        share = draw(st.sampled_from([0.25, 0.5, 0.75]))
        a, b = ends[segment]
        spots = [(segment, share)]
        if (b, a) in ends:
            spots.append((ends.index((b, a)), 1.0 - share))
        snaps.append(
            Snap(place=str(k), away_m=0.0, on_road=Coordinates(lon=2.5, lat=50.7), spots=tuple(spots))
        )
    return graph, tuple(snaps)


def reference(graph: RoadGraph, snaps: tuple[Snap, ...]) -> Any:
    """Every segment cut at its places, as a networkx graph whose places are named "p0", "p1", …"""
    cut: dict[int, list[tuple[int, int, str]]] = {}
    for rank, snap in enumerate(snaps):
        for segment, share in snap.spots:
            forward = bool(graph.tail[segment] < graph.head[segment])
            before = [
                round(share * whole) if forward else whole - round((1 - share) * whole)
                for whole in (int(graph.run_ms[segment]), int(graph.length_dm[segment]))
            ]
            cut.setdefault(segment, []).append((before[0], before[1], f"p{rank}"))
    drawn = nx.MultiDiGraph()
    drawn.add_nodes_from(f"p{rank}" for rank in range(len(snaps)))
    for segment, (tail, head) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
        last, at_ms, at_dm = str(tail), 0, 0
        for before_ms, before_dm, place in sorted(cut.get(segment, [])):
            drawn.add_edge(last, place, ms=before_ms - at_ms)
            # Places on one spot are met in any sequence: link them both ways at no cost.
            if (before_ms, before_dm) == (at_ms, at_dm) and last.startswith("p"):
                drawn.add_edge(place, last, ms=0)
            last, at_ms, at_dm = place, before_ms, before_dm
        total = int(graph.run_ms[segment] + graph.stop_ms[segment])
        drawn.add_edge(last, str(head), ms=total - at_ms)
    return drawn


@settings(deadline=None, max_examples=300)
@given(snapped())
def test_times_are_those_of_dijkstra(case: tuple[RoadGraph, tuple[Snap, ...]]) -> None:
    graph, snaps = case
    ours = travel_ms(prepare(graph), snaps)
    drawn = reference(graph, snaps)
    for i in range(len(snaps)):
        theirs = nx.single_source_dijkstra_path_length(drawn, f"p{i}", weight="ms")
        assert ours[i].tolist() == [theirs[f"p{j}"] for j in range(len(snaps))]


@settings(deadline=None, max_examples=300)
@given(snapped())
def test_a_leg_is_a_path_of_the_graph_with_its_own_length(case: tuple[RoadGraph, tuple[Snap, ...]]) -> None:
    """Lengths are thrice the running times here: what a leg does not lose at junctions, its length tells."""
    graph, snaps = case
    roads = prepare(graph)
    times = travel_ms(roads, snaps)
    stops = dict(
        zip(zip(graph.tail.tolist(), graph.head.tolist(), strict=True), graph.stop_ms.tolist(), strict=True)
    )
    for leg in legs(roads, snaps):
        points = leg_points(roads, leg).tolist()
        steps = list(pairwise(points))
        assert all(step in stops for step in steps)
        lost = sum(stops[step] for step in steps)
        if points:
            lost += int(graph.stop_ms[leg.start.segment])
        running = times[leg.origin, leg.destination] - lost
        # Places stand at rounded shares: a millisecond and three half-decimetres at each end.
        assert abs(leg.length_dm - 3 * running) <= 6


@settings(deadline=None, max_examples=200)
@given(snapped())
def test_without_one_ways_and_delays_there_and_back_take_the_same(
    case: tuple[RoadGraph, tuple[Snap, ...]],
) -> None:
    graph, snaps = case
    there = two_way(graph)
    ranks = {pair: k for k, pair in enumerate(zip(there.tail.tolist(), there.head.tolist(), strict=True))}
    moved = []
    for snap in snaps:
        segment, share = snap.spots[0]
        a, b = int(graph.tail[segment]), int(graph.head[segment])
        spots = ((ranks[a, b], share), (ranks[b, a], 1.0 - share))
        moved.append(Snap(place=snap.place, away_m=0.0, on_road=snap.on_road, spots=spots))
    assert asymmetry(travel_ms(prepare(there), moved)) == 0


@settings(deadline=None, max_examples=200)
@given(snapped())
def test_no_detour_is_shorter(case: tuple[RoadGraph, tuple[Snap, ...]]) -> None:
    graph, snaps = case
    times = travel_ms(prepare(graph), snaps)
    for k in range(len(snaps)):
        assert (times <= times[:, [k]] + times[[k], :]).all()
    seconds = -(-times // 1000)
    for k in range(len(snaps)):
        assert (seconds <= seconds[:, [k]] + seconds[[k], :]).all()
