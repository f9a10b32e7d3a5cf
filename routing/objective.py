"""What a week costs, term by term, as the coordinator reads it.

Figures are integers in thousandths of a cent (`_mc`), so that no rounding hides a small gain; people see
euros. Terms of `lateness` and `overload` price what a coordinator overrides; an engine's answer has none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from routing.problem import WeekProblem
from routing.schedule import TOO_LATE, Breach, Schedule, schedule
from routing.solution import Solution

MC = 1000  # thousandths of a cent in a cent


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """The named terms, each in thousandths of a cent."""

    rounds_mc: int = 0
    hours_mc: int = 0
    distance_mc: int = 0
    waiting_mc: int = 0
    habit_mc: int = 0
    missing_mc: int = 0
    lateness_mc: int = 0
    overload_mc: int = 0

    @property
    def total_mc(self) -> int:
        return sum(getattr(self, term.name) for term in fields(self))

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(**{t.name: getattr(self, t.name) + getattr(other, t.name) for t in fields(self)})


def cost_of_schedule(problem: WeekProblem, timed: Schedule) -> Cost:
    """The terms that one round brings; nothing for an empty one."""
    if not timed.halts:
        return Cost()
    shift = problem.shifts[timed.route.shift]
    late_s = sum(v.amount for v in timed.violations if v.breach in TOO_LATE)
    excess = [v.amount for v in timed.violations if v.breach is Breach.OVERLOAD]
    return Cost(
        rounds_mc=shift.fixed_cents * MC,
        hours_mc=duty_mc(shift.hour_cents, timed.duty_s),
        distance_mc=shift.km_cents * timed.distance_m,
        habit_mc=_habit_mc(problem, timed),
        lateness_mc=problem.late_minute_cents * MC * late_s // 60,
        overload_mc=problem.overload_crate_cents * MC * max(excess, default=0),
    )


def duty_mc(hour_cents: int, duty_s: int) -> int:
    """Paid seconds → thousandths of a cent, rounded down."""
    return hour_cents * MC * duty_s // 3600


def cost_of_patterns(problem: WeekProblem, patterns: Iterable[int]) -> Cost:
    """The terms that the choice of days brings: readers' waiting, days moved, visits owed and not made."""
    chosen = [stop.patterns[k] for stop, k in zip(problem.stops, patterns, strict=True)]
    return Cost(
        waiting_mc=MC * sum(pattern.waiting_cents for pattern in chosen),
        habit_mc=MC * sum(pattern.habit_cents for pattern in chosen),
        missing_mc=MC * sum(pattern.missing_cents for pattern in chosen),
    )


def cost_of(problem: WeekProblem, solution: Solution, timed: Mapping[int, Schedule] | None = None) -> Cost:
    """The whole week. `timed` (shift → schedule) spares computing the clocks again."""
    total = cost_of_patterns(problem, solution.patterns)
    for route in solution.routes:
        total += cost_of_schedule(problem, timed[route.shift] if timed else schedule(problem, route))
    return total


def _habit_mc(problem: WeekProblem, timed: Schedule) -> int:
    day = problem.shifts[timed.route.shift].day
    total = 0
    for halt in timed.halts:
        stop = problem.stops[halt.stop]
        told = stop.announced[day] if stop.announced else None
        if told is not None and abs(halt.begin_s - told) > problem.habit_tolerance_s:
            total += stop.habit_cents * MC
    return total
