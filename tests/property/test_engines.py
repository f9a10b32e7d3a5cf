"""Both engines over two hundred random weeks: the referee accepts, prices are costs, starts are kept."""

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest

from models.values import TimeWindow
from routing.budget import Budget
from routing.engines.engine import engine_named
from routing.engines.ortools.day import DayModel, Effort
from routing.engines.prices import RoutePrices
from routing.objective import cost_of
from routing.problem import Stop, WeekProblem
from routing.screen import screen
from routing.solution import Cause, Route, Solution, nothing_planned
from routing.solve import Result, solve
from tests.instances import four_libraries, random_week

TURNS = {"insertion": 1000, "ortools": 3, "periodic": 300}
EACH_ENGINE = pytest.mark.parametrize("engine", TURNS)


def random_one(seed: int) -> WeekProblem:
    """Every fourth week ignores the triangle inequality."""
    return random_week(Random(seed), rough=seed % 4 == 3)


def budget(engine: str) -> Budget:
    return Budget(iterations=TURNS[engine])


@EACH_ENGINE
@pytest.mark.parametrize("block", range(10))
def test_the_referee_accepts_two_hundred_weeks(engine: str, block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        result = solve(random_one(seed), budget(engine), engine_named(engine))  # raises when refused
        _every_visit_has_its_place_or_reason(result)
        _loads_stay_below_capacity(result)
        assert result.cost == cost_of(result.problem, result.solution)
        assert result.cost.total_mc == RoutePrices(result.problem).solution_mc(result.solution), seed
        assert result.cost.lateness_mc == result.cost.overload_mc == 0


def _every_visit_has_its_place_or_reason(result: Result) -> None:
    told = {entry.stop: entry for entry in result.unassigned}
    for k, asked in enumerate(result.problem.stops):
        days = [result.problem.shifts[r.shift].day for r in result.solution.routes if k in r.stops]
        pattern = asked.patterns[result.solution.patterns[k]]
        assert sorted(days) == list(pattern.days)
        assert (told[k].missing if k in told else 0) == pattern.missing
        assert k not in told or isinstance(told[k].reason.cause, Cause)


def _loads_stay_below_capacity(result: Result) -> None:
    for shift, timed in result.schedules.items():
        aboard = sum(result.problem.stops[stop].deliver for stop in timed.route.stops)
        assert (
            max([aboard, *(halt.load_after for halt in timed.halts)]) <= result.problem.shifts[shift].capacity
        )


@EACH_ENGINE
def test_an_engine_never_answers_worse_than_its_start(engine: str) -> None:
    other = next(name for name in TURNS if name != engine)
    for seed in range(300, 330):
        problem, _ = screen(random_one(seed))
        start = engine_named(other).solve(problem, budget(other))
        for begun in (start, _without_half(problem, start), nothing_planned(problem)):
            answer = engine_named(engine).solve(problem, budget(engine), begun)
            assert cost_of(problem, answer).total_mc <= cost_of(problem, begun).total_mc, seed


def _without_half(problem: WeekProblem, start: Solution) -> Solution:
    """Every other round taken away, its stops not visited at all."""
    kept = start.routes[::2]
    gone = {stop for route in start.routes[1::2] for stop in route.stops}
    kept = tuple(Route(r.shift, tuple(k for k in r.stops if k not in gone)) for r in kept)
    kept = tuple(route for route in kept if route.stops)
    prices, empty = RoutePrices(problem), nothing_planned(problem)
    if any(prices.of(route.shift, route.stops) is None for route in kept) or problem.positions:
        return empty
    return Solution(
        tuple(
            e if k in gone else p for k, (p, e) in enumerate(zip(start.patterns, empty.patterns, strict=True))
        ),
        kept,
    )


@EACH_ENGINE
def test_wider_windows_never_worsen_a_warm_start(engine: str) -> None:
    # Announced times are left out: a shorter duty may begin further from what was told, and cost more.
    for seed in range(400, 430):
        problem = _unannounced(random_one(seed))
        narrow = solve(problem, budget(engine), engine_named(engine))
        wide, _ = screen(_widened(problem))
        patterns = tuple(
            next(
                p
                for p, pattern in enumerate(wide.stops[k].patterns)
                if pattern.days == asked.patterns[c].days
            )
            for k, (asked, c) in enumerate(zip(narrow.problem.stops, narrow.solution.patterns, strict=True))
        )
        start = Solution(patterns, narrow.solution.routes)
        answer = engine_named(engine).solve(wide, budget(engine), start)
        assert cost_of(wide, answer).total_mc <= narrow.cost.total_mc, seed


def _unannounced(problem: WeekProblem) -> WeekProblem:
    return replace(problem, stops=tuple(replace(stop, announced=()) for stop in problem.stops))


def _widened(problem: WeekProblem) -> WeekProblem:
    """The first window of every day begins ten minutes sooner, the last ends ten minutes later."""
    return replace(
        problem,
        stops=tuple(replace(s, windows=tuple(_stretched(day) for day in s.windows)) for s in problem.stops),
    )


def _stretched(windows: tuple[TimeWindow, ...]) -> tuple[TimeWindow, ...]:
    if not windows:
        return ()
    first = (TimeWindow(windows[0].early - 600, windows[0].late), *windows[1:])
    return (*first[:-1], TimeWindow(first[-1].early, first[-1].late + 600))


def test_the_clock_agrees_with_the_orders_of_the_routing_library() -> None:
    # What OR-Tools thinks can be driven, `schedule` drives: windows, loads, pauses, locks mean the same.
    answered = refused = 0
    for seed in range(500, 620):
        problem, _ = screen(random_one(seed))
        for day in range(problem.days):
            stops = [k for k, asked in enumerate(problem.stops) if _may_come(asked, day)]
            if not stops or not any(problem.shifts[k].locked is None for k in problem.shifts_of_day[day]):
                continue
            found = DayModel(problem, day, stops[:3]).orders(Effort(looks=500), Budget(iterations=1))
            prices = [RoutePrices(problem).of(shift, order) for shift, order in (found or {}).items()]
            answered += bool(found)
            refused += any(price is None for price in prices)
    assert answered > 50
    assert refused == 0


def _may_come(stop: Stop, day: int) -> bool:
    return any(day in pattern.days for pattern in stop.patterns)


@EACH_ENGINE
def test_the_four_libraries_are_driven_at_the_least_cost(engine: str) -> None:
    problem = four_libraries()
    prices = RoutePrices(problem)
    orders = [order for size in range(5) for order in permutations(range(4), size)]
    costs = [
        price + 1000 * sum(s.patterns[int(k in order)].cents for k, s in enumerate(problem.stops))
        for order in orders
        if (price := prices.of(0, order)) is not None
    ]
    result = solve(problem, budget(engine), engine_named(engine))
    assert result.cost.total_mc == min(costs) == 5_900_000
    assert result.solution.routes == (Route(0, (0, 1, 2, 3)),)
