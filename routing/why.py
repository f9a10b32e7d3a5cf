"""Why visits that could be served alone are not planned: no room at all, or a detour that is not worth it."""

from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.objective import MC
from routing.problem import WeekProblem
from routing.solution import Cause, Reason, Solution


def why_missing(problem: WeekProblem, solution: Solution, stop: int) -> Reason:
    """The reason for a stop whose pattern has visits missing, the other rounds staying as they are."""
    state = WeekState(problem, RoutePrices(problem), solution)
    patterns = problem.stops[stop].patterns
    missing = patterns[state.choice[stop]].missing
    before = state.price_mc()
    state.remove(stop)
    if not state.holds():  # its round leans on it: nothing else can be tried in its place
        return Reason(Cause.NO_ROOM)
    without = state.price_mc()
    dearer = []
    for k, pattern in enumerate(patterns):
        if pattern.missing < missing:
            found = state.cheapest(stop, only=k)
            if found is not None:
                dearer.append((without + found.mc - before) // (missing - pattern.missing))
    if not dearer:
        return Reason(Cause.NO_ROOM)
    return Reason(Cause.TOO_DEAR, max(0, min(dearer)) // MC)
