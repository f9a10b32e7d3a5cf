"""The bound against exhaustive search on tiny weeks, and against the engines on small ones: never above."""

from functools import cache
from itertools import combinations, permutations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.bound import lower_bound
from routing.bound.groups import groups_of
from routing.bound.pricing import Pricing, room_for_all
from routing.bound.proof import Whole
from routing.bound.units import PER_CENT, PER_MC
from routing.budget import Budget
from routing.engines.engine import engine_named
from routing.engines.prices import RoutePrices
from routing.problem import WeekProblem
from routing.solve import solve
from tests.instances import random_week

PATIENCE_S = 60  # none of these takes a second


def tiny_week(seed: int) -> WeekProblem:
    """The first random week from a seed on with at most four stops; every fourth one is rough."""
    rng = Random(seed)
    while True:
        problem = random_week(rng, rough=seed % 4 == 3)
        if len(problem.stops) <= 4:
            return problem


def least_cost_mc(problem: WeekProblem) -> int:
    """The cheapest week, by trying every choice of days and every order.

    Pairs across rounds and the left side of positions are not looked at: what is answered is the least cost
    or less, and the bound must not be above even that.
    """
    prices = RoutePrices(problem)

    @cache
    def best_order(shift: int, stops: tuple[int, ...]) -> int | None:
        locked = problem.shifts[shift].locked
        orders = permutations(stops) if locked is None else ([locked] if set(locked) == set(stops) else [])
        found = [price for order in orders if (price := prices.of(shift, tuple(order))) is not None]
        return min(found, default=None) if stops else 0

    @cache
    def best_day(shifts: tuple[int, ...], stops: frozenset[int]) -> int | None:
        if not shifts:
            return None if stops else 0
        found = []
        for size in range(len(stops) + 1):
            for mine in combinations(sorted(stops), size):
                first = best_order(shifts[0], mine)
                rest = best_day(shifts[1:], stops - set(mine)) if first is not None else None
                if first is not None and rest is not None:
                    found.append(first + rest)
        return min(found, default=None)

    costs = []
    for choice in product(*(stop.patterns for stop in problem.stops)):
        visited = [
            frozenset(k for k, pattern in enumerate(choice) if day in pattern.days)
            for day in range(problem.days)
        ]
        days = [best_day(problem.shifts_of_day[day], visited[day]) for day in range(problem.days)]
        if None not in days:
            costs.append(sum(p.cents for p in choice) * 1000 + sum(d for d in days if d is not None))
    return min(costs)


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_no_tiny_week_costs_less_than_its_bound(seed: int) -> None:
    problem = tiny_week(seed)
    bound = lower_bound(problem, seconds=PATIENCE_S)
    assert bound.finished
    assert bound.bound_mc <= least_cost_mc(problem)


def test_most_tiny_weeks_are_proven_to_the_last_mc() -> None:
    # One or two rounds a day leave little to mix: a bound that is weak for no reason would show here.
    exact = 0
    for seed in range(100):
        problem = tiny_week(4 * seed)
        bound, least = lower_bound(problem, seconds=PATIENCE_S).bound_mc, least_cost_mc(problem)
        assert bound <= least, seed
        exact += least - bound <= len(problem.shifts)  # paid seconds are rounded down, once a round
    assert exact >= 70


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(0, 3))
def test_a_proof_cut_short_anywhere_holds(seed: int, looks: int) -> None:
    problem = tiny_week(seed)
    left = [looks]

    def cancelled() -> bool:
        left[0] -= 1
        return left[0] < 0

    bound = lower_bound(problem, seconds=PATIENCE_S, cancelled=cancelled)
    assert bound.bound_mc <= least_cost_mc(problem)
    assert bound.bound_mc >= 1000 * sum(min(p.cents for p in stop.patterns) for stop in problem.stops)


@pytest.mark.parametrize("block", range(4))
def test_no_engine_plans_below_the_bound(block: int) -> None:
    for seed in range(30 * block, 30 * block + 30):
        problem = random_week(Random(seed), rough=seed % 4 == 3)
        planned = solve(problem, Budget(iterations=100), engine_named("insertion"))
        bound = lower_bound(problem, seconds=PATIENCE_S, solution=planned.solution)
        assert bound.finished, seed
        assert bound.bound_mc <= planned.cost.total_mc, seed


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_priced_rounds_cost_what_the_clock_says(seed: int) -> None:
    # A prize that nothing outweighs for some stops, none for the others: the cheapest round serves exactly
    # the first, as their cheapest order would, pauses, windows, loads and duty kept.
    problem = tiny_week(seed)
    rng, prices = Random(seed), RoutePrices(problem)
    for index, group in enumerate(groups_of(problem)):
        if group.locked is not None:
            continue
        wanted = rng.sample(group.stops, rng.randint(1, min(3, len(group.stops))))
        visits = np.zeros((len(problem.stops), problem.days), np.int64)
        visits[wanted, group.day] = 10**12
        pricing = Pricing(problem, index, group, remembered=len(group.stops))
        offer = pricing.offer(
            [], _whole(visits, index + 1), room_for_all([pricing], 5000), lambda: False, loose=False
        )
        orders = [order for size in range(1, len(wanted) + 1) for order in permutations(wanted, size)]
        real = [
            price * PER_MC - 10**12 * len(order)
            for order in orders
            if (price := prices.of(group.shift, order)) is not None
        ]
        assert offer.least is not None
        assert offer.least <= min([0, *real])
        if (
            not any(problem.stops[k].habit_cents for k in group.stops)
            and not problem.pairs + problem.positions
        ):
            alone = [c for c in offer.columns if set(c.stops) <= set(wanted)]
            assert min([0, *(c.price - 10**12 * len(c.stops) for c in alone)]) >= min([0, *real]) - PER_MC
        for stops in {column.stops for column in offer.columns}:
            assert len(set(stops)) == len(stops)
            exact = prices.of(group.shift, stops)
            if (
                exact is not None
            ):  # dearer by what was announced, at most: the clock may wait for it, unlike ours
                habits = sum(problem.stops[k].habit_cents for k in stops) * PER_CENT
                price = min(column.price for column in offer.columns if column.stops == stops)
                assert price >= exact * PER_MC - habits - PER_MC


def _whole(visits: np.ndarray, groups: int) -> Whole:
    return Whole(visits=visits, cutoffs=np.zeros(groups, np.int64), fines=np.zeros(0, np.int64))
