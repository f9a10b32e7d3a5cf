"""The same seed and iterations give the same week: twice, in other processes, whatever the clock does."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random

import pytest

from routing.budget import Budget
from routing.codec import dump_problem
from routing.engines.engine import engine_named
from routing.problem import WeekProblem
from routing.screen import screen
from routing.solution import Solution
from tests.instances import full_week, random_week

REPO = Path(__file__).parents[2]
EACH_ENGINE = pytest.mark.parametrize("engine", ["insertion", "ortools", "periodic"])


def answered(problem: WeekProblem, engine: str, **given: object) -> Solution:
    budget = Budget(**{"iterations": 4, "seed": 7, **given})  # type: ignore[arg-type]
    return engine_named(engine).solve(problem, budget)


@EACH_ENGINE
def test_twice_the_same(engine: str) -> None:
    for seed in range(600, 610):
        problem, _ = screen(random_week(Random(seed)))
        assert answered(problem, engine) == answered(problem, engine), seed


@EACH_ENGINE
def test_seconds_beside_iterations_change_nothing(engine: str) -> None:
    for seed in range(600, 608):
        problem, _ = screen(random_week(Random(seed)))
        assert answered(problem, engine, seconds=1000.0) == answered(problem, engine), seed


@EACH_ENGINE
@pytest.mark.parametrize("pace_s", [0.0, 0.7])
def test_a_standing_or_racing_clock_changes_nothing(engine: str, pace_s: float) -> None:
    for seed in range(615, 621):
        problem, _ = screen(random_week(Random(seed)))
        assert answered(problem, engine, clock=_clock(pace_s)) == answered(problem, engine), seed


def _clock(pace_s: float) -> Callable[[], float]:
    looks = count()
    return lambda: next(looks) * pace_s


@EACH_ENGINE
def test_another_process_answers_the_same(engine: str) -> None:
    problem = full_week(8)
    request = json.dumps({"problem": dump_problem(problem), "budget": {"iterations": 4}, "engine": engine})
    told = {_in_a_process(request, hash_seed) for hash_seed in ("0", "1", "4242")}
    assert len(told) == 1
    assert "shift" in told.pop()  # and it is not the empty week


def _in_a_process(request: str, hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "routing"],
        input=request,
        capture_output=True,
        text=True,
        check=True,
        cwd=REPO,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        timeout=60,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return json.dumps([(line["kind"], line.get("solution")) for line in lines])
