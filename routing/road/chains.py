"""Chains: the segments that run on from junction to junction, joined into one arc each.

Only the junctions matter to a shortest path; everything between two of them is one arc with the sum of
its lengths and times. Every segment knows its chain and what lies before it there, so that a place may
stand anywhere along.
"""

from dataclasses import dataclass

import numpy as np

from routing.road.roads import RoadGraph
from routing.road.streets import Bools, Ints


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Chains:
    """C directed chains between J junctions; `junctions` gives each one's point of the graph.

    Per chain: `tail` and `head` (junctions), sums `total_ms`, `total_dm` (the head's delay included).

    Chain c holds the segments `members[start[c] : start[c + 1]]`, in the direction of travel. Per segment:
    `chain`, and `before_ms`, `before_dm` from the chain's tail to the segment's tail.
    """

    junctions: Ints
    tail: Ints
    head: Ints
    total_ms: Ints
    total_dm: Ints
    start: Ints
    members: Ints
    chain: Ints
    before_ms: Ints
    before_dm: Ints

    def segments(self, chain: int) -> Ints:
        return self.members[self.start[chain] : self.start[chain + 1]]


def chains_of(graph: RoadGraph) -> Chains:
    """The chains of a graph, in order of their first segment."""
    inner = _inner_points(graph)
    onward = _onward(graph, inner)
    members: list[int] = []
    start = [0]
    for first in np.flatnonzero(~inner[graph.tail]).tolist():
        segment = first
        while segment >= 0:
            members.append(segment)
            segment = onward[segment]
        start.append(len(members))
    return _sums(graph, np.array(members, np.int64), np.array(start, np.int64))


def _inner_points(graph: RoadGraph) -> Bools:
    """Points where a street simply goes on: two neighbours, and the same ways in as out."""
    n = len(graph.lon)
    pairs = np.unique(np.minimum(graph.tail, graph.head) * n + np.maximum(graph.tail, graph.head))
    neighbours = np.bincount(np.concatenate([pairs // n, pairs % n]), minlength=n)
    leave, arrive = np.bincount(graph.tail, minlength=n), np.bincount(graph.head, minlength=n)
    inner = np.asarray((neighbours == 2) & (leave == arrive), np.bool_)
    if inner.all():  # a lone ring has no junction: its first point serves as one
        inner[0] = False
    return inner


def _onward(graph: RoadGraph, inner: Bools) -> list[int]:
    """Per segment, the one that goes on through an inner point without turning back, else -1."""
    leaving = np.argsort(graph.tail, kind="stable")
    start = np.searchsorted(graph.tail[leaving], np.arange(len(graph.lon)))
    first = leaving[start[graph.head]]
    second = leaving[np.minimum(start[graph.head] + 1, len(leaving) - 1)]
    onward = np.where(graph.head[first] != graph.tail, first, second)
    ahead: list[int] = np.where(inner[graph.head], onward, -1).tolist()
    return ahead


def _sums(graph: RoadGraph, members: Ints, start: Ints) -> Chains:
    counts = np.diff(start)
    ranks = np.repeat(np.arange(len(counts)), counts)
    chain, before_ms, before_dm = (np.zeros(len(graph.tail), np.int64) for _ in range(3))
    chain[members] = ranks
    totals = []
    for weight, before in ((graph.run_ms + graph.stop_ms, before_ms), (graph.length_dm, before_dm)):
        running = np.concatenate([[0], np.cumsum(weight[members])])
        before[members] = running[:-1] - np.repeat(running[start[:-1]], counts)
        totals.append(np.diff(running[start]))
    ends = np.concatenate([graph.tail[members[start[:-1]]], graph.head[members[start[1:] - 1]]])
    junctions, named = np.unique(ends, return_inverse=True)
    return Chains(
        junctions=junctions,
        tail=named[: len(counts)],
        head=named[len(counts) :],
        total_ms=totals[0],
        total_dm=totals[1],
        start=start,
        members=members,
        chain=chain,
        before_ms=before_ms,
        before_dm=before_dm,
    )
