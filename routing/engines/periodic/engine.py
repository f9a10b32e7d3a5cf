"""The periodic engine: simulated annealing over sites × patterns, in compiled code, from a warm start."""

import random

import numpy as np

from models.values import Coordinates, TimeWindow
from routing.budget import Budget
from routing.engines.insertion import complete, fill
from routing.engines.periodic.layout import Week, empty_week, lay_out
from routing.engines.periodic.search import reload, search
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.objective import cost_of
from routing.problem import Pattern, Shift, Stop, WeekProblem
from routing.solution import Route, Solution
from routing.travel import TravelMatrix, TravelStamp

# Temperatures, as multiples of what a visit costs on average.
_HOT, _COLD = 1.0, 0.01
_SLICE_S = 0.05  # how long the kernel runs between two looks at the budget
_SLICE_TURNS = 500  # the same, for a budget of iterations


class Periodic:
    """Ruin and recreate over whole patterns. One iteration is one turn of the kernel."""

    def prepare(self) -> None:
        """Compile the kernel, or read what an earlier compilation left beside the sources."""
        spot = TimeWindow(0, 9)
        places = TravelMatrix(
            ids=("depot", "stop"),
            points=(Coordinates(lon=0, lat=0),) * 2,
            seconds=np.zeros((2, 2), np.int32),
            metres=np.zeros((2, 2), np.int32),
            stamp=TravelStamp(graph="", source="", source_date="", speed_profile="", licence=""),
        )
        nothing, once = Pattern(days=(), missing=1, missing_cents=1), Pattern(days=(0,))
        stop = Stop(id="stop", place=1, patterns=(nothing, once), windows=((spot,),))
        shift = Shift(id="0", vehicle="", driver="", day=0, start=0, end=0, window=spot, capacity=1)
        self.solve(WeekProblem(days=1, stops=(stop,), shifts=(shift,), travel=places), Budget(iterations=1))

    def solve(self, problem: WeekProblem, budget: Budget, start: Solution | None = None) -> Solution:
        return _Annealing(problem, budget, start).run()


class _Annealing:
    def __init__(self, problem: WeekProblem, budget: Budget, start: Solution | None) -> None:
        self.problem, self.budget = problem, budget
        self.random = random.Random(budget.seed)
        self.prices = RoutePrices(problem)
        state = WeekState(problem, self.prices, start)
        self.layout, self.shifts, self.patterns = lay_out(problem, state)
        if start is None:
            fill(state, lambda: budget.pressing)
        self.state = complete(state, lambda: budget.pressing)
        self.best = self.state.solution()
        self.best_mc = self.prices.solution_mc(self.best)
        self._offer()

    def run(self) -> Solution:
        if len(self.problem.stops) == 0 or not self.shifts:
            return self.best
        week, best = (self._week(self.best) for _ in range(2))
        heat = _HOT * self._price_of_a_visit()
        turns = 50
        while not self.budget.over:
            turns = self._turns(turns)
            temperature, cooling = self._temperature(heat, turns)
            began = self.budget.spent_s
            search(self.layout, week, best, turns, temperature, cooling, self.random.randrange(2**31))
            self.budget.step(turns)
            self._pace = turns / max(1e-6, self.budget.spent_s - began)
            self._take(best)
        return self.best

    _pace = 1000.0  # turns a second, as measured

    def _turns(self, before: int) -> int:
        """How many turns until the next look at the budget."""
        if self.budget.repeats:
            left = (self.budget.iterations or 0) - self.budget.used
            return max(1, min(_SLICE_TURNS, left))
        wanted = int(self._pace * min(_SLICE_S, self.budget.left_s or _SLICE_S))
        return max(10, min(wanted, 4 * before))

    def _temperature(self, heat: float, turns: int) -> tuple[float, float]:
        """(temperature now, factor per turn), geometric in the share of the budget that is spent."""
        share = self.budget.share_spent
        now = heat * (_COLD / _HOT) ** share
        if self.budget.repeats:
            span = turns / (self.budget.iterations or 1)
        else:
            span = turns / max(1.0, self._pace * (self.budget.seconds or 1.0))
        return now, (_COLD / _HOT) ** (span / turns)

    def _price_of_a_visit(self) -> float:
        routes = self.best.routes
        visits = sum(len(route.stops) for route in routes)
        prices = [self.prices.of(route.shift, route.stops) or 0 for route in routes]
        return sum(prices) / visits if visits else float(max(1, self.best_mc) / len(self.problem.stops))

    def _take(self, best: Week) -> None:
        """Adopt the kernel's best when it is cheaper by our own exact prices."""
        solution = self._solution(best)
        if solution == self.best:
            return
        if self.layout.locks:
            settled = WeekState(self.problem, self.prices, solution)
            settled.settle()
            solution = settled.solution()
        if any(self.prices.of(route.shift, route.stops) is None for route in solution.routes):
            return
        price = self.prices.solution_mc(solution)
        if price < self.best_mc:
            self.best, self.best_mc = solution, price
            self._offer()

    def _offer(self) -> None:
        missing = sum(
            stop.patterns[k].missing for stop, k in zip(self.problem.stops, self.best.patterns, strict=True)
        )
        self.budget.offer(self.best, cost_of(self.problem, self.best), missing)

    def _week(self, solution: Solution) -> Week:
        week = empty_week(self.layout, [0] * len(self.problem.stops))
        row_of = {shift: row for row, shift in enumerate(self.shifts)}
        for route in solution.routes:
            row = row_of.get(route.shift)
            if row is not None:
                week.order[row, : len(route.stops)] = route.stops
                week.halts[row] = len(route.stops)
        week.choice[:] = [kept.index(p) for kept, p in zip(self.patterns, solution.patterns, strict=True)]
        assert reload(self.layout, week), "the kernel cannot drive what the clock can"
        return week

    def _solution(self, week: Week) -> Solution:
        rounds = {
            shift: tuple(int(k) for k in week.order[row, : week.halts[row]])
            for row, shift in enumerate(self.shifts)
        }
        locked = {r.shift: r.stops for r in self.best.routes if r.shift not in rounds}
        routes = tuple(Route(s, stops) for s, stops in sorted({**rounds, **locked}.items()) if stops)
        patterns = tuple(kept[int(row)] for kept, row in zip(self.patterns, week.choice, strict=True))
        return Solution(patterns, routes)
