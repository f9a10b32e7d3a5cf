"""What no route can carry, each with its reason, before any engine runs.

A day on which a stop cannot be served even alone leaves its patterns; what is then out of reach for good is
said once, here, instead of making a whole model infeasible.
"""

from dataclasses import replace

from routing.problem import WeekProblem
from routing.schedule import TOO_LATE, schedule
from routing.solution import Cause, Reason, Route


def screen(problem: WeekProblem) -> tuple[WeekProblem, dict[int, Reason]]:
    """The problem with only patterns whose every day can be served alone, and why others went.

    A stop has a reason when no pattern without missing visits is left to it.
    """
    reasons: dict[int, Reason] = {}
    stops = []
    for index, stop in enumerate(problem.stops):
        refusals = [_refusal(problem, index, day) for day in range(problem.days)]
        open_days = {day for day, reason in enumerate(refusals) if reason is None}
        kept = tuple(pattern for pattern in stop.patterns if set(pattern.days) <= open_days)
        stops.append(replace(stop, patterns=kept))
        if all(pattern.missing for pattern in kept):
            reasons[index] = _why(open_days, [r for r in refusals if r is not None])
    return replace(problem, stops=tuple(stops)), reasons


def servable_days(problem: WeekProblem, stop: int) -> list[int]:
    """The days on which some shift can serve a stop alone, whatever its patterns."""
    return [day for day in range(problem.days) if _refusal(problem, stop, day) is None]


def _why(open_days: set[int], refusals: list[Reason]) -> Reason:
    if open_days:
        return Reason(Cause.FEW_DAYS, len(open_days))
    if all(reason.cause is Cause.NEVER_OPEN for reason in refusals):
        return Reason(Cause.NEVER_OPEN)
    nearest = [reason for reason in refusals if reason.cause is not Cause.NEVER_OPEN]
    return min(nearest, key=lambda reason: (_ORDER.index(reason.cause), reason.amount))


# When days fail for different causes, the one nearest to a remedy is told.
_ORDER = (Cause.OUTSIDE_SHIFTS, Cause.TOO_MANY_CRATES, Cause.TOO_FAR, Cause.NOT_ALLOWED)


def _refusal(problem: WeekProblem, stop: int, day: int) -> Reason | None:
    """Why no shift of a day can serve a stop alone; None when one can."""
    if not problem.stops[stop].windows[day] or not problem.shifts_of_day[day]:
        return Reason(Cause.NEVER_OPEN)
    allowed = [shift for shift in problem.shifts_of_day[day] if problem.allows(stop, shift)]
    if not allowed:
        return Reason(Cause.NOT_ALLOWED)
    found = [_alone(problem, stop, shift) for shift in allowed]
    if any(reason is None for reason in found):
        return None
    return min(
        (reason for reason in found if reason is not None),
        key=lambda reason: (_ORDER.index(reason.cause), reason.amount),
    )


def _alone(problem: WeekProblem, stop: int, shift: int) -> Reason | None:
    """Why one shift cannot serve a stop alone, or in the locked round that it stands in."""
    locked = problem.shifts[shift].locked
    if locked is not None:
        return Reason(Cause.NOT_ALLOWED) if schedule(problem, Route(shift, locked)).violations else None
    asked, given = problem.stops[stop], problem.shifts[shift]
    excess = max(asked.deliver, asked.collect) - given.capacity
    if excess > 0:
        return Reason(Cause.TOO_MANY_CRATES, excess)
    timed = schedule(problem, Route(shift, (stop,)))
    late = [v.amount for v in timed.violations if v.breach in TOO_LATE]
    if not late:
        return None
    duty = timed.travel_s + asked.service_s
    span = given.window.late - given.window.early
    longest = span if given.max_duty_s is None else min(span, given.max_duty_s)
    if duty > longest:
        return Reason(Cause.TOO_FAR, duty - longest)
    return Reason(Cause.OUTSIDE_SHIFTS, sum(late))
