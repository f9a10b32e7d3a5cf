"""One day whose visits are given, and what a solver of single days makes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from bench.instance import Floats, Instance

Rows = tuple[int, ...]  # one tour: rows of the distance matrix, the depot left out


@dataclass(frozen=True, slots=True)
class Day:
    """Who is visited on a day: rows of the distance matrix, ascending."""

    instance: Instance
    day: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """Tours, their total distance in double precision, whether the solver calls them feasible."""

    tours: tuple[Rows, ...]
    cost: float
    feasible: bool
    iterations: int = 0

    @property
    def rank(self) -> tuple[bool, float]:
        """Feasible before cheap: the least is the best."""
        return not self.feasible, self.cost


class DaySolver(Protocol):
    """Orders one day as well as it can in `seconds`; `start` is a way to drive it that is already known.

    No visit: no tour, at no cost, at once. `resumes` says that more time, from a known start, is of use.
    """

    resumes: bool

    def solve(
        self, day: Day, seconds: float, seed: int, start: Sequence[Rows] | None = None
    ) -> DayAnswer: ...


NOTHING = DayAnswer(tours=(), cost=0.0, feasible=True)


def length(distance: Floats, tours: Iterable[Rows]) -> float:
    """Total distance, double precision."""
    return sum(float(distance[a, b]) for tour in tours for a, b in pairwise((0, *tour, 0)))
