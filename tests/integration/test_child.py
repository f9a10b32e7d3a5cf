"""Solving in a child process: answers, progress, stopping, dying."""

import json
import os
import signal
import subprocess
import sys
import threading
from random import Random

import pytest

from models.errors import InputError
from routing.budget import Budget
from routing.child import Asked, Solver, Told
from routing.codec import dump_problem
from routing.engines.engine import engine_named
from routing.solve import solve
from tests.instances import four_libraries, random_week


def _ask(request: str) -> tuple[int, list[dict[str, object]]]:
    done = subprocess.run(
        [sys.executable, "-m", "routing"],
        input=request,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("engine", ["insertion", "ortools", "periodic"])
def test_a_child_answers_as_the_engine_does_here(engine: str) -> None:
    problem = random_week(Random(5))
    run = Solver(problem, Asked(engine=engine, iterations=3, seed=4)).run()
    here = solve(problem, Budget(iterations=3, seed=4), engine_named(engine))
    assert run.result.solution == here.solution
    assert run.result.cost == here.cost
    assert not run.interrupted


def test_progress_is_told_and_never_rises() -> None:
    told: list[Told] = []
    run = Solver(random_week(Random(7)), Asked(seconds=1.0), told.append).run()
    costs = [one.cost_eur for one in told]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == pytest.approx(run.result.cost.total_mc / 100_000)


def test_stopping_keeps_the_best_so_far() -> None:
    heard = threading.Event()
    solver = Solver(random_week(Random(7)), Asked(seconds=50), lambda _: heard.set())

    def stop_when_heard() -> None:
        heard.wait(30)
        solver.stop()

    stopper = threading.Thread(target=stop_when_heard)
    stopper.start()
    run = solver.run()
    stopper.join()
    assert run.interrupted
    assert run.spent_s < 20  # far from the 50 s allowed, however slow the machine
    assert run.result.solution.routes


def test_a_killed_child_leaves_its_last_incumbent() -> None:
    solver = Solver(random_week(Random(7)), Asked(seconds=50))

    def kill(_: Told) -> None:
        assert solver.child.process is not None
        os.kill(solver.child.process.pid, signal.SIGKILL)

    solver._listener = kill
    run = solver.run()
    assert run.interrupted
    assert run.result.solution.routes


def test_a_child_that_never_spoke_is_an_error() -> None:
    with pytest.raises(InputError, match="n'existe pas"):
        Solver(four_libraries(), Asked(engine="magie", seconds=1)).run()


@pytest.mark.parametrize("request_text", ["", "{", "[]", '{"problem": {}}', '{"problem": {}, "budget": {}}'])
def test_a_bad_request_is_told_in_french_with_exit_code_2(request_text: str) -> None:
    code, lines = _ask(request_text)
    assert code == 2
    assert [line["kind"] for line in lines] == ["error"]


def test_the_last_line_is_the_answer() -> None:
    request = {"problem": dump_problem(four_libraries()), "budget": {"iterations": 5}, "engine": "insertion"}
    code, lines = _ask(json.dumps(request))
    assert code == 0
    assert lines[-1]["kind"] == "result"
    assert {line["kind"] for line in lines[:-1]} == {"progress"}
