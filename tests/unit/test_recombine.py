"""Rounds of several weeks put together into a cheaper one, judged by the referee."""

from dataclasses import replace
from itertools import pairwise
from random import Random
from threading import Thread
from typing import Any

import pytest

from routing.engines.periodic.layout import _open_patterns
from routing.engines.periodic.pool import Pool
from routing.engines.periodic.recombine import recombine
from routing.engines.prices import RoutePrices, Stops
from routing.engines.week_state import WeekState
from routing.problem import Pair, Position, WeekProblem
from routing.screen import screen
from routing.solution import Route, Solution
from routing.solve import judged
from tests.instances import days_of, random_week, shift, stop, travel, week

ALL_DAY = (0, 10_000)
A, B, C, D = range(4)


def _hamlets(vans: int = 1, **changes: Any) -> WeekProblem:
    """A and B side by side in the east, C and D in the west, two days, `vans` shifts each day, a cent a km.

    Depot → any hamlet 100 s = 1 km; A–B and C–D 10 s = 0.1 km; east to west 200 s = 2 km. A van holds two
    crates and each stop gets one: the best week drives (A, B) and (C, D), 2.1 km each: 4.2 cents = 4200 mc.
    """
    east, west = {1, 2}, {3, 4}
    seconds = [[100] * 5 for _ in range(5)]
    for a in range(1, 5):
        for b in range(1, 5):
            near = {a, b} <= east or {a, b} <= west
            seconds[a][b] = 0 if a == b else 10 if near else 200
    seconds[0][0] = 0
    stops = [stop(k, [ALL_DAY], [ALL_DAY], deliver=1, patterns=days_of(2)) for k in range(1, 5)]
    shifts = [
        shift(0, 10_000, day=day, vehicle=f"V{van}", capacity=2, km_cents=1)
        for day in range(2)
        for van in range(vans)
    ]
    return week(stops, shifts, travel(seconds), **changes)


def _solution(problem: WeekProblem, routes: dict[int, Stops]) -> Solution:
    days: dict[int, list[int]] = {}
    for k, stops in sorted(routes.items()):
        for i in stops:
            days.setdefault(i, []).append(problem.shifts[k].day)
    patterns = tuple(
        next(p for p, pattern in enumerate(s.patterns) if pattern.days == tuple(sorted(days.get(i, []))))
        for i, s in enumerate(problem.stops)
    )
    return Solution(patterns, tuple(Route(k, stops) for k, stops in sorted(routes.items())))


def _recombined(
    problem: WeekProblem, rounds: list[Stops], incumbent: Solution, **given: Any
) -> Solution | None:
    prices = RoutePrices(problem)
    given.setdefault("seconds", None)
    given.setdefault("patterns", _open_patterns(problem, WeekState(problem, prices, incumbent)))
    given.setdefault("shifts", [k for k, made in enumerate(problem.shifts) if made.locked is None])
    return recombine(problem, prices, rounds, incumbent, **given)


def test_two_halves_of_two_weeks_make_the_best_one() -> None:
    problem = _hamlets()
    # (A, B) was met in the incumbent; (C, D) in another week, on Monday, and here it must ride on Tuesday.
    incumbent = _solution(problem, {0: (A, B), 1: (C,)})
    found = _recombined(problem, [(C, D), (B,)], incumbent)
    assert found is not None
    assert found.by_shift == {0: (A, B), 1: (C, D)}
    assert RoutePrices(problem).solution_mc(found) == 4200
    judged(problem, found, {})


def test_nothing_cheaper_is_none() -> None:
    problem = _hamlets()
    best = _solution(problem, {0: (A, B), 1: (C, D)})
    assert _recombined(problem, [], best) is None
    assert _recombined(problem, [(A,), (B,), (A, C), (D, C)], best) is None


def test_rounds_that_hold_nowhere_do_no_harm() -> None:
    problem = _hamlets()  # three crates do not fit aboard
    incumbent = _solution(problem, {0: (A, B)})
    found = _recombined(problem, [(A, B, C), (A, B, C, D), (C, D), ()], incumbent)
    assert found is not None
    assert {route.stops for route in found.routes} == {(A, B), (C, D)}


def test_without_open_shifts_or_stops_there_is_nothing_to_do() -> None:
    problem = _hamlets()
    incumbent = _solution(problem, {0: (A, B)})
    assert _recombined(problem, [(C, D)], incumbent, shifts=[]) is None
    empty = week([], [shift(0, 100)], travel([[0]]))
    assert _recombined(empty, [], Solution(())) is None


def test_a_closed_round_stays_and_pins_its_days() -> None:
    problem = _hamlets(vans=2)
    locked = replace(problem.shifts[0], locked=(A, C))
    problem = replace(problem, shifts=(locked, *problem.shifts[1:]))
    incumbent = _solution(problem, {0: (A, C), 1: (B,)})
    found = _recombined(problem, [(A, B), (C, D), (B, D), (B,), (D,)], incumbent)
    assert found is not None
    assert found.by_shift[0] == (A, C)
    assert sorted(i for r in found.routes for i in r.stops) == [A, B, C, D]
    judged(problem, found, {})


def test_patterns_that_are_not_offered_are_not_chosen() -> None:
    problem = _hamlets(vans=2)
    # Two rounds across the hills, all on day 0. Without changing days: (A, B) and (C, D), still on day 0.
    incumbent = _solution(problem, {0: (A, C), 1: (B, D)})
    found = _recombined(problem, [(A, B), (C, D)], incumbent, patterns=[[p] for p in incumbent.patterns])
    assert found is not None
    assert found.patterns == incumbent.patterns
    assert {route.stops for route in found.routes} == {(A, B), (C, D)}


def test_partners_never_ride_apart_on_one_day() -> None:
    """A before C when both are visited on one day: (A, B) and (C, D) then want two days."""
    patterns = [[0, 1]] * 4  # day 0, or nobody
    apart = {"shifts": [0, 1], "patterns": patterns}
    free, bound = _hamlets(vans=2), _hamlets(vans=2, pairs=(Pair(first=A, second=C),))
    rounds: list[Stops] = [(A, B), (C, D)]
    found = _recombined(free, rounds, _solution(free, {0: (A, B)}), **apart)
    assert found is not None
    assert len(found.routes) == 2
    assert _recombined(bound, rounds, _solution(bound, {0: (A, B)}), **apart) is None
    found = _recombined(bound, [*rounds, (A, C)], _solution(bound, {}), **apart)
    assert found is not None
    judged(bound, found, {})


def test_a_locked_position_is_kept() -> None:
    problem = _hamlets(positions=(Position(stop=B, shift=0, position=0),))
    incumbent = _solution(problem, {1: (C, D)})
    found = _recombined(problem, [(A, B)], incumbent)  # B second: not on shift 0
    assert found is not None
    assert found.by_shift == {0: (C, D), 1: (A, B)}
    assert _recombined(problem, [(A, B)], incumbent, shifts=[0]) is None


def test_whoever_is_cancelled_or_late_hands_in_nothing() -> None:
    problem = _hamlets()
    incumbent = _solution(problem, {0: (A, B)})
    assert _recombined(problem, [(C, D)], incumbent, cancelled=lambda: True) is None
    assert _recombined(problem, [(C, D)], incumbent, seconds=0.0) is None


@pytest.mark.parametrize("seed", range(60))
def test_recombined_weeks_stand_and_beat_every_week_they_are_made_of(seed: int) -> None:
    """A pool that holds whole weeks answers with one no dearer than the cheapest of them."""
    rng = Random(seed)
    problem, reasons = screen(random_week(rng, rough=seed % 3 == 0))
    prices = RoutePrices(problem)
    weeks = [_random_filling(problem, prices, rng) for _ in range(8)]
    pool = Pool()
    for made in weeks:
        pool.add((route.stops for route in made.routes), prices.solution_mc(made))
    dearest = max(weeks, key=prices.solution_mc)
    answers = [_recombined(problem, pool.best(1000), dearest) for _ in range(2)]
    assert answers[0] == answers[1]
    least = min(map(prices.solution_mc, weeks))
    if answers[0] is None:
        assert prices.solution_mc(dearest) == least
        return
    assert prices.solution_mc(answers[0]) <= least
    assert prices.solution_mc(answers[0]) < prices.solution_mc(dearest)
    judged(problem, answers[0], reasons)


def _random_filling(problem: WeekProblem, prices: RoutePrices, rng: Random) -> Solution:
    """Stops placed one after the other, in any sequence, some not at all."""
    state = WeekState(problem, prices)
    for i in rng.sample(range(len(problem.stops)), len(problem.stops)):
        if i in state.pinned or rng.random() < 0.2:
            continue
        placement = state.cheapest(i)
        if placement is not None:
            state.place(placement)
    state.settle()
    return state.solution()


def test_a_pool_remembers_the_cheapest_week_of_a_round() -> None:
    pool = Pool()
    pool.add([(1, 2), (3,), ()], 50.0)
    pool.add([(1, 2), (4,)], 40.0)
    pool.add([(1, 2), (5,)], 60.0)
    assert pool.best(10) == [(1, 2), (4,), (3,), (5,)]
    assert (pool.born((1, 2)), pool.born((3,)), pool.born((9,))) == ((40.0, 2), (50.0, 1), None)
    assert pool.best(2) == [(1, 2), (4,)]


def test_a_full_pool_throws_the_rounds_of_dear_weeks_away() -> None:
    pool = Pool(most=8)
    for k in range(100):
        pool.add([(k,)], float(100 - k))
        assert len(pool) <= 8
    prices = [pool.born(stops) for stops in pool.best(8)]
    assert pool.best(1) == [(99,)]
    assert all(a is not None and b is not None and a < b for a, b in pairwise(prices))
    with pytest.raises(ValueError, match="room"):
        Pool(most=0)


def test_two_searches_may_fill_one_pool() -> None:
    pool = Pool(most=500)

    def fill(first: int) -> None:
        for k in range(2000):
            pool.add([(first, k), (first, k, k + 1)], float(k))
            pool.best(3)

    threads = [Thread(target=fill, args=(first,)) for first in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [stops[1] for stops in pool.best(4)] == [0, 0, 0, 0]
    assert 375 <= len(pool) <= 500
