"""Days and rounds in turns: some neighbouring stops change days, the days they touch are driven anew.

What insertion into the rounds as they stand costs, readers' waiting kept in mind, tells which days to take;
the solver of single days, warm-started, tells what they are worth. A week hardly dearer is kept early on.
"""

import math
import random

import numpy as np

from bench.peers.fixed_days import clock_of
from bench.peers.shuttle_day import Orders, ShuttleAnswer, ShuttleDay, ShuttleDaySolver, mend, priced
from bench.peers.shuttle_fixed import Desk
from bench.peers.shuttle_week import Answers, as_days, as_routes, choices, days_of, price_of, week_of
from routing.budget import Budget
from routing.engines.prices import Stops
from routing.engines.week_state import WeekState
from routing.objective import MC
from routing.problem import WeekProblem
from routing.solution import Solution

_TRIALS_SHARE, _POLISH_SHARE = 0.15, 0.1  # of the time: before the turns, and after
_FREED = (1, 8)  # stops that a turn moves, at least and at most
_TURN_S, _LEAST_S = 0.001, 0.015  # what a visit gets when a day is driven anew; what any day gets
_WARMTH = 0.003  # how much dearer, as a share of the week, a first turn may be; cools to nothing
_HOMES = 3  # nearest depots whose rounds are tried for a stop
_BLUR = 0.3  # prices of insertion are drawn so far around their value, so that turns differ


class ShuttleAlternating:
    """The alternating loop around a solver of single days."""

    def __init__(self, solver: ShuttleDaySolver) -> None:
        self.solver = solver

    def solve(self, problem: WeekProblem, budget: Budget, start: Solution | None = None) -> Solution:
        """`start` is left aside: peers get the days that their rule finds."""
        del start
        return _Search(Desk(problem, self.solver, budget)).run()


class _Search:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.prices, self.problem = desk, desk.prices, desk.problem
        self.random = random.Random(desk.budget.seed)
        self.seconds = desk.budget.left_s or 0.0
        self.left = clock_of(self.seconds)
        state = WeekState(self.problem, self.prices)
        self.options = [choices(state, k) for k in range(len(self.problem.stops))]
        self.movable = [k for k, options in enumerate(self.options) if len(options) > 1]
        places = [stop.place for stop in self.problem.stops]
        seconds = self.problem.travel.seconds[np.ix_(places, places)]
        self.homes = _homes(self.problem)
        self.near = (seconds + seconds.T).argsort(axis=1, kind="stable")

    def run(self) -> Solution:
        found = self.desk.best_days(self.left, self.seconds * (1 - _TRIALS_SHARE))
        self.now = self.best = found
        while self.movable and self.left() > self.seconds * _POLISH_SHARE:
            self._turn()
        choice, answers = self.best
        return week_of(self.prices, choice, self.desk.drive(choice, answers, self.left))

    def _turn(self) -> None:
        trial = self._moved()
        if trial.choice == self.now[0]:
            return
        answers: list[ShuttleAnswer] = []
        starts = as_days(self.prices, trial.solution())
        for day, start, before in zip(days_of(self.prices, trial.choice), starts, self.now[1], strict=True):
            if start == before.orders:
                answers.append(priced(self.prices, day, start))
                continue
            answers.append(self._driven(day, start, before))
        self._take(list(trial.choice), answers)

    def _driven(self, day: ShuttleDay, start: Orders, before: ShuttleAnswer) -> ShuttleAnswer:
        """A day driven anew around the rounds that changed."""
        known = mend(self.prices, day, start)
        rounds = known.orders.keys() | before.orders.keys()
        changed = [s for s in rounds if known.orders.get(s) != before.orders.get(s)]
        part = day.around(known.orders, changed)
        if not changed or not part.worth:
            return known
        seconds = max(_LEAST_S, _TURN_S * len(part.worth))
        return self.desk.ask_part(day, part, seconds, self.random.randrange(2**31), known)

    def _take(self, choice: list[int], answers: Answers) -> None:
        price, now = price_of(self.prices, choice, answers), price_of(self.prices, *self.now)
        left = max(0.0, self.left() / self.seconds - _POLISH_SHARE)
        if price <= now * (1 + _WARMTH * left * -math.log(1 - self.random.random())):
            self.now = choice, list(answers)
        if price < price_of(self.prices, *self.best):
            self.best = choice, list(answers)

    def _moved(self) -> WeekState:
        """Other patterns for some neighbours, and the rounds with them inserted where it is cheapest."""
        choice, answers = self.now
        rounds = as_routes(self.prices, answers)
        state = WeekState(self.problem, self.prices, Solution(tuple(choice), rounds))
        movable = set(self.movable)
        near = [int(k) for k in self.near[self.random.choice(self.movable)] if int(k) in movable]
        freed = near[: self.random.randint(*_FREED)]
        for stop in freed:
            state.remove(stop)
        for stop in self.random.sample(freed, len(freed)):
            self._put_back(state, stop)
        return state

    def _put_back(self, state: WeekState, stop: int) -> None:
        """The pattern that seems cheapest; a day without room for it costs what leaving it out does."""
        patterns, pinned = self.problem.stops[stop].patterns, state.pinned.get(stop, frozenset())
        days = {day for p in self.options[stop] for day in patterns[p].days if day not in pinned}
        places = {day: self._cheapest_day(state, stop, day) for day in sorted(days)}
        out = MC * max(pattern.cents for pattern in patterns)
        blurred = {
            day: (found[0] if found else out) * self.random.uniform(1 - _BLUR, 1 + _BLUR)
            for day, found in places.items()
        }
        best = min(
            self.options[stop],
            key=lambda p: patterns[p].cents * MC + sum(blurred.get(day, 0.0) for day in patterns[p].days),
        )
        state.choice[stop] = best
        for day in patterns[best].days:
            found = places.get(day)
            if found is not None:
                state.routes[found[1]] = found[2]

    def _cheapest_day(self, state: WeekState, stop: int, day: int) -> tuple[int, int, Stops] | None:
        """(price added, shift, its new order), on the shifts of the depots nearest to a stop."""
        shifts = [k for k in state.open_shifts(stop, day) if self.problem.shifts[k].start in self.homes[stop]]
        added = ((k, self.prices.added(k, state.routes.get(k, ()), stop)) for k in shifts)
        return min(((found[0], k, found[1]) for k, found in added if found is not None), default=None)


def _homes(problem: WeekProblem) -> list[set[int]]:
    """The depots nearest to each stop."""
    depots = sorted({shift.start for shift in problem.shifts})
    seconds = problem.travel.seconds
    return [
        set(sorted(depots, key=lambda depot: int(seconds[depot, place]))[:_HOMES])
        for place in (stop.place for stop in problem.stops)
    ]
