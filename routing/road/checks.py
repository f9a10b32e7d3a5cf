"""What must hold of any travel matrix, and what says so when it does not."""

from dataclasses import replace

import numpy as np

from models.errors import Finding
from routing.road.roads import RoadGraph
from routing.road.streets import Ints
from routing.travel import TravelMatrix


def triangle_excess_s(matrix: TravelMatrix) -> int:
    """The most seconds that a direct leg takes beyond a detour by a third place; at most 0 when all is well.

    Whole seconds are rounded up from exact milliseconds, so no tolerance is owed: ⌈a + b⌉ ≤ ⌈a⌉ + ⌈b⌉.
    """
    seconds = matrix.seconds.astype(np.int64)
    if len(seconds) < 3:
        return 0
    return max(int((seconds - (seconds[:, [k]] + seconds[[k], :])).max()) for k in range(len(seconds)))


def two_way(graph: RoadGraph) -> RoadGraph:
    """The same roads as if every street had both directions and no junction delayed anyone.

    A segment and its reverse take the same time: the one that exists lends it, the quicker where both do.
    """
    n = len(graph.lon)
    tail = np.concatenate([graph.tail, graph.head])
    head = np.concatenate([graph.head, graph.tail])
    run, length = np.tile(graph.run_ms, 2), np.tile(graph.length_dm, 2)
    ranks = np.lexsort((length, run, head, tail))
    kept = ranks[np.unique(tail[ranks] * n + head[ranks], return_index=True)[1]]
    return replace(
        graph,
        tail=tail[kept],
        head=head[kept],
        length_dm=length[kept],
        run_ms=run[kept],
        stop_ms=np.zeros(len(kept), np.int64),
    )


def asymmetry(times: Ints) -> int:
    """The largest difference between a figure and the one of the way back."""
    return int(np.abs(times - times.T).max(initial=0))


def check_matrix(matrix: TravelMatrix) -> tuple[Finding, ...]:
    """The laws of a matrix from roads: the triangle inequality, and speeds that a van can reach."""
    findings = []
    if (excess := triangle_excess_s(matrix)) > 0:
        findings.append(
            Finding(
                where="temps de trajet",
                message=f"un trajet direct dure {excess} s de plus qu'un détour par un autre lieu.",
                remedy="Recalculez les trajets avec « navette roads build ».",
            )
        )
    apart = matrix.seconds > 0
    # 130 km/h, the highest limit there is, in metres per second; a metre for rounding.
    if (matrix.metres[apart] > matrix.seconds[apart] * (130 / 3.6) + 1).any():
        findings.append(
            Finding(
                where="temps de trajet",
                message="un trajet dépasse 130 km/h de moyenne.",
                remedy="Recalculez les trajets avec « navette roads build ».",
            )
        )
    return tuple(findings)
