"""The recipe: screen → engine → schedule → check → result."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.budget import Budget
from routing.check import check
from routing.engines.engine import DEFAULT_ENGINE, Engine, engine_named
from routing.objective import Cost, cost_of
from routing.problem import WeekProblem
from routing.schedule import Schedule, schedule
from routing.screen import screen
from routing.solution import Cause, Reason, Solution, Unassigned
from routing.why import why_missing


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A verified answer. Patterns in `solution` index the patterns of `problem`, the screened one."""

    problem: WeekProblem
    solution: Solution
    schedules: Mapping[int, Schedule]
    unassigned: tuple[Unassigned, ...]
    cost: Cost


def solve(problem: WeekProblem, budget: Budget, engine: Engine | None = None) -> Result:
    """Plan a week. EngineError when the answer does not survive the referee."""
    screened, reasons = screen(problem)
    chosen = engine or engine_named(DEFAULT_ENGINE)
    solution = chosen.solve(screened, budget)
    return judged(screened, solution, reasons)


def judged(screened: WeekProblem, solution: Solution, reasons: Mapping[int, Reason]) -> Result:
    """Put the clocks on a solution, name what is missing, and let the referee see it all."""
    schedules = {route.shift: schedule(screened, route) for route in solution.routes}
    chosen = (stop.patterns[k] for stop, k in zip(screened.stops, solution.patterns, strict=True))
    owed = [
        Unassigned(stop=k, missing=pattern.missing, reason=reasons.get(k, Reason(Cause.NO_ROOM)))
        for k, pattern in enumerate(chosen)
        if pattern.missing
    ]
    check(screened, solution, schedules, tuple(owed))
    unassigned = tuple(
        entry if entry.stop in reasons else replace(entry, reason=why_missing(screened, solution, entry.stop))
        for entry in owed
    )
    cost = cost_of(screened, solution, schedules)
    return Result(problem=screened, solution=solution, schedules=schedules, unassigned=unassigned, cost=cost)
