"""What no round can carry leaves the problem with a reason and its amount; the rest stays."""

from dataclasses import replace
from typing import Any

from routing.problem import Shift, Stop, WeekProblem
from routing.screen import screen
from routing.solution import Cause, Reason
from tests.instances import days_of, shift, stop, travel, week

OPEN = [(0, 1000)]
VAN = shift(0, 1000, capacity=5)


def problem_of(given: Stop, *shifts: Shift) -> WeekProblem:
    """The stop is 100 s from the depot; a second one, beside the depot, is always fine."""
    days = len(given.windows)
    other = stop(2, *[OPEN] * days)
    return week(
        [given, other], shifts or (VAN,), travel([[0, 100, 1], [100, 0, 100], [1, 100, 0]]), days=days
    )


def reason(given: Stop, *shifts: Shift) -> Reason | None:
    screened, reasons = screen(problem_of(given, *shifts))
    assert screened.stops[0].patterns[0].days == ()
    assert set(reasons) <= {0}
    return reasons.get(0)


def a_stop(*open_on: Any, **given: Any) -> Stop:
    return stop(1, *(open_on or (OPEN,)), **given)


def test_nothing_leaves_a_problem_that_can_be_served() -> None:
    problem = problem_of(a_stop())
    assert screen(problem) == (problem, {})


def test_never_open() -> None:
    assert reason(a_stop([])) == Reason(Cause.NEVER_OPEN)


def test_open_only_on_days_without_a_shift() -> None:
    assert reason(a_stop([], OPEN)) == Reason(Cause.NEVER_OPEN)


def test_open_beyond_the_reach_of_the_shift() -> None:
    # There at 100 at the soonest, closed since 40.
    assert reason(a_stop([(0, 40)])) == Reason(Cause.OUTSIDE_SHIFTS, 60)
    # Served at 950, home at 1050: 50 after the shift.
    assert reason(a_stop([(950, 990)])) == Reason(Cause.OUTSIDE_SHIFTS, 50)


def test_the_nearest_miss_of_all_shifts_is_told() -> None:
    early, later = shift(0, 400), shift(400, 800)
    assert reason(a_stop([(720, 800)]), early, later) == Reason(Cause.OUTSIDE_SHIFTS, 20)


def test_too_far() -> None:
    # There and back 200, service 900: 1100 of 1000.
    assert reason(a_stop(setup_s=900)) == Reason(Cause.TOO_FAR, 100)


def test_too_many_crates_either_way() -> None:
    assert reason(a_stop(deliver=6)) == Reason(Cause.TOO_MANY_CRATES, 1)
    assert reason(a_stop(collect=8), VAN, shift(0, 999, vehicle="V2", capacity=6)) == Reason(
        Cause.TOO_MANY_CRATES, 2
    )
    assert reason(a_stop(deliver=5, collect=5)) is None  # one after the other, never together


def test_not_allowed() -> None:
    assert reason(a_stop(shifts=frozenset())) == Reason(Cause.NOT_ALLOWED)
    assert reason(a_stop(), replace(VAN, locked=(1,))) == Reason(Cause.NOT_ALLOWED)


def test_a_locked_round_is_judged_as_a_whole() -> None:
    assert reason(a_stop(), replace(VAN, locked=(0, 1))) is None
    # Alone it would do; behind 901 s at the other one, it is home at 1 + 901 + 100 + 100.
    slow = replace(problem_of(a_stop()).stops[1], setup_s=901)
    problem = problem_of(a_stop(), replace(VAN, locked=(1, 0)))
    _, reasons = screen(replace(problem, stops=(problem.stops[0], slow)))
    assert reasons == {0: Reason(Cause.NOT_ALLOWED), 1: Reason(Cause.NOT_ALLOWED)}


def test_fewer_days_than_visits() -> None:
    given = a_stop(OPEN, [], OPEN, patterns=days_of(3, 3))
    rounds = [replace(VAN, id=str(day), day=day) for day in range(3)]
    screened, reasons = screen(problem_of(given, *rounds))
    assert reasons == {0: Reason(Cause.FEW_DAYS, 2)}
    assert [pattern.days for pattern in screened.stops[0].patterns] == [(), (0,), (2,), (0, 2)]


def test_the_cause_nearest_to_a_remedy_is_told() -> None:
    given = a_stop([], [(0, 90)], OPEN, patterns=days_of(3), deliver=6)
    rounds = [
        replace(VAN, id="a", day=0),
        replace(VAN, id="b", day=1, capacity=9),  # ten seconds too late
        replace(VAN, id="c", day=2),  # a crate too many
    ]
    assert reason(given, *rounds) == Reason(Cause.OUTSIDE_SHIFTS, 10)
