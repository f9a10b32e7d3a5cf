"""Laws of `schedule` over random weeks: it agrees with the referee, and with the prices engines go by."""

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import event, given, settings

from routing.check import complaints
from routing.engines.prices import RoutePrices
from routing.objective import cost_of_schedule
from routing.problem import Pattern, WeekProblem
from routing.schedule import Breach, schedule
from routing.solution import Route, Solution
from tests.instances import random_week

HALF_AND_HALF = (
    st.randoms(use_true_random=False)
    .map(lambda rng: random_week(rng, rough=rng.random() < 0.5))
    .filter(lambda problem: problem.shifts)
)


@st.composite
def orders(draw: st.DrawFn) -> tuple[WeekProblem, Route]:
    """A random week whose stops may be visited on any day or none, and an order of some on a shift."""
    problem = draw(HALF_AND_HALF)
    free = (Pattern(days=()), *(Pattern(days=(day,)) for day in range(problem.days)))
    problem = replace(problem, stops=tuple(replace(stop, patterns=free) for stop in problem.stops))
    shift = draw(st.sampled_from(range(len(problem.shifts))))
    day = problem.shifts[shift].day
    opened = [k for k, asked in enumerate(problem.stops) if asked.windows[day]] or range(len(problem.stops))
    stops = draw(st.permutations(opened))
    return problem, Route(shift, tuple(stops[: draw(st.integers(1, min(3, len(stops))))]))


@settings(max_examples=200)
@given(orders())
def test_no_violation_is_no_complaint(given_order: tuple[WeekProblem, Route]) -> None:
    problem, route = given_order
    timed = schedule(problem, route)
    day = problem.shifts[route.shift].day
    patterns = tuple(day + 1 if stop in route.stops else 0 for stop in range(len(problem.stops)))
    found = complaints(problem, Solution(patterns, (route,)), {route.shift: timed}, ())
    event("stands" if not found else "refused")
    assert bool(timed.violations) == bool(found), (timed.violations, found)


@settings(max_examples=150)
@given(orders())
def test_prices_are_costs_and_none_where_anything_is_broken(given_order: tuple[WeekProblem, Route]) -> None:
    problem, route = given_order
    timed = schedule(problem, route)
    price = RoutePrices(problem).of(route.shift, route.stops)
    # An engine may still push a stop to its locked place, and asks of a locked round only its own order.
    unfinished = {Breach.POSITION, Breach.LOCKED}
    breaches = {violation.breach for violation in timed.violations}
    if price is None:
        assert breaches
    else:
        assert breaches <= unfinished
        assert price == cost_of_schedule(problem, timed).total_mc


@settings(max_examples=100)
@given(orders())
def test_times_and_loads_add_up(given_order: tuple[WeekProblem, Route]) -> None:
    problem, route = given_order
    timed = schedule(problem, route)
    service_s = sum(problem.stops[stop].service_s for stop in route.stops)
    waits = sum(halt.wait_s for halt in timed.halts)
    on_legs = timed.duty_s - timed.travel_s - service_s - waits
    # Whatever else passes is waiting for the pause to begin; without a pause, nothing else does.
    assert on_legs == 0 if timed.pause is None else on_legs >= 0
    assert min(waits, timed.duty_s) >= 0
    given_away = sum(problem.stops[stop].deliver for stop in route.stops)
    taken = sum(problem.stops[stop].collect for stop in route.stops)
    assert timed.load_start == given_away
    assert timed.halts[-1].load_after == taken
    assert max(given_away, taken) <= timed.load_peak <= given_away + taken
