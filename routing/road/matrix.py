"""Fastest paths between many places: customizable contraction hierarchies, in whole milliseconds.

The hierarchy is prepared once for a graph; places are not put into it. A place on a chain is known by its
ways out (the chain's head, what is left of the chain to drive) and its ways in (the chain's tail, what
must be driven to reach it); two places on one chain may also drive straight from one to the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from routingkit_cch import CCH, CCHMetric, CCHOneToMany, CCHQuery, compute_order_inertial

from routing.road.chains import Chains, chains_of
from routing.road.roads import RoadGraph
from routing.road.snap import Snap
from routing.road.streets import Ints


class Spot(NamedTuple):
    """A place on one chain: the segment it stands on, and what lies before it on the chain."""

    chain: int
    segment: int
    before_ms: int
    before_dm: int


class Leg(NamedTuple):
    """A fastest path: out along `start`'s chain, over the hierarchy's arcs `via`, in along `end`'s chain.

    `straight` when both stand on one chain and the path never leaves it.
    """

    origin: int
    destination: int
    start: Spot
    via: list[int]
    end: Spot
    straight: bool
    length_dm: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Roads:
    """A road graph ready to be asked. `arcs` are the chains the hierarchy knows: loops lead nowhere new."""

    graph: RoadGraph
    chains: Chains
    arcs: Ints
    metric: CCHMetric


def prepare(graph: RoadGraph) -> Roads:
    """Chains, an elimination ranking by nested dissection, and the hierarchy customized with the times."""
    chains = chains_of(graph)
    arcs = np.flatnonzero(chains.tail != chains.head)
    tail, head = chains.tail[arcs].tolist(), chains.head[arcs].tolist()
    lat, lon = graph.lat[chains.junctions].tolist(), graph.lon[chains.junctions].tolist()
    ranking = compute_order_inertial(len(chains.junctions), tail, head, lat, lon)
    metric = CCHMetric(CCH(ranking, tail, head, False), chains.total_ms[arcs].tolist())
    return Roads(graph=graph, chains=chains, arcs=arcs, metric=metric)


def spots_of(roads: Roads, snap: Snap) -> tuple[Spot, ...]:
    """Where a place stands, one spot per direction of travel."""
    graph, chains = roads.graph, roads.chains
    spots = []
    for segment, share in snap.spots:
        forward = bool(graph.tail[segment] < graph.head[segment])
        spots.append(
            Spot(
                chain=int(chains.chain[segment]),
                segment=segment,
                before_ms=int(chains.before_ms[segment]) + _part(share, int(graph.run_ms[segment]), forward),
                before_dm=int(chains.before_dm[segment])
                + _part(share, int(graph.length_dm[segment]), forward),
            )
        )
    return tuple(spots)


def _part(share: float, whole: int, forward: bool) -> int:
    """A share of a whole, rounded so that the way there and the way back make the whole exactly."""
    return round(share * whole) if forward else whole - round((1.0 - share) * whole)


def travel_ms(roads: Roads, snaps: Sequence[Snap]) -> Ints:
    """Milliseconds of the fastest paths, shape (n, n): row i leaves place i; zero on the diagonal."""
    places = [spots_of(roads, snap) for snap in snaps]
    entries = [way for place in places for way in _ways_in(roads, place)]
    first = np.cumsum([0, *(len(place) for place in places)])[:-1]
    offsets = np.array([ms for _, ms in entries], np.int64)
    query = CCHOneToMany(roads.metric, [junction for junction, _ in entries])
    times = np.zeros((len(places), len(places)), np.int64)
    for i, place in enumerate(places):
        reached = np.array(query.distances_from_multi(_ways_out(roads, place)), np.int64)
        times[i] = np.minimum.reduceat(reached + offsets, first)
        for j, other in enumerate(places):
            if found := _straight(place, other):
                times[i, j] = min(times[i, j], found[1].before_ms - found[0].before_ms)
    np.fill_diagonal(times, 0)
    return times


def legs(roads: Roads, snaps: Sequence[Snap]) -> Iterator[Leg]:
    """The fastest path of each pair of different places, row by row."""
    places = [spots_of(roads, snap) for snap in snaps]
    exits = [_ways_out(roads, place) for place in places]
    entries = [_ways_in(roads, place) for place in places]
    through = _Through(roads)
    for i, place in enumerate(places):
        for j, other in enumerate(places):
            if i == j:
                continue
            around_ms, first, via, last = through.path(exits[i], entries[j])
            found = _straight(place, other)
            if found and found[1].before_ms - found[0].before_ms <= around_ms:
                start, end = found
                yield Leg(i, j, start, [], end, True, end.before_dm - start.before_dm)
                continue
            start, end = place[_cheapest(exits[i], first)], other[_cheapest(entries[j], last)]
            ends_dm = through.total_dm[start.chain] - start.before_dm + end.before_dm
            yield Leg(i, j, start, via, end, False, ends_dm + sum(map(through.arc_dm.__getitem__, via)))


class _Through:
    """Paths from junction to junction, one question after another; plain lists, for speed."""

    def __init__(self, roads: Roads) -> None:
        chains, arcs = roads.chains, roads.arcs
        self.query = CCHQuery(roads.metric)
        self.total_dm: list[int] = chains.total_dm.tolist()
        self.arc_dm: list[int] = chains.total_dm[arcs].tolist()
        self.tail: list[int] = chains.tail[arcs].tolist()
        self.head: list[int] = chains.head[arcs].tolist()

    def path(
        self, exits: list[tuple[int, int]], entries: list[tuple[int, int]]
    ) -> tuple[int, int, list[int], int]:
        """Milliseconds, first junction, arcs and last junction of the fastest path over junctions."""
        # The result must die before the next question: the hierarchy works in one place.
        result = self.query.run_multi(exits, entries)
        if result.distance is None:
            raise ValueError("a place out of reach: the graph is not strongly connected")
        via = result.arc_path
        if via:
            return result.distance, self.tail[via[0]], via, self.head[via[-1]]
        (junction,) = result.node_path
        return result.distance, junction, via, junction


def _cheapest(ways: list[tuple[int, int]], junction: int) -> int:
    """Which of the ways through `junction` is the cheapest; the first of equals."""
    return min((ms, rank) for rank, (through, ms) in enumerate(ways) if through == junction)[1]


def _straight(place: Sequence[Spot], other: Sequence[Spot]) -> tuple[Spot, Spot] | None:
    """The spots of a chain that leads from one place on to the other, the quickest if several do."""
    found = [
        (end.before_ms - start.before_ms, start, end)
        for start in place
        for end in other
        if start.chain == end.chain and (start.before_ms, start.before_dm) <= (end.before_ms, end.before_dm)
    ]
    return min(found)[1:] if found else None


def _ways_out(roads: Roads, spots: Sequence[Spot]) -> list[tuple[int, int]]:
    """(junction ahead, milliseconds to reach it) of each spot."""
    chains = roads.chains
    return [(int(chains.head[s.chain]), int(chains.total_ms[s.chain]) - s.before_ms) for s in spots]


def _ways_in(roads: Roads, spots: Sequence[Spot]) -> list[tuple[int, int]]:
    """(junction behind, milliseconds from it) of each spot."""
    return [(int(roads.chains.tail[s.chain]), s.before_ms) for s in spots]
