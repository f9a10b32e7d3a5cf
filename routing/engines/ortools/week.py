"""OR-Tools in two phases that take turns: CP-SAT chooses visit days, the routing library drives each day.

Each turn frees the stops around a random one, lets CP-SAT choose their days at the prices of the rounds as
they stand, has the days that changed driven anew, and keeps the week if it is cheaper or, early on, hardly
dearer. One iteration is one turn.
"""

import math
import random
from collections.abc import Mapping

from routing.budget import Budget
from routing.engines.insertion import complete, fill
from routing.engines.ortools.day import DayModel, Effort
from routing.engines.ortools.days_choice import Worth, choose_days
from routing.engines.prices import RoutePrices, Stops
from routing.engines.week_state import WeekState
from routing.objective import cost_of
from routing.problem import WeekProblem
from routing.solution import Solution

_FREE = (8, 26)  # how many stops a turn frees, at least and at most
_MERCY = 0.5  # how often a turn begins at a stop with visits missing, when there is one
_SAME_DAY = 0.05  # how often it frees stops of one day first, not the nearest
_WARMTH = 0.004  # how much dearer, as a share of the week, a first turn may be; cools to nothing
_DAY_LOOKS = 10_000  # the same, for a budget of iterations
_DAY_S = 0.05  # how long one day is driven anew in a turn
_POLISH_SHARE = 0.1  # of the seconds, kept for driving the final days longer


class OrtoolsWeek:
    """The week engine made of OR-Tools alone."""

    def solve(self, problem: WeekProblem, budget: Budget, start: Solution | None = None) -> Solution:
        return _Search(problem, budget, start).run()


class _Search:
    def __init__(self, problem: WeekProblem, budget: Budget, start: Solution | None) -> None:
        self.problem, self.budget = problem, budget
        self.random = random.Random(budget.seed)
        self.prices = RoutePrices(problem)
        self.state = WeekState(problem, self.prices, start)
        self.driven: dict[tuple[int, frozenset[int]], Mapping[int, Stops] | None] = {}
        self.near = _nearest(problem)
        self.best = self.state.solution()
        self.best_mc = self.prices.solution_mc(self.best)

    def run(self) -> Solution:
        fill(self.state, lambda: self.budget.pressing)
        self._keep_best()
        for day in range(self.problem.days):
            if not self.budget.pressing:
                self._drive(self.state, day, _DAY_S)
                self._keep_best()
        tabu: set[tuple[int, ...]] = set()
        while self.near and not self.budget.over and not self._time_to_polish():
            if self._turn(tabu):
                tabu.clear()
            self.budget.step()
        best = WeekState(self.problem, self.prices, self.best)
        self.state = complete(best, lambda: self.budget.pressing)
        self._keep_best()
        self._polish()
        return self.best

    def _turn(self, tabu: set[tuple[int, ...]]) -> bool:
        """One change of days and the rounds that follow from it; True when it was kept."""
        freed = self._freed()
        worth = Worth(self.state, freed, self.near)
        choice = choose_days(self.state, freed, worth, tabu, self.random.randrange(2**30))
        if choice is None:
            return False
        tabu.add(tuple(choice))
        candidate = self._moved(choice)
        if candidate is None:
            return False
        dearer = candidate.price_mc() - self.state.price_mc()
        if dearer > self._tolerance():
            return False
        self.state = candidate
        self._keep_best()
        return True

    def _freed(self) -> list[int]:
        """A stop, one with visits missing rather than another, and those around it or on one of its days."""
        stops, problem = list(self.near), self.problem
        missing = [k for k in stops if problem.stops[k].patterns[self.state.choice[k]].missing]
        seed = self.random.choice(missing if missing and self.random.random() < _MERCY else stops)
        wanted = self.random.randint(*_FREE)
        company: list[int] = []
        if self.random.random() < _SAME_DAY:
            day = self.random.choice(sorted({d for p in problem.stops[seed].patterns for d in p.days}))
            rounds = [self.state.routes.get(shift, ()) for shift in problem.shifts_of_day[day]]
            company = [k for k in self.near[seed] if any(k in order for order in rounds)][: wanted * 2 // 3]
        freed = dict.fromkeys([seed, *company, *self.near[seed]])
        return list(freed)[:wanted]

    def _moved(self, choice: list[int]) -> WeekState | None:
        """The week with these patterns, its changed days driven anew; None when one cannot be driven."""
        before, candidate = self.state, WeekState(self.problem, self.prices, self.state.solution())
        candidate.pinned = before.pinned
        changed = [k for k, (a, b) in enumerate(zip(before.choice, choice, strict=True)) if a != b]
        for k in changed:
            candidate.remove(k)
        days = {day for k in changed for p in (before.choice[k], choice[k]) for day in self._days(k, p)}
        left_out = set()
        for k in sorted(changed, key=lambda k: -len(self._days(k, choice[k]))):
            placement = candidate.cheapest(k, only=choice[k])
            if placement is not None:
                candidate.place(placement)
            elif self._days(k, choice[k]):
                left_out.add(k)
        for k in left_out:
            candidate.choice[k] = choice[k]
        for day in sorted(days):
            extra = [k for k in left_out if day in self._days(k, choice[k])]
            extra = [k for k in extra if day not in candidate.pinned.get(k, ())]
            if self.budget.pressing or not all(candidate.open_shifts(k, day) for k in extra):
                return None  # no time left, or a locked partner rides elsewhere
            if not self._drive(candidate, day, _DAY_S, extra):
                return None
        return candidate

    def _drive(self, state: WeekState, day: int, seconds: float, extra: list[int] | None = None) -> bool:
        """Order a day's visits anew where that is cheaper. False when `extra` visits found no room."""
        shifts = [k for k in self.problem.shifts_of_day[day] if self.problem.shifts[k].locked is None]
        now = {k: state.routes[k] for k in shifts if state.routes.get(k)}
        wanted = frozenset(stop for stops in now.values() for stop in stops) | frozenset(extra or ())
        if not wanted or not shifts:  # OR-Tools crashes on a model without vehicles
            return not wanted
        key = (day, wanted)
        if key not in self.driven or seconds > _DAY_S:
            effort = Effort(looks=_DAY_LOOKS) if self.budget.repeats else Effort(seconds=seconds)
            found = DayModel(self.problem, day, wanted).orders(effort, self.budget, None if extra else now)
            self.driven[key] = self._cheaper(found, self.driven.get(key))
        orders = self._cheaper(self.driven[key], None if extra else now)
        self.driven[key] = orders
        if orders is None:
            return False
        state.routes.update({k: orders.get(k, ()) for k in shifts})
        return True

    def _cheaper(
        self, a: Mapping[int, Stops] | None, b: Mapping[int, Stops] | None
    ) -> Mapping[int, Stops] | None:
        """The cheaper of two ways to drive one day, by our own prices; a way that breaks anything is none."""
        price_a, price_b = self._price_day(a), self._price_day(b)
        if price_a is None or (price_b is not None and price_b <= price_a):
            return b if price_b is not None else None
        return a

    def _price_day(self, orders: Mapping[int, Stops] | None) -> int | None:
        if orders is None:
            return None
        prices = [self.prices.of(k, stops) for k, stops in orders.items()]
        kept = all(
            stop not in stops or stops.index(stop) == position
            for (stop, shift), position in self.problem.position_of.items()
            if (stops := orders.get(shift)) is not None
        )
        known = [price for price in prices if price is not None]
        return sum(known) if kept and len(known) == len(prices) else None

    def _polish(self) -> None:
        """Drive the best week's days once more, for as long as is left."""
        self.state = WeekState(self.problem, self.prices, self.best)
        days = [d for d in range(self.problem.days) if any(self.state.routes.get(k) for k in self._shifts(d))]
        for done, day in enumerate(days):
            if self.budget.over or not self.budget.left_s:
                break
            self._drive(self.state, day, max(_DAY_S, self.budget.left_s / (len(days) - done)))
            self._keep_best()

    def _keep_best(self) -> None:
        solution = self.state.solution()
        price = self.prices.solution_mc(solution)
        if price < self.best_mc:
            self.best, self.best_mc = solution, price
            self.budget.offer(solution, cost_of(self.problem, solution), self.state.missing())

    def _tolerance(self) -> float:
        return _WARMTH * self.best_mc * -math.log(1 - self.random.random()) * (1 - self.budget.share_spent)

    def _time_to_polish(self) -> bool:
        left, seconds = self.budget.left_s, self.budget.seconds
        if self.budget.repeats or left is None or seconds is None:
            return False
        return left < seconds * _POLISH_SHARE

    def _days(self, stop: int, pattern: int) -> tuple[int, ...]:
        return self.problem.stops[stop].patterns[pattern].days

    def _shifts(self, day: int) -> tuple[int, ...]:
        return self.problem.shifts_of_day[day]


def _nearest(problem: WeekProblem) -> dict[int, list[int]]:
    """For each stop that can be visited, the others by travel time there and back."""
    seconds = problem.travel.seconds
    alive = [k for k, stop in enumerate(problem.stops) if len(stop.patterns) > 1]
    there_and_back = {
        (i, j): int(seconds[problem.stops[i].place, problem.stops[j].place])
        + int(seconds[problem.stops[j].place, problem.stops[i].place])
        for i in alive
        for j in alive
    }
    return {i: sorted((j for j in alive if j != i), key=lambda j: there_and_back[i, j]) for i in alive}
