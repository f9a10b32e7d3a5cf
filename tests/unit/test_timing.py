"""`time_route` on orders small enough to time by eye; `tests.property.test_timing` tries all the others."""

from models.values import TimeWindow
from routing.problem import Break, WeekProblem
from routing.timing import Timing, time_if_punctual, time_route
from tests.instances import shift, stop, travel, week

ALWAYS = [(0, 1000)]


def in_a_row(*openings: list[tuple[int, int]], rest: Break | None = None, late: int = 1000) -> WeekProblem:
    """Stops ten seconds apart, five seconds of service each, the depot ten seconds from all."""
    places = range(len(openings) + 1)
    legs = [[0 if a == b else 10 for b in places] for a in places]
    stops = [stop(k + 1, list(pairs), setup_s=5) for k, pairs in enumerate(openings)]
    return week(stops, [shift(0, late, pause=rest)], travel(legs))


def timed(problem: WeekProblem) -> Timing:
    return time_route(problem, 0, tuple(range(len(problem.stops))))


def test_it_leaves_as_late_as_the_first_window_is_worth() -> None:
    # The second opens at 100: be at the first at 85, not before; leave at 75. Home at 115.
    found = timed(in_a_row(ALWAYS, [(100, 200)]))
    assert (found.start, found.begins, found.end, found.duty) == (75, [85, 100], 115, 40)


def test_it_waits_where_it_must() -> None:
    # The first closes at 20: begin at 20, done 25, there at 35, wait 65 for 100. Leave at 10.
    found = timed(in_a_row([(0, 20)], [(100, 200)]))
    assert (found.start, found.arrivals, found.begins, found.duty) == (10, [20, 35], [20, 100], 105)


def test_a_later_pair_of_windows_may_be_shorter() -> None:
    # Morning: 20, then wait for 100: duty 105. Afternoon: 300, then 315 in [310, 400]: 40 without a wait.
    found = timed(in_a_row([(0, 20), (300, 320)], [(100, 110), (310, 400)]))
    assert (found.begins, found.duty) == ([300, 315], 40)


def test_of_equal_duties_the_earliest_is_taken() -> None:
    assert timed(in_a_row([(50, 60), (80, 90)])).start == 40  # there at 50, when it opens


def test_a_closed_halt_counts_one_and_does_not_hold_the_departure() -> None:
    found = timed(in_a_row([], [(100, 200)]))
    assert (found.late, found.start, found.openings) == (1, 75, [-1, 0])


def test_lateness_is_the_least_there_is() -> None:
    # There at 10 at the soonest, closed since 4; the shift ends at 20, home at 25.
    found = timed(in_a_row([(0, 4)], late=20))
    assert (found.late, found.start, found.end) == (6 + 5, 0, 25)
    assert time_if_punctual(in_a_row([(0, 4)], late=20), 0, (0,)) is None


def test_no_pause_is_taken_by_who_is_home_before_it() -> None:
    found = timed(in_a_row([(0, 100)], rest=Break(window=TimeWindow(0, 50), length_s=30)))
    assert (found.pause, found.end <= 50, found.duty) == (None, True, 25)


def test_no_pause_is_taken_by_who_leaves_after_it() -> None:
    found = timed(in_a_row([(100, 200)], rest=Break(window=TimeWindow(20, 30), length_s=30)))
    assert (found.pause, found.duty) == (None, 25)
    assert found.start >= 20 + 30


def test_a_round_home_before_its_pause_beats_a_shorter_one_that_owes_it() -> None:
    # Second windows: duty 40, home at 330; the pause owed then, from 320 at the soonest, lasts beyond 350.
    # First windows: 20, wait, 100: duty 105, home at 115 and no pause owed.
    rest = Break(window=TimeWindow(320, 325), length_s=30)
    found = timed(in_a_row([(0, 20), (300, 320)], [(100, 110), (315, 400)], rest=rest, late=350))
    assert (found.late, found.pause, found.end) == (0, None, 115)


def test_a_pause_fills_a_wait_that_would_be_paid() -> None:
    # Waiting from 35 to 100 at the second; resting there from 40 to 80 costs nothing: 105 − 40.
    rest = Break(window=TimeWindow(40, 60), length_s=40)
    found = timed(in_a_row([(0, 20)], [(100, 200)], rest=rest))
    assert (found.pause, found.begins, found.duty) == ((1, 40), [20, 100], 65)


def test_a_pause_on_the_way_home() -> None:
    # Served at 20 at the latest, left at 25, home at 35 > 30: the pause begins at 25 and ends at 65.
    rest = Break(window=TimeWindow(20, 30), length_s=40)
    found = timed(in_a_row([(20, 20)], rest=rest))
    assert (found.pause, found.start, found.end, found.duty) == ((1, 25), 10, 75, 25)


def test_an_empty_order_goes_nowhere() -> None:
    found = timed(in_a_row())
    assert (found.begins, found.duty, found.late) == ([], 0, 0)


def test_a_duty_longer_than_its_bound_is_late_by_the_difference() -> None:
    # 100 s there, 50 s of service, 100 s back: 250 s, ten more than allowed.
    problem = week(
        [stop(1, [(0, 9000)], setup_s=50)], [shift(0, 9000, max_duty_s=240)], travel([[0, 100], [100, 0]])
    )
    timing = time_route(problem, 0, (0,))
    assert (timing.duty, timing.overlong, timing.late) == (250, 10, 10)
    assert time_if_punctual(problem, 0, (0,)) is None
