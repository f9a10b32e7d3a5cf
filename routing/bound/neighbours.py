"""Which stops a stop remembers: a priced round may come back to a stop only by way of one that forgot it.

The fewer are remembered, the faster pricing is and the weaker the bound (Baldacci, Mingozzi & Roberti 2011,
ng-routes); where the programme makes use of such a circle, the stops on it learn to remember.
"""

from collections.abc import Iterable

import numpy as np

from routing.bound.groups import Group
from routing.bound.layout import Ints
from routing.problem import WeekProblem

MOST = 60  # that fit in a word


class Memory:
    """For each stop of a group (by its place in the group) those that it remembers, itself first."""

    def __init__(self, problem: WeekProblem, group: Group, size: int) -> None:
        self._known = [list(map(int, row[row >= 0])) for row in _nearest(problem, group, size)]

    def array(self) -> Ints:
        """int64 [n, g], -1 beyond what a stop remembers."""
        width = max(map(len, self._known), default=1)
        rows = [known + [-1] * (width - len(known)) for known in self._known]
        return np.array(rows, np.int64).reshape(len(rows), width)

    def learn(self, stops: Iterable[int]) -> bool:
        """Have the stops on every circle of a round remember where it began; whether any of it was new."""
        grew, order = False, list(stops)
        last: dict[int, int] = {}
        for k, stop in enumerate(order):
            for other in order[last.get(stop, k) + 1 : k]:
                if stop not in self._known[other] and len(self._known[other]) < MOST:
                    self._known[other].append(stop)
                    grew = True
            last[stop] = k
        return grew

    def allows(self, stops: Iterable[int]) -> bool:
        """Whether a round never comes back to a stop that it remembers."""
        kept: set[int] = set()
        for stop in stops:
            if stop in kept:
                return False
            kept = kept.intersection(self._known[stop]) | {stop}
        return True


def _nearest(problem: WeekProblem, group: Group, size: int) -> Ints:
    """Each stop itself, then the nearest there and back, -1 beyond `size`.

    Stops that cost no time to reach come first, however many: a circle without length must be remembered.
    """
    places = [problem.stops[k].place for k in group.stops]
    seconds = np.array(problem.seconds(group.shift), np.int64)[np.ix_(places, places)]
    service = np.array([problem.stops[k].service_s for k in group.stops], np.int64)
    apart = seconds + seconds.T + service[:, None] + service[None, :]
    free = (seconds + service[:, None] == 0) | (seconds.T + service[None, :] == 0)
    apart[free] = -1
    np.fill_diagonal(apart, -2)
    wanted = np.maximum(size, free.sum(axis=1) + 1).clip(max=min(MOST, len(places)))
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :MOST]
    return np.where(np.arange(nearest.shape[1])[None, :] < wanted[:, None], nearest, -1)
