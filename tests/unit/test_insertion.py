"""Regret insertion on weeks whose best answer is plain to see, and its locks."""

from typing import Any

from routing.budget import Budget
from routing.engines.insertion import Insertion
from routing.objective import cost_of
from routing.problem import Pair, Pattern, Position, Shift, Stop, WeekProblem
from routing.solution import Route, Solution
from tests.instances import days_of, shift, stop, travel, week

OPEN = [(0, 10_000)]
PLENTY = 1000
PAID: dict[str, Any] = {"hour_cents": 3600, "fixed_cents": 10}


def street(stops: list[Stop], *shifts: Shift, **given: Any) -> WeekProblem:
    """Places in a straight street, ten seconds from door to door, the depot at one end."""
    places = range(max(one.place for one in stops) + 1)
    return week(stops, shifts, travel([[10 * abs(a - b) for b in places] for a in places]), **given)


def solved(problem: WeekProblem, iterations: int = PLENTY, start: Solution | None = None) -> Solution:
    return Insertion().solve(problem, Budget(iterations=iterations), start)


def test_neighbours_share_a_round_and_a_day() -> None:
    # Either day would do for each; going out twice costs ten cents and a street more.
    stops = [stop(place, OPEN, OPEN) for place in (3, 4, 5)]
    answer = solved(street(stops, shift(0, 9000, **PAID), shift(0, 9000, day=1, **PAID)))
    assert [sorted(route.stops) for route in answer.routes] == [[0, 1, 2]]
    assert len(set(answer.patterns)) == 1


def test_the_one_with_least_choice_goes_first() -> None:
    # Room for one crate a day. Stop 1 can only come on day 0, stop 0 on both: 0 must leave it the day.
    stops = [stop(1, OPEN, OPEN, deliver=1), stop(1, OPEN, [], id="only", deliver=1)]
    vans = [shift(0, 9000, capacity=1, **PAID), shift(0, 9000, day=1, capacity=1, **PAID)]
    assert solved(street(stops, *vans)).routes == (Route(0, (1,)), Route(1, (0,)))


def test_what_is_not_worth_its_price_is_left() -> None:
    # 200 s there and back at a cent a second, and 10 cents to go out.
    for price, routes in ((209, ()), (211, (Route(0, (0,)),))):
        far = stop(10, OPEN, patterns=days_of(1, missing_cents=price))
        assert solved(street([far], shift(0, 9000, **PAID))).routes == routes


def test_one_iteration_is_one_stop() -> None:
    stops = [stop(place, OPEN) for place in (1, 2, 3)]
    answer = solved(street(stops, shift(0, 9000)), iterations=2)
    assert sum(len(route.stops) for route in answer.routes) == 2


def test_a_pair_rides_together_in_sequence() -> None:
    # On the way out 1 comes first; the pair says 2 before 1.
    stops = [stop(1, OPEN), stop(2, OPEN)]
    problem = street(stops, shift(0, 9000), shift(0, 9000, vehicle="V2"), pairs=(Pair(first=1, second=0),))
    assert solved(problem).routes == (Route(0, (1, 0)),)


def test_stops_shifted_by_one_that_is_let_go_are_let_go_too() -> None:
    # Two stops are locked to places 1 and 2 of a round that nobody else joins: 0 cannot be filled.
    locks = (Position(stop=1, shift=0, position=2), Position(stop=0, shift=0, position=1))
    problem = street([stop(1, OPEN), stop(2, OPEN)], shift(0, 9000), positions=locks)
    assert solved(problem).routes == ()


def test_a_locked_round_is_driven_as_it_stands_and_the_rest_around_it() -> None:
    stops = [stop(1, OPEN, OPEN, patterns=days_of(2, 2)), stop(2, OPEN, OPEN)]
    vans = [shift(0, 9000, locked=(1, 0)), shift(0, 9000, day=1)]
    answer = solved(street(stops, *vans))
    assert answer.routes == (Route(0, (1, 0)), Route(1, (0,)))  # both visits of 0, the locked one of 1


def test_locked_rounds_that_contradict_each_other_are_not_both_driven() -> None:
    stops = [stop(1, OPEN), stop(2, OPEN)]
    vans = [shift(0, 9000, locked=(0,)), shift(0, 9000, vehicle="V2", locked=(0, 1))]
    assert solved(street(stops, *vans)).routes == (Route(0, (0,)),)
    apart = [shift(0, 9000, locked=(0,)), shift(0, 9000, vehicle="V2", locked=(1,))]
    assert solved(street(stops, *apart, pairs=(Pair(first=0, second=1),))).routes == (Route(0, (0,)),)


def test_a_warm_start_keeps_what_it_has_and_adds() -> None:
    stops = [stop(1, OPEN), stop(2, OPEN)]
    problem = street(stops, shift(0, 9000), shift(0, 9000, vehicle="V2"))
    start = Solution((0, 1), (Route(1, (1,)),))
    answer = solved(problem, start=start)
    assert {stop for route in answer.routes for stop in route.stops} == {0, 1}
    assert 1 in answer.by_shift[1]


def test_a_warm_start_without_the_locked_round_is_taken_as_it_is() -> None:
    stops = [stop(1, OPEN, OPEN), stop(2, OPEN, OPEN)]
    problem = street(stops, shift(0, 9000, locked=(0,)), shift(0, 9000, day=1))
    start = Solution((2, 2), (Route(1, (0, 1)),))
    assert solved(problem, start=start) == start


def test_a_warm_start_half_served_by_a_locked_round_keeps_its_days() -> None:
    # Locked on day 0, served on day 1, owed a third visit: no day is visited twice, none is forgotten.
    given = stop(1, OPEN, OPEN, OPEN, patterns=days_of(3, 3))
    problem = street([given], shift(0, 9000, locked=(0,)), *(shift(0, 9000, day=day) for day in (1, 2)))
    choice = next(k for k, pattern in enumerate(given.patterns) if pattern.days == (0, 1))
    start = Solution((choice,), (Route(0, (0,)), Route(1, (0,))))
    answer = solved(problem, start=start)
    days = given.patterns[answer.patterns[0]].days
    assert sorted(problem.shifts[route.shift].day for route in answer.routes) == list(days)
    assert cost_of(problem, answer).total_mc <= cost_of(problem, start).total_mc


def test_a_locked_day_that_is_no_pattern_by_itself_is_kept_with_the_others() -> None:
    pair_of_days = (Pattern(days=(), missing=2, missing_cents=9000), Pattern(days=(0, 1)))
    given = stop(1, OPEN, OPEN, patterns=pair_of_days)
    problem = street([given], shift(0, 9000, locked=(0,)), shift(0, 9000, day=1))
    start = Solution((1,), (Route(0, (0,)), Route(1, (0,))))
    assert solved(problem, start=start) == start
