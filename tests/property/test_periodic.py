"""The compiled kernel against the plain clock, and its answers against the referee."""

from random import Random

import numpy as np
import pytest

from routing.budget import Budget
from routing.engines.engine import engine_named
from routing.engines.insertion import Insertion
from routing.engines.periodic.clock import duty_of
from routing.engines.periodic.engine import Periodic, _Annealing
from routing.engines.periodic.search import reload, search, week_price
from routing.objective import duty_mc
from routing.problem import WeekProblem
from routing.screen import screen
from routing.solve import solve
from routing.timing import time_if_punctual
from tests.instances import four_libraries, random_week, shift, stop, travel, week


def _kernel(problem: WeekProblem, seed: int = 1) -> _Annealing:
    screened, _ = screen(problem)
    return _Annealing(screened, Budget(iterations=1, seed=seed), None)


@pytest.mark.parametrize("seed", range(60))
def test_the_compiled_clock_is_the_clock(seed: int) -> None:
    """Any order on any open shift: the same duty, and late for both or for neither."""
    rng = Random(seed)
    problem = random_week(rng)
    kernel = _kernel(problem)
    if not kernel.shifts:
        return
    for _ in range(30):
        row = rng.randrange(len(kernel.shifts))
        order = tuple(rng.sample(range(len(problem.stops)), rng.randint(1, min(4, len(problem.stops)))))
        duty, _ = duty_of(kernel.layout, row, np.array(order, np.int64), len(order))
        timing = time_if_punctual(kernel.problem, kernel.shifts[row], order)
        kept = duty <= kernel.layout.longest[row]
        assert (duty if kept else -1) == (-1 if timing is None else timing.duty)


@pytest.mark.parametrize("seed", range(60))
def test_every_invariant_holds_after_thousands_of_turns(seed: int) -> None:
    """Rounds remember what recomputing them says; prices are those of the plain clock, or above it.

    Where several windows or a pause leave a choice, the kernel settles for the exact clock; nowhere lower.
    """
    kernel = _kernel(random_week(Random(seed)))
    problem, layout = kernel.problem, kernel.layout
    if not kernel.shifts or not problem.stops:
        return
    now, best = (kernel._week(kernel.best) for _ in range(2))
    search(layout, now, best, 300, 1e6, 0.99, seed)
    price = week_price(layout, now)
    fresh = kernel._week(kernel._solution(now))
    assert week_price(layout, fresh) == pytest.approx(price, abs=1.0)
    for name in ("ready", "reach", "highest", "before", "after"):
        for row, count in enumerate(now.halts):
            if count:
                assert np.array_equal(
                    getattr(now, name)[row, : count + 1], getattr(fresh, name)[row, : count + 1]
                )
    assert np.array_equal(now.where, fresh.where)
    for row, index in enumerate(kernel.shifts):
        order = tuple(int(k) for k in now.order[row, : now.halts[row]])
        if not order:
            continue
        timing = time_if_punctual(problem, index, order)
        assert timing is not None
        assert now.duty[row] >= timing.duty
        paid = problem.shifts[index].hour_cents
        assert now.price[row] >= duty_mc(paid, timing.duty) - 1


@pytest.mark.parametrize("seed", range(100))
def test_answers_stand_before_the_referee_and_never_below_their_start(seed: int) -> None:
    problem = random_week(Random(1000 + seed))
    start = solve(problem, Budget(iterations=50), Insertion())
    result = solve(problem, Budget(iterations=400, seed=seed), Periodic())  # judged: raises if it falls
    assert result.cost.total_mc <= start.cost.total_mc


def test_the_same_seed_and_iterations_give_the_same_week() -> None:
    problem = random_week(Random(8))
    answers = [solve(problem, Budget(iterations=3000, seed=5), engine_named("periodic")) for _ in range(2)]
    assert answers[0].solution == answers[1].solution


def test_what_is_prepared_is_all_that_real_weeks_need() -> None:
    """A second signature would mean compiling again, a minute long, inside somebody's budget."""
    Periodic().prepare()
    prepared = len(search.signatures)
    for seed in range(5):
        solve(random_week(Random(seed)), Budget(iterations=10), Periodic())
    assert len(search.signatures) == prepared == 1


def test_a_hand_made_day_is_solved_to_the_best_order() -> None:
    result = solve(four_libraries(), Budget(iterations=500), Periodic())
    better = solve(four_libraries(), Budget(iterations=50), Insertion())
    assert result.cost.total_mc <= better.cost.total_mc


@pytest.mark.parametrize(
    "problem",
    [
        week([], [shift(0, 100)], travel([[0]])),
        week([stop(1, [(0, 100)])], [], travel([[0, 5], [5, 0]])),
        week([stop(1, [])], [shift(0, 100)], travel([[0, 5], [5, 0]])),
        week([stop(1, [(50, 50)])], [shift(0, 100)], travel([[0, 0], [0, 0]])),
        week([stop(1, [(0, 100)], deliver=1)], [shift(0, 100, capacity=0)], travel([[0, 5], [5, 0]])),
    ],
    ids=["no stop", "no shift", "never open", "an instant, on the spot", "no room aboard"],
)
def test_degenerate_weeks_are_answered_with_data(problem: WeekProblem) -> None:
    result = solve(problem, Budget(iterations=100), Periodic())
    served = {stop for route in result.solution.routes for stop in route.stops}
    assert served | {entry.stop for entry in result.unassigned} == set(range(len(problem.stops)))


def test_a_cancelled_search_hands_in_what_it_has() -> None:
    budget = Budget(seconds=3600, listener=lambda _: budget.cancel())
    result = solve(random_week(Random(3)), budget, Periodic())
    assert budget.cancelled
    assert budget.spent_s < 600  # compiling included, far from the hour allowed
    assert result.schedules.keys() == {route.shift for route in result.solution.routes}


def test_reloading_an_impossible_week_is_noticed() -> None:
    kernel = _kernel(week([stop(1, [(0, 10)])], [shift(0, 100)], travel([[0, 5], [5, 0]])))
    wrong = kernel._week(kernel.best)
    wrong.order[0, :2], wrong.halts[0] = 0, 2  # the same stop twice: the second time it is closed
    wrong.order[0, 1] = 0
    kernel.layout.service[0] = 50
    assert not reload(kernel.layout, wrong)
