"""The periodic engine: simulated annealing over sites × patterns, in compiled code, from a warm start."""

import random

import numpy as np

from models.values import Coordinates, TimeWindow
from routing.budget import Budget
from routing.engines.insertion import fill
from routing.engines.periodic.layout import lay_out
from routing.engines.periodic.search import load, search, week_price
from routing.engines.periodic.state import Incumbent, Week, empty_incumbent, empty_week, scratch_for
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.objective import cost_of
from routing.problem import Pattern, Shift, Stop, WeekProblem
from routing.solution import Route, Solution
from routing.travel import TravelMatrix, TravelStamp

# Temperatures, as multiples of what a visit costs on average.
_HOT, _COLD = 1.0, 0.01
_SLICE_S = 0.05  # how long the kernel runs between two looks at the budget
_TAKE_SHARE = 20.0  # taking an incumbent over waits for so many times as long as the last one took
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
        if start is None and self.layout.locks:  # the kernel may lose who does not reach a locked position
            fill(state, lambda: budget.pressing)
        self.scratch = scratch_for(self.layout)
        self.best = state.solution()
        self.best_mc = self.prices.solution_mc(self.best)

    def run(self) -> Solution:
        if len(self.problem.stops) == 0 or not self.shifts:
            self._offer()
            return self.best
        self.least = self._incumbent(self.best)
        week = empty_week(self.layout)
        assert load(self.layout, week, self.scratch, self.least), "the kernel cannot drive what the clock can"
        self.least_mc = week_price(self.layout, week)
        self._search(week, 1, 0.0, 1.0)  # whoever is not visited yet is brought in at once
        if not self._take():
            self._offer()
        heat = _HOT * self._price_of_a_visit(week)
        turns = 50
        while not self.budget.over:
            turns = self._turns(turns)
            temperature, cooling = self._temperature(heat, turns)
            began = self.budget.spent_s
            self._search(week, turns, temperature, cooling)
            self.budget.step(turns)
            self._pace = turns / max(1e-6, self.budget.spent_s - began)
            self._take_now_and_then()
        self._take()
        return self.best

    def _search(self, week: Week, turns: int, heat: float, cooling: float) -> None:
        seed = self.random.randrange(2**31)
        self.least_mc = search(
            self.layout, week, self.least, self.scratch, self.least_mc, turns, heat, cooling, seed
        )

    _pace = 1000.0  # turns a second, as measured
    _taken_s = 0.0  # when the last incumbent was taken over, and how long that took
    _taking_s = 0.0

    def _take_now_and_then(self) -> None:
        """Taking over is plain Python: it may not eat up the search's time."""
        began = self.budget.spent_s
        if self.budget.repeats or began - self._taken_s > _TAKE_SHARE * self._taking_s:
            self._take()
            self._taken_s = self.budget.spent_s
            self._taking_s = self._taken_s - began

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

    def _price_of_a_visit(self, week: Week) -> float:
        visits = int(self.least.halts.sum())
        rounds = float(week.price[week.slot].sum())
        return rounds / visits if visits else self.least_mc / len(self.problem.stops)

    def _take(self) -> bool:
        """Adopt the kernel's best when it is cheaper by our own exact prices; whether it was."""
        solution = self._solution(self.least)
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

    def _incumbent(self, solution: Solution) -> Incumbent:
        found = empty_incumbent(self.layout)
        row_of = {shift: row for row, shift in enumerate(self.shifts)}
        for route in solution.routes:
            row = row_of.get(route.shift)
            if row is not None:
                found.order[row, : len(route.stops)] = route.stops
                found.halts[row] = len(route.stops)
        found.choice[:] = [kept.index(p) for kept, p in zip(self.patterns, solution.patterns, strict=True)]
        return found

    def _solution(self, found: Incumbent) -> Solution:
        rounds = {
            shift: tuple(int(k) for k in found.order[row, : found.halts[row]])
            for row, shift in enumerate(self.shifts)
        }
        locked = {r.shift: r.stops for r in self.best.routes if r.shift not in rounds}
        routes = tuple(Route(s, stops) for s, stops in sorted({**rounds, **locked}.items()) if stops)
        patterns = tuple(kept[int(row)] for kept, row in zip(self.patterns, found.choice, strict=True))
        return Solution(patterns, routes)
