"""Days and tours in turns: some neighbouring customers change days, the days they touch are driven anew.

What insertion into the tours as they stand costs, window and load kept in mind, tells which days to take; the
solver of single days, warm-started, tells what they are worth. A week hardly dearer is kept early on.
"""

import math
import random

from bench.instance import Instance
from bench.peers.day import DaySolver, Rows
from bench.peers.days_rule import separation
from bench.peers.fixed_days import best_days, clock_of, drive, is_free
from bench.peers.insert import cheapest_place
from bench.peers.week import WeekAnswer, as_answer, days_by_choice, rank

_TRIALS_SHARE, _POLISH_SHARE = 0.15, 0.1  # of the time: before the turns, and after
_FREED = (1, 8)  # customers that a turn moves, at least and at most
_TURN_S = 0.002  # what one visit gets when a day is driven anew
_LEAST_S = 0.04
_WARMTH = 0.003  # how much dearer, as a share of the week, a first turn may be; cools to nothing
_BLUR = 0.3  # prices of insertion are drawn so far around their value, so that turns differ


class Alternating:
    """The alternating loop around a solver of single days."""

    def __init__(self, solver: DaySolver) -> None:
        self.solver = solver

    def solve(self, instance: Instance, seconds: float, seed: int) -> WeekAnswer:
        search = _Search(instance, self.solver, seconds, seed)
        search.run()
        return as_answer(instance, search.best, search.iterations)


class _Search:
    def __init__(self, instance: Instance, solver: DaySolver, seconds: float, seed: int) -> None:
        self.instance, self.solver, self.seed = instance, solver, seed
        self.random = random.Random(seed)
        self.seconds, self._left_s = seconds, clock_of(seconds)
        self.choice, self.answers, self.iterations = best_days(
            instance, solver, seconds * _TRIALS_SHARE * is_free(instance), seed
        )
        self.best, self.best_choice = list(self.answers), list(self.choice)
        self.movable = [k for k, customer in enumerate(instance.customers) if len(customer.patterns) > 1]
        self.near = separation(instance).argsort(axis=1)

    def run(self) -> None:
        while self.movable and self._left_s() > self.seconds * _POLISH_SHARE:
            self._turn()
        days = days_by_choice(self.instance, self.best_choice)
        self.best, more = drive(days, self.best, self.solver, self._left_s, self.seed)
        self.iterations += more

    def _turn(self) -> None:
        choice, starts = self._moved()
        if choice == self.choice:
            return
        answers = list(self.answers)
        for k, day in enumerate(days_by_choice(self.instance, choice)):
            if starts[k] != self.answers[k].tours:
                seconds = max(_LEAST_S, _TURN_S * len(day.rows))
                start = starts[k] if len(starts[k]) <= self.instance.vehicles else None
                answers[k] = self.solver.solve(day, seconds, self.random.randrange(2**31), start)
                self.iterations += answers[k].iterations
        broken, cost = rank(answers)
        broken_now, cost_now = rank(self.answers)
        if (broken, cost - self._tolerance(cost_now)) <= (broken_now, cost_now):
            self.choice, self.answers = choice, answers
        if (broken, cost) < rank(self.best):
            self.best, self.best_choice = list(answers), list(choice)

    def _moved(self) -> tuple[list[int], list[tuple[Rows, ...]]]:
        """Another choice for some neighbours, and the tours with them inserted where it is cheapest."""
        seed = self.random.choice(self.movable)
        neighbours = [int(k) for k in self.near[seed] if k in set(self.movable)]
        freed = neighbours[: self.random.randint(*_FREED)]
        rows = {k + 1 for k in freed}
        tours = [[tuple(r for r in tour if r not in rows) for tour in day.tours] for day in self.answers]
        choice = list(self.choice)
        for k in self.random.sample(freed, len(freed)):
            found = {day: cheapest_place(self.instance, day, tours[day], k + 1) for day in self._days(k)}
            blurred = {day: price * self._blur() for day, (price, _) in found.items()}
            patterns = self.instance.customers[k].patterns
            choice[k] = min(range(len(patterns)), key=lambda p: sum(blurred[day] for day in patterns[p]))
            for day in patterns[choice[k]]:
                tours[day] = found[day][1]
        return choice, [tuple(tour for tour in day if tour) for day in tours]

    def _days(self, customer: int) -> set[int]:
        return {day for pattern in self.instance.customers[customer].patterns for day in pattern}

    def _blur(self) -> float:
        return self.random.uniform(1 - _BLUR, 1 + _BLUR)

    def _tolerance(self, cost: float) -> float:
        left = max(0.0, self._left_s() / self.seconds - _POLISH_SHARE)
        return _WARMTH * cost * left * -math.log(1 - self.random.random())
