"""Many-to-many times on our own junction graph, by the routing libraries that pip installs here."""

from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.road.matrix import Roads
from routing.road.streets import Ints

Ask = Callable[[], Ints]


def arcs_of(roads: Roads) -> tuple[Ints, Ints, Ints]:
    """Tail, head and milliseconds of the fastest arc between each two junctions."""
    chains, arcs = roads.chains, roads.arcs
    tail, head, ms = chains.tail[arcs], chains.head[arcs], chains.total_ms[arcs]
    ranks = np.lexsort((ms, head, tail))
    kept = ranks[np.unique(tail[ranks] * len(chains.junctions) + head[ranks], return_index=True)[1]]
    return tail[kept], head[kept], ms[kept]


def networkx_times(roads: Roads, junctions: list[int]) -> Ask:
    """networkx 3: one Dijkstra per origin, in pure Python."""
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(zip(*(column.tolist() for column in arcs_of(roads)), strict=True), "ms")

    def ask() -> Ints:
        rows = [nx.single_source_dijkstra_path_length(graph, origin, weight="ms") for origin in junctions]
        return np.array([[row[junction] for junction in junctions] for row in rows], np.int64)

    return ask


def scipy_times(roads: Roads, junctions: list[int]) -> Ask:
    """scipy.sparse.csgraph: one compiled Dijkstra per origin."""
    tail, head, ms = arcs_of(roads)
    count = len(roads.chains.junctions)
    matrix = csr_array((ms.astype(np.float64), (tail, head)), shape=(count, count))
    return lambda: np.asarray(dijkstra(matrix, indices=junctions)[:, junctions], np.int64)


def scipy_lengths(roads: Roads, junctions: list[int]) -> Ask:
    """As `scipy_times`, and the lengths of the same paths: the two packed in one exact float weight."""
    chains, arcs = roads.chains, roads.arcs
    tail, head = chains.tail[arcs], chains.head[arcs]
    # Milliseconds above, decimetres below 2^27: every sum of a path here stays exact under 2^53.
    keys = chains.total_ms[arcs] * 2**27 + chains.total_dm[arcs]
    count = len(chains.junctions)
    ranks = np.lexsort((keys, head, tail))
    kept = ranks[np.unique(tail[ranks] * count + head[ranks], return_index=True)[1]]
    matrix = csr_array((keys[kept].astype(np.float64), (tail[kept], head[kept])), shape=(count, count))

    def ask() -> Ints:
        both = dijkstra(matrix, indices=junctions)[:, junctions].astype(np.int64)
        return np.asarray(both >> 27, np.int64)

    return ask


def rustworkx_times(roads: Roads, junctions: list[int]) -> Ask:
    """rustworkx: one compiled Dijkstra per origin. ImportError where it is not installed."""
    import rustworkx  # noqa: PLC0415

    graph: Any = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(roads.chains.junctions)))
    graph.add_edges_from(list(zip(*(column.tolist() for column in arcs_of(roads)), strict=True)))

    def ask() -> Ints:
        rows = [rustworkx.dijkstra_shortest_path_lengths(graph, origin, float) for origin in junctions]
        table = [[0 if a == b else row[b] for b in junctions] for a, row in zip(junctions, rows, strict=True)]
        return np.array(table, np.int64)

    return ask


PEERS: Mapping[str, tuple[str, Callable[[Roads, list[int]], Ask]]] = {
    "scipy": ("times", scipy_times),
    "scipy, weights packed": ("times and lengths", scipy_lengths),
    "rustworkx": ("times", rustworkx_times),
    "networkx": ("times", networkx_times),
}
