"""Problems and solutions through JSON and back."""

import json
from dataclasses import fields
from random import Random

import numpy as np
import pytest

from models.errors import InputError
from routing.codec import dump_problem, dump_solution, load_problem, load_solution
from routing.problem import WeekProblem
from routing.solution import Route, Solution
from tests.instances import four_libraries, random_week


def _same(a: WeekProblem, b: WeekProblem) -> bool:
    plain = [f.name for f in fields(a) if f.init and f.name != "travel"]
    return (
        all(getattr(a, name) == getattr(b, name) for name in plain)
        and a.travel.ids == b.travel.ids
        and a.travel.points == b.travel.points
        and a.travel.stamp == b.travel.stamp
        and np.array_equal(a.travel.seconds, b.travel.seconds)
        and np.array_equal(a.travel.metres, b.travel.metres)
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_problem_is_read_back_equal(seed: int) -> None:
    problem = random_week(Random(seed))
    text = json.dumps(dump_problem(problem))
    assert _same(load_problem(json.loads(text)), problem)


def test_a_solution_is_read_back_equal() -> None:
    solution = Solution((1, 0, 2), (Route(0, (2, 0)), Route(3, (1,))))
    assert load_solution(json.loads(json.dumps(dump_solution(solution)))) == solution


def test_an_unreadable_problem_names_its_field() -> None:
    document = dump_problem(four_libraries())
    document["shifts"][0]["capacity"] = "beaucoup"
    with pytest.raises(InputError, match=r"champ « shifts\.0\.capacity »"):
        load_problem(document)


def test_a_contradictory_problem_says_what_does_not_fit() -> None:
    document = dump_problem(four_libraries())
    document["stops"][2]["place"] = 99
    with pytest.raises(InputError, match="C: its place is not in the travel matrix"):
        load_problem(document)


def test_another_version_is_refused() -> None:
    document = dump_problem(four_libraries())
    document["version"] = 2
    with pytest.raises(InputError, match="version"):
        load_problem(document)


@pytest.mark.parametrize("document", [{}, {"format": "navette-week-problem"}, {"days": None}])
def test_what_is_not_a_problem_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(InputError):
        load_problem(document)
