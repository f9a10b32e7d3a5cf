"""Regret insertion: the stop that would lose most by waiting is placed first. No dependency, no search.

Fallback, warm start and yardstick of the other engines. One iteration is one stop placed.
"""

from collections.abc import Callable

from routing.budget import Budget
from routing.engines.prices import RoutePrices
from routing.engines.week_state import Placement, WeekState
from routing.objective import cost_of
from routing.problem import WeekProblem
from routing.solution import Solution


class Insertion:
    """Places stops one by one, whole patterns at a time, until none is left that is worth placing."""

    def solve(self, problem: WeekProblem, budget: Budget, start: Solution | None = None) -> Solution:
        prices = RoutePrices(problem)
        state = WeekState(problem, prices, start)
        fill(state, lambda: budget.over, budget.step)
        state = complete(state, lambda: budget.over)
        solution = state.solution()
        if start is not None and prices.solution_mc(start) < prices.solution_mc(solution):
            solution, state = start, WeekState(problem, prices, start)  # a stop let go took its worth away
        budget.offer(solution, cost_of(problem, solution), state.missing())
        return solution


def fill(state: WeekState, over: Callable[[], bool], step: Callable[[], None] = lambda: None) -> None:
    """Place every stop that only has its locked visits, if any, and is worth it; greatest regret first."""
    waiting = {k for k, choice in enumerate(state.choice) if choice == state.floor(k)}
    known: dict[int, Placement | None] = {}
    while waiting and not over():
        for stop in waiting - known.keys():
            known[stop] = state.cheapest(stop)
        best = max(
            (found for found in known.values() if found is not None),
            key=lambda found: (found.regret, -found.stop),
            default=None,
        )
        if best is None:
            break
        state.place(best)
        waiting.discard(best.stop)
        days = {state.problem.shifts[shift].day for shift, _ in best.orders}
        known = {k: v for k, v in known.items() if k in waiting and not _touched(state, k, days)}
        step()
    state.settle()


def complete(state: WeekState, over: Callable[[], bool] = lambda: False) -> WeekState:
    """Give stops with visits missing another chance beside the rounds as they now stand, one at a time."""
    for stop, asked in enumerate(state.problem.stops):
        if over() or not asked.patterns[state.choice[stop]].missing:
            continue
        trial = WeekState(state.problem, state.prices, state.solution())
        trial.remove(stop)
        found = trial.cheapest(stop)
        if found is not None:
            trial.place(found)
        trial.settle()
        if trial.price_mc() < state.price_mc():
            state = trial
    return state


def _touched(state: WeekState, stop: int, days: set[int]) -> bool:
    """Whether a change on those days can change what a stop would pay."""
    return any(state.problem.stops[stop].windows[day] for day in days)
