"""A problem is self-consistent or not built at all, and the culprit is named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.values import TimeWindow
from routing.problem import Break, Pair, Pattern, Position, Shift, Stop, WeekProblem
from tests.instances import four_libraries, shift, stop, travel, week

OPEN = [(0, 100)]
NEVER = Pattern(days=())


def one(given: Stop) -> WeekProblem:
    return week([given], [shift(0, 100)], travel([[0, 9], [9, 0]]), days=1)


def two(**changes: object) -> WeekProblem:
    return replace(four_libraries(), **changes)  # type: ignore[arg-type]


def van(**changes: object) -> WeekProblem:
    return week([stop(1, OPEN)], [replace(shift(0, 100), **changes)], travel([[0, 9], [9, 0]]))  # type: ignore[arg-type]


def vans(*shifts: Shift) -> WeekProblem:
    return week([stop(1, OPEN)], shifts, travel([[0, 9], [9, 0]]))


WRONG: dict[str, tuple[Callable[[], WeekProblem], str]] = {
    "no such place": (lambda: one(stop(2, OPEN)), "s2: its place"),
    "windows of too many days": (lambda: one(stop(1, OPEN, OPEN)), "s1: want windows"),
    "announcements of too many days": (lambda: one(stop(1, OPEN, announced=(None, 5))), "for 1 days"),
    "negative crates": (lambda: one(stop(1, OPEN, deliver=-1)), "s1: negative crates"),
    "negative service": (lambda: one(stop(1, OPEN, setup_s=-1)), "s1: negative crates"),
    "windows that touch": (lambda: one(stop(1, [(0, 5), (5, 9)])), "s1: windows overlap"),
    "windows out of sequence": (lambda: one(stop(1, [(6, 9), (0, 5)])), "s1: windows overlap"),
    "an allowed shift that is not": (
        lambda: one(stop(1, OPEN, shifts=frozenset({1}))),
        "s1: an allowed shift",
    ),
    "no empty pattern": (lambda: one(stop(1, OPEN, patterns=(Pattern(days=(0,)),))), "s1: the empty pattern"),
    "a pattern twice": (lambda: one(stop(1, OPEN, patterns=(NEVER, NEVER))), "s1: a pattern stands twice"),
    "a pattern beyond the days": (
        lambda: one(stop(1, OPEN, patterns=(NEVER, Pattern(days=(1,))))),
        "leaves the horizon",
    ),
    "unsorted days": (
        lambda: week(
            [stop(1, OPEN, OPEN, patterns=(NEVER, Pattern(days=(1, 0))))], [], travel([[0, 9], [9, 0]])
        ),
        "unsorted",
    ),
    "a position for nobody": (
        lambda: two(positions=(Position(stop=4, shift=0, position=0),)),
        "points nowhere",
    ),
    "a position before the first": (
        lambda: two(positions=(Position(stop=0, shift=0, position=-1),)),
        "points nowhere",
    ),
    "a pair of one": (lambda: two(pairs=(Pair(first=1, second=1),)), "needs two stops"),
    "a pair with nobody": (lambda: two(pairs=(Pair(first=1, second=4),)), "needs two stops"),
    "a shift on no day": (lambda: van(day=1), "unknown place or day"),
    "a shift from nowhere": (lambda: van(start=2), "unknown place or day"),
    "no speed": (lambda: van(speed_percent=0), "no speed"),
    "a negative capacity": (lambda: van(capacity=-1), "negative capacity"),
    "a negative pause": (lambda: van(pause=Break(window=TimeWindow(0, 1), length_s=-1)), "negative length"),
    "a locked stop that is not": (lambda: van(locked=(1,)), "does not exist"),
    "a stop locked twice": (lambda: van(locked=(0, 0)), "stands twice"),
    "one shift id twice": (lambda: vans(shift(0, 10, id="x"), shift(20, 30, id="x")), "stands twice"),
    "a van in two places": (lambda: vans(shift(0, 10), shift(9, 30)), "want one vehicle"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_contradicts_itself_is_not_built(wrong: str) -> None:
    build, told = WRONG[wrong]
    with pytest.raises(ValueError, match=told):
        build()


def test_rounds_of_one_van_may_follow_each_other_at_once() -> None:
    assert vans(shift(0, 10), shift(10, 30)).shifts_of_day == ((0, 1),)


def test_windows_of_one_day_may_be_a_second_apart() -> None:
    assert one(stop(1, [(0, 5), (6, 9)])).stops[0].windows[0][1] == TimeWindow(6, 9)


def test_who_may_ride() -> None:
    days = [stop(1, OPEN, []), stop(2, OPEN, OPEN, shifts=frozenset({1})), stop(3, OPEN, OPEN)]
    rounds = [shift(0, 50), shift(0, 50, day=1), shift(60, 90, locked=(2,))]
    problem = week(days, rounds, travel([[0] * 4] * 4))
    allowed = [[problem.allows(k, s) for s in range(3)] for k in range(3)]
    assert allowed == [
        [True, False, False],  # closed on day 1; not in the locked round
        [False, True, False],  # only shift 1
        [True, True, True],
    ]


def test_service_is_once_a_visit_and_once_a_crate() -> None:
    assert stop(1, OPEN, deliver=4, collect=1, setup_s=120, handling_s=20).service_s == 120 + 20 * 5
