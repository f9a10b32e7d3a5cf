"""A whole week from a peer's days: patterns that fit what is visited, and the house's clock over it all."""

from collections.abc import Sequence

from bench.peers.shuttle_day import Orders, ShuttleAnswer, ShuttleDay, day_of
from routing.engines.insertion import complete
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.objective import MC
from routing.solution import Route, Solution

Answers = Sequence[ShuttleAnswer]


def days_of(prices: RoutePrices, choice: Sequence[int]) -> list[ShuttleDay]:
    """The days that follow from a pattern per stop."""
    state = WeekState(prices.problem, prices)
    return [day_of(state, day, choice) for day in range(prices.problem.days)]


def choices(state: WeekState, stop: int) -> list[int]:
    """The patterns that a stop may take beside the days of locked rounds: with visits, if there are any."""
    pinned = state.pinned.get(stop, frozenset())
    patterns = state.problem.stops[stop].patterns
    found = [k for k, pattern in enumerate(patterns) if pattern.days and pinned <= set(pattern.days)]
    return found or [state.floor(stop)]


def price_of(prices: RoutePrices, choice: Sequence[int], answers: Answers) -> int:
    """Days and patterns together, thousandths of a cent; a visit left out is dear on its day."""
    stops = prices.problem.stops
    return sum(answer.mc for answer in answers) + MC * sum(
        stop.patterns[k].cents for stop, k in zip(stops, choice, strict=True)
    )


def week_of(prices: RoutePrices, choice: Sequence[int], answers: Answers) -> Solution:
    """A week that holds: who misses a day falls back to fewer, and may be placed anew where there is room."""
    problem = prices.problem
    state = WeekState(problem, prices)
    shifts_of = {
        (stop, problem.shifts[shift].day): shift
        for answer in answers
        for shift, stops in answer.orders.items()
        for stop in stops
    }
    for k, stop in enumerate(problem.stops):
        pinned = state.pinned.get(k, frozenset())
        made = pinned | {day for day in range(problem.days) if (k, day) in shifts_of}
        made &= set(stop.patterns[choice[k]].days) | pinned
        fitting = [p for p, pattern in enumerate(stop.patterns) if pinned <= set(pattern.days) <= made]
        state.choice[k] = min(fitting, key=lambda p: stop.patterns[p].cents)
    for answer in answers:
        for shift, stops in answer.orders.items():
            day = problem.shifts[shift].day
            kept = [k for k in stops if day in problem.stops[k].patterns[state.choice[k]].days]
            state.routes[shift] = tuple(kept)
    state.settle()
    return complete(state).solution()


def as_days(prices: RoutePrices, solution: Solution) -> list[Orders]:
    """The free rounds of a week, by day."""
    problem = prices.problem
    days: list[dict[int, tuple[int, ...]]] = [{} for _ in range(problem.days)]
    for route in solution.routes:
        shift = problem.shifts[route.shift]
        if shift.locked is None:
            days[shift.day][route.shift] = route.stops
    return list(days)


def as_routes(prices: RoutePrices, answers: Answers) -> tuple[Route, ...]:
    """The rounds of all days, with the locked ones that are driven."""
    locked = WeekState(prices.problem, prices).routes
    driven = {**locked, **{s: stops for answer in answers for s, stops in answer.orders.items()}}
    return tuple(Route(shift, stops) for shift, stops in sorted(driven.items()) if stops)
