"""A solver of single days on a shuttle's week: days by simple rules, the best of several driven long.

The first proposal is made of the house's own insertion, rounds included; the others are the rule's. A solver
that cannot be resumed tries days until the end.
"""

from collections.abc import Sequence

from bench.peers.fixed_days import Clock, clock_of
from bench.peers.shuttle_day import Orders, ShuttleAnswer, ShuttleDay, ShuttleDaySolver, mend, priced
from bench.peers.shuttle_rule import ShuttleRule
from bench.peers.shuttle_week import as_days, choices, days_of, price_of, week_of
from routing.budget import Budget
from routing.engines.insertion import Insertion
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.problem import WeekProblem
from routing.solution import Solution

TRIALS_SHARE = 0.5  # of the time, spent on finding good days
_INSERTION_SHARE = 0.3  # of the time, at most
_TRIAL_S, LEAST_S = 0.002, 0.03  # what a visit gets when days are tried; what any day gets


class ShuttleFixed:
    """Tries as many days as fit in a share of the time, then drives the best for all that is left."""

    def __init__(self, solver: ShuttleDaySolver) -> None:
        self.solver = solver

    def solve(self, problem: WeekProblem, budget: Budget, start: Solution | None = None) -> Solution:
        """`start` is left aside: peers get the days that their rule finds."""
        del start
        left = clock_of(budget.left_s or 0.0)
        desk = Desk(problem, self.solver, budget)
        share = TRIALS_SHARE if self.solver.resumes else 1.0
        choice, answers = desk.best_days(left, left() * (1 - share))
        if self.solver.resumes:
            answers = desk.drive(choice, answers, left)
        return week_of(desk.prices, choice, answers)


class Desk:
    """A week on a peer's desk: days tried and driven, all mended and priced by the house's clock."""

    def __init__(self, problem: WeekProblem, solver: ShuttleDaySolver, budget: Budget) -> None:
        self.problem, self.solver, self.budget = problem, solver, budget
        self.prices = RoutePrices(problem)

    def best_days(self, left: Clock, until: float) -> tuple[list[int], list[ShuttleAnswer]]:
        """The choice cheapest when driven shortly; proposals go on until so many seconds are left."""
        rule: ShuttleRule | None = None
        choice, starts = self._inserted(left)
        best = choice, self.first(choice, starts, left, self.budget.seed)
        trials = 0
        while left() > until and self.problem.stops:
            rule = rule or ShuttleRule(self.prices, self.budget.seed)
            trials += 1
            choice = rule.propose()
            answers = self.first(choice, None, left, self.budget.seed + trials)
            for day, answer in zip(days_of(self.prices, choice), answers, strict=True):
                if sum(map(len, answer.orders.values())) < len(day.worth):
                    rule.was_too_full(day.day)
            best = min(best, (choice, answers), key=lambda known: price_of(self.prices, *known))
        return best

    def first(
        self, choice: Sequence[int], starts: Sequence[Orders] | None, left: Clock, seed: int
    ) -> list[ShuttleAnswer]:
        """A short look at every day, from known rounds if there are any, never worse than those."""
        answers = []
        for day in days_of(self.prices, choice):
            start = starts[day.day] if starts else None
            seconds = max(LEAST_S, _TRIAL_S * len(day.worth)) if self.solver.resumes else left()
            known = mend(self.prices, day, start) if start is not None else None
            answers.append(self.ask(day, seconds, seed, known))
        return answers

    def drive(
        self, choice: Sequence[int], known: Sequence[ShuttleAnswer], left: Clock
    ) -> list[ShuttleAnswer]:
        """Each day driven on from what is known, sharing what is left by visits."""
        days = days_of(self.prices, choice)
        waiting, answers = sum(len(day.worth) for day in days), []
        for day, before in zip(days, known, strict=True):
            seconds = left() * len(day.worth) / max(1, waiting)
            waiting -= len(day.worth)
            keep = seconds < LEAST_S
            answers.append(before if keep else self.ask(day, seconds, self.budget.seed, before))
        return answers

    def ask(self, day: ShuttleDay, seconds: float, seed: int, known: ShuttleAnswer | None) -> ShuttleAnswer:
        """The peer's answer to a day, mended; what is known when that is cheaper."""
        if not day.worth or not day.shifts:
            return known or priced(self.prices, day, {})
        orders, iterations = self.solver.solve(day, seconds, seed, known.orders if known else None)
        self.budget.step(iterations)
        found = mend(self.prices, day, orders, iterations)
        return found if known is None else min(known, found, key=lambda answer: answer.mc)

    def ask_part(
        self, day: ShuttleDay, part: ShuttleDay, seconds: float, seed: int, known: ShuttleAnswer
    ) -> ShuttleAnswer:
        """As `ask`, the peer being shown a part of the day only; the other rounds stay."""
        shown = {s: stops for s, stops in known.orders.items() if s in set(part.shifts)}
        orders, iterations = self.solver.solve(part, seconds, seed, shown)
        self.budget.step(iterations)
        kept = {s: stops for s, stops in known.orders.items() if s not in shown}
        found = mend(self.prices, day, {**kept, **orders}, iterations)
        return min(known, found, key=lambda answer: answer.mc)

    def _inserted(self, left: Clock) -> tuple[list[int], list[Orders]]:
        """The house's insertion; whoever it leaves out, the peer may try on the days that would be best."""
        allowed = Budget(seconds=left() * _INSERTION_SHARE, seed=self.budget.seed)
        solution = Insertion().solve(self.problem, allowed)
        state = WeekState(self.problem, self.prices)
        choice = list(solution.patterns)
        for k, stop in enumerate(self.problem.stops):
            made = set(stop.patterns[choice[k]].days)
            if stop.patterns[choice[k]].missing:
                rank = [(len(made - set(pattern.days)), pattern.cents) for pattern in stop.patterns]
                choice[k] = min(choices(state, k), key=rank.__getitem__)
        return choice, as_days(self.prices, solution)
