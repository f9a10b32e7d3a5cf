"""A better order for one round, from the order that it has: local search, a few hundred clocks at most.

For a round on the road or a van's few halts; whole weeks have their engines. Visits move one by one, and
stretches are turned round, as long as that breaks less, or as little for less money.
"""

from collections.abc import Iterator
from itertools import combinations

from routing.objective import cost_of_schedule
from routing.problem import WeekProblem
from routing.schedule import TOO_LATE, Schedule, schedule
from routing.solution import Route

MOST_CLOCKS = 2500
_HARD_S = 24 * 3600  # what a breach that is no lateness counts for, beside seconds of lateness
Order = tuple[int, ...]
Merit = tuple[int, int]


def merit(problem: WeekProblem, timed: Schedule) -> Merit:
    """What is compared: seconds of being late, other breaches far more; then the price."""
    broken = sum(one.amount if one.breach in TOO_LATE else _HARD_S for one in timed.violations)
    return broken, cost_of_schedule(problem, timed).total_mc


def reorder(problem: WeekProblem, shift: int, order: Order, first: Order = ()) -> Order:
    """An order of the same stops that is no worse; `first` stay in front as they are. Repeatable."""
    best = order
    best_merit = merit(problem, schedule(problem, Route(shift, (*first, *best))))
    clocks, better = 0, True
    while better and clocks < MOST_CLOCKS:
        better = False
        for trial in _neighbours(best):
            clocks += 1
            found = merit(problem, schedule(problem, Route(shift, (*first, *trial))))
            if found < best_merit:
                best, best_merit, better = trial, found, True
                break
            if clocks >= MOST_CLOCKS:
                break
    return best


def _neighbours(order: Order) -> Iterator[Order]:
    size = len(order)
    for k in range(size):
        rest = (*order[:k], *order[k + 1 :])
        for place in range(size):
            if place != k:
                yield (*rest[:place], order[k], *rest[place:])
    for a, b in combinations(range(size + 1), 2):
        if b - a > 2:
            yield (*order[:a], *order[a:b][::-1], *order[b:])
