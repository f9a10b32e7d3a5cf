"""A solver of single days on a whole week: days by the simple rule, the best of several driven long."""

import time
from collections.abc import Callable, Sequence

from bench.instance import Instance
from bench.peers.day import Day, DayAnswer, DaySolver
from bench.peers.days_rule import DaysRule
from bench.peers.week import WeekAnswer, as_answer, days_by_choice, rank

_TRIALS_SHARE = 0.5  # of the time, spent on finding good days
_TRIAL_S = 0.002  # what one visit gets when days are tried
_LEAST_S = 0.03  # less than that, and a solver has hardly begun

Clock = Callable[[], float]  # seconds left


class FixedDays:
    """Tries as many days as fit in a share of the time, then drives the best ones for all that is left.

    A solver that stops by itself and cannot be resumed has nothing to gain from that rest: it tries days
    until the end.
    """

    def __init__(self, solver: DaySolver) -> None:
        self.solver = solver

    def solve(self, instance: Instance, seconds: float, seed: int) -> WeekAnswer:
        left = clock_of(seconds)
        if not is_free(instance):
            days = days_by_choice(instance, [0] * len(instance.customers))
            answers, iterations = drive(days, [None] * len(days), self.solver, left, seed)
            return as_answer(instance, answers, iterations)
        share = _TRIALS_SHARE if self.solver.resumes else 1.0
        choice, tried, iterations = best_days(instance, self.solver, seconds * share, seed)
        days = days_by_choice(instance, choice)
        if not self.solver.resumes:
            return as_answer(instance, tried, iterations)
        answers, more = drive(days, tried, self.solver, left, seed)
        return as_answer(instance, answers, iterations + more)


def is_free(instance: Instance) -> bool:
    """Whether any days can be chosen at all."""
    return any(len(customer.patterns) > 1 for customer in instance.customers)


def clock_of(seconds: float) -> Clock:
    """Counts down from `seconds`, starting now."""
    until = time.monotonic() + seconds
    return lambda: until - time.monotonic()


def best_days(
    instance: Instance, solver: DaySolver, seconds: float, seed: int
) -> tuple[list[int], list[DayAnswer], int]:
    """The choice that was cheapest when driven shortly, how it was driven, and iterations spent.

    At least one is tried; a solver that stops by itself gets all the time it wants for each.
    """
    left = clock_of(seconds)
    rule = DaysRule(instance, seed)
    best: tuple[list[int], list[DayAnswer]] | None = None
    iterations = trials = 0
    while best is None or left() > 0:
        choice = rule.propose()
        answers = []
        for day in days_by_choice(instance, choice):
            allowed = trial_s(day) if solver.resumes else max(_LEAST_S, left())
            answers.append(solver.solve(day, allowed, seed + trials))
        iterations += sum(answer.iterations for answer in answers)
        trials += 1
        if best is None or rank(answers) < rank(best[1]):
            best = choice, answers
        if rank(answers)[0]:
            rule.days_were_too_full()
    return *best, iterations


def trial_s(day: Day) -> float:
    """Seconds for a first look at a day."""
    return max(_LEAST_S, _TRIAL_S * len(day.rows))


def drive(
    days: Sequence[Day], known: Sequence[DayAnswer | None], solver: DaySolver, left_s: Clock, seed: int
) -> tuple[list[DayAnswer], int]:
    """Drive each day, sharing what is left by their visits; never worse than what is known."""
    found: list[DayAnswer] = []
    waiting, iterations = sum(len(day.rows) for day in days), 0
    for day, before in zip(days, known, strict=True):
        seconds = left_s() * len(day.rows) / max(1, waiting)
        waiting -= len(day.rows)
        if before is not None and (seconds < _LEAST_S or not day.rows):
            found.append(before)
            continue
        answer = solver.solve(day, max(seconds, _LEAST_S), seed, before.tours if before else None)
        iterations += answer.iterations
        found.append(answer if before is None else min(before, answer, key=lambda one: one.rank))
    return found, iterations
