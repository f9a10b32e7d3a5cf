"""The recipe from end to end on what a coordinator may well ask: nothing, too little, the impossible."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.errors import EngineError, InputError
from routing.budget import Budget
from routing.engines.engine import engine_named
from routing.problem import Pair, Position, WeekProblem
from routing.solution import Cause, Route, Solution, nothing_planned
from routing.solve import Result, solve
from tests.instances import days_of, four_libraries, shift, stop, travel, week

ENGINES = ["insertion", "ortools", "periodic"]
OPEN = [(0, 1000)]
LEGS = [[0, 10, 10], [10, 0, 10], [10, 10, 0]]
HERE = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
VAN = shift(0, 1000)

# What is asked; the stops that ride (by shift), and why others do not.
Told = tuple[dict[int, set[int]], dict[int, Cause]]
DEAR = days_of(1, missing_cents=9000)  # rather than others
ASKED: dict[str, tuple[Callable[[], WeekProblem], Told]] = {
    "no stop": (lambda: week([], [VAN], travel(LEGS)), ({}, {})),
    "no stop, no shift": (lambda: week([], [], travel([[0]])), ({}, {})),
    "no shift": (
        lambda: week([stop(1, OPEN), stop(2, OPEN)], [], travel(LEGS)),
        ({}, {0: Cause.NEVER_OPEN, 1: Cause.NEVER_OPEN}),
    ),
    "one stop": (lambda: week([stop(1, OPEN)], [VAN], travel(LEGS)), ({0: {0}}, {})),
    "never open": (
        lambda: week([stop(1, []), stop(2, [])], [VAN], travel(LEGS)),
        ({}, {0: Cause.NEVER_OPEN, 1: Cause.NEVER_OPEN}),
    ),
    "open only on a day without a shift": (
        lambda: week([stop(1, [], OPEN), stop(2, OPEN, OPEN)], [VAN], travel(LEGS)),
        ({0: {1}}, {0: Cause.NEVER_OPEN}),
    ),
    "open only before the shift": (
        lambda: week([stop(1, [(0, 99)])], [shift(100, 900)], travel(LEGS)),
        ({}, {0: Cause.OUTSIDE_SHIFTS}),
    ),
    "an instant": (lambda: week([stop(1, [(500, 500)])], [VAN], travel(LEGS)), ({0: {0}}, {})),
    "two places at one instant": (
        lambda: week([stop(1, [(500, 500)], patterns=DEAR), stop(2, [(500, 500)])], [VAN], travel(LEGS)),
        ({0: {0}}, {1: Cause.NO_ROOM}),
    ),
    "all at the depot": (
        lambda: week([stop(1, [(7, 7)]), stop(2, [(7, 7)])], [VAN], travel(HERE)),
        ({0: {0, 1}}, {}),
    ),
    "no room for a crate": (
        lambda: week([stop(1, OPEN, deliver=1), stop(2, OPEN)], [shift(0, 1000, capacity=0)], travel(LEGS)),
        ({0: {1}}, {0: Cause.TOO_MANY_CRATES}),
    ),
    "a shift of no length": (
        lambda: week([stop(1, OPEN), stop(0, OPEN, id="depot")], [shift(9, 9)], travel(LEGS)),
        ({0: {1}}, {0: Cause.TOO_FAR}),
    ),
    "seven days, one shift": (
        lambda: week(
            [stop(1, *[OPEN] * 7, patterns=days_of(7, 2))], [replace(VAN, day=6)], travel(LEGS), days=7
        ),
        ({0: {0}}, {0: Cause.FEW_DAYS}),
    ),
    "a locked round that cannot be driven": (
        lambda: week([stop(1, [(0, 30)]), stop(2, [(0, 15)])], [replace(VAN, locked=(0, 1))], travel(LEGS)),
        ({}, {0: Cause.NOT_ALLOWED, 1: Cause.NOT_ALLOWED}),
    ),
    "a locked round that cannot be driven, and another van": (
        lambda: week(
            [stop(1, [(0, 30)]), stop(2, [(0, 15)])],
            [replace(VAN, locked=(0, 1)), shift(0, 1000, vehicle="V2")],
            travel(LEGS),
        ),
        ({1: {0, 1}}, {}),
    ),
    "a round locked to nobody": (
        lambda: week([stop(1, OPEN)], [replace(VAN, locked=())], travel(LEGS)),
        ({}, {0: Cause.NOT_ALLOWED}),
    ),
    "a round locked against a locked position": (
        lambda: week(
            [stop(1, OPEN), stop(2, OPEN)],
            [replace(VAN, locked=(0, 1)), shift(0, 1000, vehicle="V2")],
            travel(LEGS),
            positions=(Position(stop=0, shift=0, position=1),),
        ),
        ({1: {0, 1}}, {}),
    ),
    "a partner in a locked round elsewhere": (
        lambda: week(
            [stop(1, OPEN), stop(2, OPEN)],
            [replace(VAN, locked=(0,)), shift(0, 1000, vehicle="V2")],
            travel(LEGS),
            pairs=(Pair(first=0, second=1),),
        ),
        ({0: {0}}, {1: Cause.NO_ROOM}),
    ),
    "two pairs against each other": (
        lambda: week(
            [stop(1, OPEN, patterns=DEAR), stop(2, OPEN)],
            [VAN],
            travel(LEGS),
            pairs=(Pair(first=0, second=1), Pair(first=1, second=0)),
        ),
        ({0: {0}}, {1: Cause.NO_ROOM}),
    ),
}


def answered(problem: WeekProblem, engine: str) -> Result:
    return solve(problem, Budget(iterations=5), engine_named(engine))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("asked", ASKED)
def test_the_impossible_is_data_with_reasons(asked: str, engine: str) -> None:
    build, (rides, reasons) = ASKED[asked]
    result = answered(build(), engine)
    assert {route.shift: set(route.stops) for route in result.solution.routes} == rides
    assert {entry.stop: entry.reason.cause for entry in result.unassigned} == reasons


@pytest.mark.parametrize("engine", ENGINES)
def test_the_result_is_whole(engine: str) -> None:
    result = answered(four_libraries(), engine)
    assert result.cost.total_mc == 5_900_000
    assert result.schedules[0].duty_s == 4920
    assert result.unassigned == ()


class Stubborn:
    """An engine that answers what it was told to."""

    def __init__(self, answer: Solution) -> None:
        self.answer = answer

    def solve(self, problem: WeekProblem, budget: Budget, start: Solution | None = None) -> Solution:
        return self.answer


def test_a_wrong_answer_is_an_engine_error() -> None:
    late = Solution((1, 1, 0, 0), (Route(0, (1, 0)),))
    problem = four_libraries(window=replace(four_libraries().shifts[0].window, late=35000))
    with pytest.raises(EngineError, match="morning: home at"):
        solve(problem, Budget(iterations=1), Stubborn(late))


def test_an_empty_answer_is_an_answer() -> None:
    problem = four_libraries()
    result = solve(problem, Budget(iterations=1), Stubborn(nothing_planned(problem)))
    assert sum(entry.missing for entry in result.unassigned) == 4
    assert result.cost.total_mc == 4 * 8_000_000


def test_an_unknown_engine_is_told_with_those_that_exist() -> None:
    with pytest.raises(InputError, match="« quantique »") as told:
        engine_named("quantique")
    assert all(name in str(told.value) for name in ENGINES)
