"""The periodic engine: simulated annealing over sites × patterns, in compiled code.

What suits a week best, small ruins or large ones, is not known beforehand: both are tried for a while, and
the one that led to the cheaper week goes on. With two cores, two annealings run side by side.
"""

import math
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numba

from routing.budget import Budget
from routing.engines.insertion import fill
from routing.engines.periodic.annealing import HOT, WARM, Annealing, heat_at
from routing.engines.periodic.layout import lay_out
from routing.engines.periodic.ruin import Ruin
from routing.engines.periodic.state import Incumbent, empty_incumbent
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.objective import cost_of
from routing.problem import WeekProblem
from routing.smallest import smallest_week
from routing.solution import Route, Solution

FINE, COARSE = Ruin(3.0, 10.0, 4.0), Ruin(40.0, 41.0, 20.0)
_ONE_DAY = Ruin(3.0, 10.0, 10.0)  # where no days can be exchanged, fewer and longer strings
_TRIAL = 0.05  # of the budget, for each of both
_CLEARLY = 0.99  # of the other's price: short trials flatter large ruins
_WHOLE = 0.5  # of the budget, until regions are annealed one by one
_REGION = (30, 60)  # how many stops each counts
_SLICE_S = 0.05  # how long the kernel runs between two looks at the budget
_SLICE_TURNS = 500  # the same, for a budget of iterations
_TAKE_SHARE = 20.0  # taking an incumbent over waits for so many times as long as the last one took
_MOST_SEARCHES = 2


class Periodic:
    """Ruin and recreate over whole patterns. One iteration is one turn of the kernel."""

    def prepare(self) -> None:
        """Compile the kernel, or read what an earlier compilation left beside the sources."""
        self.solve(smallest_week(), Budget(iterations=1))

    def solve(self, problem: WeekProblem, budget: Budget, start: Solution | None = None) -> Solution:
        return _Calculation(problem, budget, start).run()


class _Calculation:
    def __init__(self, problem: WeekProblem, budget: Budget, start: Solution | None) -> None:
        self.problem, self.budget = problem, budget
        self.prices = RoutePrices(problem)
        state = WeekState(problem, self.prices, start)
        self.layout, self.shifts, self.patterns = lay_out(problem, state)
        if start is None and self.layout.locks:  # the kernel may lose who does not reach a locked position
            fill(state, lambda: budget.pressing)
        self.best = state.solution()
        self.best_mc = self.prices.solution_mc(self.best)
        self._lot, many = random.Random(budget.seed), 1 if budget.repeats else _searches()
        self.searches = [Annealing(self.layout, self._lot.randrange(2**31)) for _ in range(many)]

    def run(self) -> Solution:
        if len(self.problem.stops) == 0 or not self.shifts:
            self._offer()
            return self.best
        for search in self.searches:
            search.load(self.incumbent(self.best))
            search.fill()
        if not self._take():
            self._offer()
        with ThreadPoolExecutor(len(self.searches)) as self._threads:
            fine = FINE if self.problem.days > 1 else _ONE_DAY
            found = self._try([fine, COARSE])
            chosen = COARSE if found[COARSE] < _CLEARLY * found[fine] else fine
            self._anneal([chosen] * len(self.searches), _WHOLE)
            self._mend(chosen)
        return self.best

    def _try(self, ruins: Sequence[Ruin]) -> dict[Ruin, float]:
        """What each way to ruin leads to when it is given the same short time."""
        found: dict[Ruin, float] = {}
        share = 0.0
        for first in range(0, len(ruins), len(self.searches)):
            some = ruins[first : first + len(self.searches)]
            share += _TRIAL
            self._anneal(some, share)
            found |= {ruin: search.least_mc for ruin, search in zip(some, self.searches, strict=False)}
        return found

    def _mend(self, ruin: Ruin) -> None:
        """Anneal one region of the cheapest week after the other once more; put back what is no cheaper."""
        cheapest, size = min(self.searches, key=lambda search: search.least_mc), len(self.problem.stops)
        for search in self.searches:
            search.load(cheapest.least)
        while not self.budget.over and (spent := self.budget.share_spent) < 1.0:
            reach = min(size, self._lot.randint(*_REGION))
            share = (1.0 - _WHOLE) * reach / size
            until = spent + share if spent + 1.5 * share < 1.0 else 1.0
            regions = [ruin._replace(middle=self._lot.randrange(size), reach=reach) for _ in self.searches]
            self._anneal(regions, until, WARM)
            for search in self.searches:
                search.load(search.least)

    def _anneal(self, ruins: Sequence[Ruin], until: float, hottest: float = HOT) -> None:
        """Cool the first searches down once, until that share of the budget is spent."""
        searches, begun = self.searches[: len(ruins)], self.budget.share_spent
        for search in searches:
            search.begin()
        turns, pace = [50] * len(searches), 1000.0 * len(searches)  # a second, of all together
        while not self.budget.over and (spent := self.budget.share_spent) < until:
            turns = [self._turns(pace / len(searches), before, until) for before in turns]
            began = self.budget.spent_s
            done = (spent - begun) / (until - begun)
            soon = min(1.0, done + self._share_of(sum(turns), pace) / (until - begun))
            heat = heat_at(done, hottest)
            cooling = heat_at(soon, hottest) / heat
            jobs = [
                self._threads.submit(s.run, n, ruin, heat * s.heat, cooling ** (1.0 / n))
                for s, ruin, n in zip(searches, ruins, turns, strict=True)
            ]
            for job in jobs:
                job.result()
            self.budget.step(sum(turns))
            pace = sum(turns) / max(1e-6, self.budget.spent_s - began)
            self._take_now_and_then()
        self._take()

    _taken_s = 0.0  # when the last incumbent was taken over, and how long that took
    _taking_s = 0.0

    def _take_now_and_then(self) -> None:
        """Taking over is plain Python: it may not eat up the search's time."""
        began = self.budget.spent_s
        if self.budget.repeats or began - self._taken_s > _TAKE_SHARE * self._taking_s:
            self._take()
            self._taken_s = self.budget.spent_s
            self._taking_s = self._taken_s - began

    def _turns(self, pace: float, before: int, until: float) -> int:
        """How many turns a search makes until the next look at the budget, or until that share of it."""
        left = until - self.budget.share_spent
        if self.budget.repeats:
            return max(1, min(_SLICE_TURNS, math.ceil(left * (self.budget.iterations or 0))))
        wanted = int(pace * min(_SLICE_S, left * (self.budget.seconds or 0.0)))
        return max(10, min(wanted, 4 * before))

    def _share_of(self, turns: int, pace: float) -> float:
        """The share of the budget that so many turns will take."""
        if self.budget.repeats:
            return turns / (self.budget.iterations or 1)
        return turns / max(1.0, pace * (self.budget.seconds or 1.0))

    def _take(self) -> bool:
        """Adopt the cheapest week of a search when it is cheaper by our own exact prices; whether it was."""
        solution = self.solution(min(self.searches, key=lambda search: search.least_mc).least)
        if solution == self.best:
            return False
        if self.layout.locks:
            settled = WeekState(self.problem, self.prices, solution)
            settled.settle()
            solution = settled.solution()
        if any(self.prices.of(route.shift, route.stops) is None for route in solution.routes):
            return False
        price = self.prices.solution_mc(solution)
        if price >= self.best_mc:
            return False
        self.best, self.best_mc = solution, price
        self._offer()
        return True

    def _offer(self) -> None:
        missing = sum(
            stop.patterns[k].missing for stop, k in zip(self.problem.stops, self.best.patterns, strict=True)
        )
        self.budget.offer(self.best, cost_of(self.problem, self.best), missing)

    def incumbent(self, solution: Solution) -> Incumbent:
        found = empty_incumbent(self.layout)
        row_of = {shift: row for row, shift in enumerate(self.shifts)}
        for route in solution.routes:
            row = row_of.get(route.shift)
            if row is not None:
                found.order[row, : len(route.stops)] = route.stops
                found.halts[row] = len(route.stops)
        found.choice[:] = [kept.index(p) for kept, p in zip(self.patterns, solution.patterns, strict=True)]
        return found

    def solution(self, found: Incumbent) -> Solution:
        rounds = {
            shift: tuple(int(k) for k in found.order[row, : found.halts[row]])
            for row, shift in enumerate(self.shifts)
        }
        locked = {r.shift: r.stops for r in self.best.routes if r.shift not in rounds}
        routes = tuple(Route(s, stops) for s, stops in sorted({**rounds, **locked}.items()) if stops)
        patterns = tuple(kept[int(row)] for kept, row in zip(self.patterns, found.choice, strict=True))
        return Solution(patterns, routes)


def _searches() -> int:
    """As many as the machine has cores for, as far as numba may use them; two at most."""
    return min(_MOST_SEARCHES, int(numba.config.NUMBA_NUM_THREADS))  # type: ignore[attr-defined]
