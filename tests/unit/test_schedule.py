"""The four libraries by hand (`tests.instances.four_libraries`), and what a schedule says of a bad order."""

from dataclasses import replace

import pytest

from models.values import TimeWindow
from routing.problem import Break, Pair, Position, WeekProblem
from routing.schedule import Breach, Schedule, Violation, schedule
from routing.solution import Route
from tests.instances import four_libraries, shift, stop, travel, week

A, B, C, D = range(4)


def alphabet(problem: WeekProblem) -> Schedule:
    return schedule(problem, Route(0, (A, B, C, D)))


def test_clock_of_the_four_libraries() -> None:
    timed = alphabet(four_libraries())
    # A opens until 30000, then not before 36000, when B is closed: leave by 30000 − 600 = 29400.
    assert timed.start_s == 29400
    assert [(h.arrival_s, h.begin_s, h.end_s) for h in timed.halts] == [
        (30000, 30000, 30220),  # 29400 + 600; service 120 + 20 × (4 + 1) = 220
        (30620, 30620, 30900),  # + 400; 120 + 20 × 8 = 280
        # + 900 = 31800, C's morning ended at 31200. Pause from 32400 to 34200, just when C opens again.
        (34200, 34200, 34440),  # 120 + 20 × 6 = 240
        (34940, 34940, 35120),  # + 500; 120 + 20 × 3 = 180
    ]
    assert timed.end_s == 36120  # + 1000
    assert timed.pause == (2, 32400)
    assert timed.duty_s == 36120 - 29400 - 1800 == 4920
    assert timed.travel_s == 600 + 400 + 900 + 500 + 1000 == 3400
    assert timed.distance_m == 28_000
    assert timed.violations == ()
    assert timed.halts[C].window == TimeWindow(34200, 36000)


def test_without_a_pause_the_wait_is_paid() -> None:
    timed = alphabet(four_libraries(pause=None))
    assert timed.halts[C].wait_s == 34200 - 31800 == 2400
    # The same hours, and the 1800 s of the pause are worked: 4920 + 1800.
    assert (timed.start_s, timed.end_s, timed.duty_s) == (29400, 36120, 6720)


def test_loads_go_both_ways() -> None:
    timed = alphabet(four_libraries())
    assert timed.load_start == 4 + 3 + 2 + 1
    # 10 − 4 + 1, 7 − 3 + 5, 9 − 2 + 4, 11 − 1 + 2: what is taken never serves the next library.
    assert [halt.load_after for halt in timed.halts] == [7, 9, 11, 12]
    assert timed.load_peak == 12


def test_a_smaller_van_overflows_where_it_does() -> None:
    timed = alphabet(four_libraries(capacity=9))
    assert timed.violations == (
        Violation(Breach.OVERLOAD, 1),  # leaves with 10
        Violation(Breach.OVERLOAD, 2, C),  # 11 after C
        Violation(Breach.OVERLOAD, 3, D),  # 12 after D
    )


def test_the_other_way_round_keeps_time_but_not_the_load() -> None:
    backwards = Route(0, (D, C, B, A))
    # 10 − 1 + 2 = 11 after D, 11 − 2 + 4 = 13 after C, 13 − 3 + 5 = 15 after B, 15 − 4 + 1 = 12 after A.
    assert schedule(four_libraries(pause=None), backwards).violations == (
        Violation(Breach.OVERLOAD, 1, 1),
        Violation(Breach.OVERLOAD, 3, 2),
    )
    timed = schedule(four_libraries(pause=None, capacity=15), backwards)
    assert timed.violations == ()
    # C by 31200 at the latest ⇒ D by 31200 − 500 − 180 = 30520 ⇒ leave by 29520. Then B at
    # 31200 + 240 + 900 = 32340, A reached at 32340 + 280 + 400 = 33020, where nobody is before 36000.
    assert timed.start_s == 29520
    assert timed.halts[2].begin_s == 32340
    assert timed.halts[3].wait_s == 36000 - 33020


def test_lateness_overtime_and_closing_are_violations_with_amounts() -> None:
    minute_legs = [[0, 60, 60], [60, 0, 60], [60, 60, 0]]
    stops = [stop(1, [(0, 30)], setup_s=10), stop(2, [])]
    timed = schedule(week(stops, [shift(0, 100)], travel(minute_legs)), Route(0, (0, 1)))
    assert timed.violations == (
        Violation(Breach.LATE, 60 - 30, 0),
        Violation(Breach.CLOSED, 1, 1),
        Violation(Breach.OVERTIME, 60 + 10 + 60 + 60 - 100),
    )
    assert timed.halts[1].window is None


def test_a_pause_that_begins_too_late_is_a_violation() -> None:
    # Served at 60 at the latest, left at 120: the pause had to begin by 110. Resting on the way out, on
    # arrival, means from 100 to 150 and 90 s late at the stop; leaving rested, at 150, even more.
    rest = Break(window=TimeWindow(100, 110), length_s=50)
    problem = week([stop(1, [(0, 60)], setup_s=60)], [shift(0, 900, pause=rest)], travel([[0, 60], [60, 0]]))
    timed = schedule(problem, Route(0, (0,)))
    assert timed.violations == (Violation(Breach.PAUSE, 10),)
    assert timed.pause == (1, 120)
    assert timed.end_s == 120 + 50 + 60


def test_locks_are_violations() -> None:
    problem = four_libraries()
    free = problem.stops[A]
    locked = replace(
        problem,
        stops=(replace(free, shifts=frozenset()), *problem.stops[1:]),
        pairs=(Pair(first=B, second=A), Pair(first=A, second=D)),
        positions=(Position(stop=C, shift=0, position=1), Position(stop=D, shift=0, position=3)),
        shifts=(replace(problem.shifts[0], locked=(A, B)),),
    )
    assert alphabet(locked).violations == (
        Violation(Breach.LOCKED, 1),
        Violation(Breach.NOT_ALLOWED, 1, 0),
        Violation(Breach.POSITION, 1, 2),
        Violation(Breach.PAIR, B, 0),
    )


@pytest.mark.parametrize(("percent", "leg_s"), [(100, 333), (80, 416), (110, 303), (66, 505)])
def test_speeds_round_to_the_nearest_second(percent: int, leg_s: int) -> None:
    # 333 / 0.8 = 416.25, 333 / 1.1 = 302.7, 333 / 0.66 = 504.5 (halves go up)
    problem = week(
        [stop(1, [(0, 9999)])], [shift(0, 9999, speed_percent=percent)], travel([[0, 333], [333, 0]])
    )
    assert schedule(problem, Route(0, (0,))).halts[0].leg_s == leg_s


def test_an_empty_round_takes_no_time() -> None:
    timed = schedule(four_libraries(), Route(0, ()))
    assert (timed.duty_s, timed.distance_m, timed.load_peak, timed.violations) == (0, 0, 0, ())
