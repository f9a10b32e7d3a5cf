"""When a search stops: by iterations, by seconds of a clock that we wind by hand, and when told to."""

import time
from collections.abc import Callable
from threading import Timer

import pytest

from routing.budget import Budget, Progress
from routing.engines.engine import engine_named
from routing.objective import Cost
from routing.screen import screen
from routing.solution import Solution
from routing.solve import solve
from tests.instances import full_week

ENGINES = ["insertion", "ortools", "periodic"]
SLACK = 8  # how many times slower than promised a busy machine may be before a test calls it broken
CANCEL_S, OVERRUN_S = 0.2, 0.3  # what is promised


def wound(*seconds: float) -> Callable[[], float]:
    """A clock that tells these times, one per look."""
    return iter(seconds).__next__


def test_a_budget_needs_an_end() -> None:
    with pytest.raises(ValueError, match="seconds, iterations or both"):
        Budget()


def test_iterations_run_out() -> None:
    budget = Budget(iterations=2)
    seen = []
    for _ in range(3):
        seen.append(budget.over)
        budget.step()
    assert seen == [False, False, True]
    assert budget.left_s is None
    assert not budget.pressing  # nothing hurries: only the count is full


def test_seconds_run_out() -> None:
    budget = Budget(seconds=10, clock=wound(100, 105, 109.5, 110, 117))
    assert budget.left_s == 5
    assert [budget.over, budget.over] == [False, True]
    assert budget.left_s == 0


def test_whichever_comes_first() -> None:
    assert Budget(seconds=10, iterations=0, clock=wound(0, 1)).over
    assert Budget(seconds=10, iterations=5, clock=wound(0, 11)).over
    assert not Budget(seconds=10, iterations=5, clock=wound(0, 9)).over


def test_a_cancelled_budget_is_over_at_once() -> None:
    budget = Budget(seconds=1000, iterations=1000)
    budget.cancel()
    assert (budget.over, budget.pressing) == (True, True)


def test_the_listener_hears_what_is_offered() -> None:
    heard: list[Progress] = []
    budget = Budget(seconds=10, clock=wound(0, 4, 4), listener=heard.append)
    budget.step()
    budget.offer(Solution(()), Cost(rounds_mc=5), 3)
    assert [(p.cost.total_mc, p.missing, p.iterations, p.spent_s, p.left_s) for p in heard] == [
        (5, 3, 1, 4, 6)
    ]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("given", [{"seconds": 60.0}, {"iterations": 100_000}])
def test_cancelling_from_another_thread_keeps_the_best_so_far(engine: str, given: dict[str, float]) -> None:
    problem, _ = screen(full_week(30))
    chosen, budget = engine_named(engine), Budget(**given)  # type: ignore[arg-type]
    told: list[float] = []

    def cancel() -> None:
        told.append(time.monotonic())
        budget.cancel()

    timer = Timer(0.4, cancel)
    timer.start()
    answer = chosen.solve(problem, budget)
    ended = time.monotonic()
    timer.join()
    assert answer.routes
    assert ended - told[0] < CANCEL_S * SLACK


def test_every_incumbent_is_better_than_the_one_before() -> None:
    heard: list[Progress] = []
    result = solve(full_week(12), Budget(iterations=6, listener=heard.append))
    totals = [progress.cost.total_mc for progress in heard]
    assert totals == sorted(set(totals), reverse=True)
    assert totals[-1] == result.cost.total_mc
    assert heard[-1].missing == sum(entry.missing for entry in result.unassigned)


@pytest.mark.parametrize("engine", ENGINES)
def test_seconds_are_kept(engine: str) -> None:
    problem, _ = screen(full_week(30))
    chosen = engine_named(engine)
    began = time.monotonic()
    chosen.solve(problem, Budget(seconds=1.0))
    assert time.monotonic() - began < 1.0 + OVERRUN_S * SLACK


@pytest.mark.parametrize("engine", ENGINES)
def test_a_budget_spent_before_it_begins_still_answers(engine: str) -> None:
    budget = Budget(seconds=0)
    budget.cancel()
    solve(full_week(12), budget, engine_named(engine))
