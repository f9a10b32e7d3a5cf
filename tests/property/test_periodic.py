"""The compiled kernel against the plain clock, and its answers against the referee."""

from random import Random

import numpy as np
import pytest

from routing.budget import Budget
from routing.engines.engine import engine_named
from routing.engines.insertion import Insertion
from routing.engines.periodic.clock import duty_of
from routing.engines.periodic.engine import FINE, Periodic, _Calculation
from routing.engines.periodic.placing import cheapest_place
from routing.engines.periodic.ruin import Ruin, choose_removed
from routing.engines.periodic.search import load, search, week_price
from routing.engines.periodic.state import Incumbent, Scratch, Week, empty_week
from routing.objective import duty_mc
from routing.problem import WeekProblem
from routing.screen import screen
from routing.solution import Solution
from routing.solve import solve
from routing.timing import time_if_punctual
from tests.instances import four_libraries, random_week, shift, stop, travel, week


def _kernel(problem: WeekProblem, seed: int = 1) -> _Calculation:
    screened, _ = screen(problem)
    return _Calculation(screened, Budget(iterations=1, seed=seed), None)


def _scratch(kernel: _Calculation) -> Scratch:
    return kernel.searches[0].scratch


def _loaded(kernel: _Calculation, solution: Solution) -> Week:
    found = empty_week(kernel.layout)
    assert load(kernel.layout, found, _scratch(kernel), kernel.incumbent(solution))
    return found


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
        duty, _ = duty_of(kernel.layout, _scratch(kernel), row, np.array(order, np.int64), len(order))
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
    now, best = _loaded(kernel, kernel.best), kernel.incumbent(kernel.best)
    search(layout, now, best, _scratch(kernel), FINE, 0.0, 300, 1e6, 0.99, seed)
    fresh = _loaded(kernel, kernel.solution(_as_incumbent(kernel, now)))
    assert week_price(layout, fresh) == pytest.approx(week_price(layout, now), abs=1.0)
    slots = [int(q) for q in now.slot]
    assert sorted([*slots, *(int(q) for q in now.spare)]) == list(range(2 * len(slots)))
    assert np.array_equal(now.where, fresh.where)
    for row, (q, other) in enumerate(zip(slots, fresh.slot, strict=True)):
        count = int(now.halts[q])
        for name in ("ready", "reach", "highest", "leg", "leg_m", "before", "after"):
            mine, theirs = getattr(now, name), getattr(fresh, name)
            if count and (layout.timed[row] or name not in ("before", "after")):
                assert np.array_equal(mine[q, : count + 1], theirs[other, : count + 1]), name
        order = tuple(int(k) for k in now.order[q, :count])
        if not order:
            continue
        timing = time_if_punctual(problem, kernel.shifts[row], order)
        assert timing is not None
        shift_of = problem.shifts[kernel.shifts[row]]
        if layout.timed[row]:
            assert now.duty[q] >= timing.duty
        assert now.price[q] >= duty_mc(shift_of.hour_cents, timing.duty) - 1


@pytest.mark.parametrize("seed", range(30))
def test_a_cold_search_only_ever_gains_what_it_says(seed: int) -> None:
    """Turns given up halfway leave no trace: the price kept up to date is that of the week computed anew."""
    kernel = _kernel(random_week(Random(500 + seed)))
    layout = kernel.layout
    if not kernel.shifts or not kernel.problem.stops:
        return
    now, best = _loaded(kernel, kernel.best), kernel.incumbent(kernel.best)
    price = week_price(layout, now)
    for part in range(5):
        least = search(layout, now, best, _scratch(kernel), FINE, price, 100, 0.0, 1.0, 10 * seed + part)
        assert least <= price
        assert least == pytest.approx(week_price(layout, now), abs=1.0)
        assert least == pytest.approx(week_price(layout, _loaded(kernel, kernel.solution(best))), abs=1.0)
        price = least


@pytest.mark.parametrize("seed", range(30))
def test_what_is_remembered_of_places_is_what_looking_again_finds(seed: int) -> None:
    """A round that did not change keeps its cheapest places for a stop: the same as when freshly priced."""
    kernel = _kernel(random_week(Random(seed)))
    layout = kernel.layout
    if not kernel.shifts or not kernel.problem.stops or layout.paired.any():
        return
    now, best = _loaded(kernel, kernel.best), kernel.incumbent(kernel.best)
    search(layout, now, best, _scratch(kernel), FINE, 0.0, 200, 1e6, 0.99, seed)
    fresh = _loaded(kernel, kernel.solution(_as_incumbent(kernel, now)))
    for index in range(len(layout.place)):
        for day in {int(d) for d in layout.day}:
            if now.where[index, day] >= 0 or layout.windows[index, day] == 0:
                continue
            _scratch(kernel).blink[0] = 10**9  # nothing is overlooked
            remembered = cheapest_place(layout, now, _scratch(kernel), index, day)
            looked = cheapest_place(layout, fresh, _scratch(kernel), index, day)
            assert remembered[0] == pytest.approx(looked[0], rel=1e-9, abs=1e-3)


@pytest.mark.parametrize("seed", range(100))
def test_answers_stand_before_the_referee_and_never_below_their_start(seed: int) -> None:
    problem = random_week(Random(1000 + seed))
    start = solve(problem, Budget(iterations=50), Insertion())
    result = solve(problem, Budget(iterations=400, seed=seed), Periodic())  # judged: raises if it falls
    assert result.cost.total_mc <= start.cost.total_mc


def _as_incumbent(kernel: _Calculation, now: Week) -> Incumbent:
    return Incumbent(now.order[now.slot], now.halts[now.slot], now.choice)


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


def test_loading_an_impossible_week_is_noticed() -> None:
    kernel = _kernel(week([stop(1, [(0, 10)])], [shift(0, 100)], travel([[0, 5], [5, 0]])))
    choice = kernel.incumbent(kernel.best).choice
    late = Incumbent(np.zeros((1, 2), np.int64), np.array([2]), choice)  # the second time it is closed
    kernel.layout.service[0] = 50
    assert not load(kernel.layout, empty_week(kernel.layout), _scratch(kernel), late)


@pytest.mark.parametrize("seed", range(6))
def test_searches_side_by_side_answer_as_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two annealings in threads, however many cores there are: each incumbent holds and is cheaper."""
    monkeypatch.setattr("routing.engines.periodic.engine._searches", lambda: 2)
    problem = random_week(Random(200 + seed))
    told: list[int] = []
    budget = Budget(seconds=0.4, seed=seed, listener=lambda progress: told.append(progress.cost.total_mc))
    result = solve(problem, budget, Periodic())
    assert told == sorted(told, reverse=True)
    assert result.cost.total_mc == told[-1]


@pytest.mark.parametrize("seed", range(40))
def test_the_first_turn_leaves_nobody_out_who_could_come_in(seed: int) -> None:
    """From an empty week, whatever the seed: only who has no place left stays away."""
    stops = [stop(k % 4 + 1, [(0, 9000)], id=f"s{k}") for k in range(12)]
    apart = [[abs(a - b) * 60 for a in range(5)] for b in range(5)]
    problem, _ = screen(week(stops, [shift(0, 9000)], travel(apart)))
    kernel = _Calculation(problem, Budget(iterations=1, seed=seed), None)
    kernel.searches[0].load(kernel.incumbent(kernel.best))
    kernel.searches[0].fill()
    routes = kernel.solution(kernel.searches[0].least).routes
    assert sorted(index for route in routes for index in route.stops) == list(range(12))


@pytest.mark.parametrize("seed", range(20))
def test_turns_of_a_region_begin_at_its_stops(seed: int) -> None:
    kernel = _kernel(random_week(Random(700 + seed)))
    count = len(kernel.problem.stops)
    if not kernel.shifts or count < 3:
        return
    now, scratch = _loaded(kernel, kernel.best), _scratch(kernel)
    middle = seed % count
    region = {middle, int(kernel.layout.near[middle, 0])}
    alone = Ruin(2.0, 3.0, 1.0, middle, len(region))  # strings of one halt: the first out is where it begins
    for _ in range(50):
        if choose_removed(kernel.layout, now, scratch, alone):
            assert int(scratch.removed[0]) in region
        scratch.marked[:] = False


@pytest.mark.parametrize("seed", range(20))
def test_the_cheapest_week_is_gone_back_to(seed: int) -> None:
    """However hot the search was since: the price that was told, and never above where it began."""
    kernel = _kernel(random_week(Random(800 + seed)))
    if not kernel.shifts or not kernel.problem.stops:
        return
    annealing = kernel.searches[0]
    annealing.load(kernel.incumbent(kernel.best))
    assert kernel.solution(annealing.least) == kernel.best
    annealing.fill()
    annealing.begin()
    begun = annealing.price
    annealing.run(200, FINE, 10.0 * annealing.heat, 1.0)
    told = annealing.least_mc
    annealing.load(annealing.least)
    assert annealing.price == annealing.least_mc == pytest.approx(told, abs=1.0)
    assert annealing.price <= begun + 1.0
