"""One day by the routing library: its answers hold, mean what our clock means, and nothing crashes it."""

from dataclasses import replace
from typing import Any

import pytest

from models.values import TimeWindow
from routing.budget import Budget
from routing.engines.ortools.day import DayModel, Effort
from routing.engines.prices import Stops
from routing.problem import Break, Pair, Position, Shift, WeekProblem
from routing.schedule import schedule
from routing.solution import Route
from tests.instances import four_libraries, shift, stop, travel, week

OPEN = [(0, 1000)]
LEGS = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]  # a street, the depot at one end
TWO_VANS = (shift(0, 1000, vehicle="V1", km_cents=30), shift(0, 1000, vehicle="V2", km_cents=30))


def orders(problem: WeekProblem, **given: Any) -> dict[int, Stops] | None:
    stops = range(len(problem.stops))
    found = DayModel(problem, 0, stops).orders(Effort(looks=300), Budget(iterations=1), **given)
    for shift_index, order in (found or {}).items():
        unlocked = replace(problem, pairs=(), positions=())  # each round alone: pairs span them
        assert schedule(unlocked, Route(shift_index, order)).violations == ()
    return found


def street(*shifts: Shift, count: int = 3, **given: Any) -> WeekProblem:
    return week([stop(k + 1, OPEN) for k in range(count)], shifts or TWO_VANS, travel(LEGS), **given)


def test_the_four_libraries() -> None:
    assert orders(four_libraries()) == {0: (0, 1, 2, 3)}


def test_pickups_never_serve_deliveries() -> None:
    # Net of each other the crates never pass 5; but 10 leave the depot and 12 come home.
    for capacity, answer in ((12, {0: (0, 1, 2, 3)}), (11, None), (5, None)):
        assert orders(four_libraries(capacity=capacity)) == answer


def test_what_is_left_makes_room_for_what_is_taken() -> None:
    # Three leave, three come home, three fit: stop 1, which only takes, must come after stop 0.
    given = [stop(2, OPEN, deliver=3), stop(1, OPEN, collect=3)]
    found = orders(week(given, [shift(0, 1000, capacity=3, km_cents=30)], travel(LEGS)))
    assert found == {0: (0, 1)}


def test_gaps_between_windows_are_closed() -> None:
    # 25 s after stop 0 at the soonest, stop 1 is between its windows unless it comes first.
    given = [stop(1, [(10, 12)], setup_s=5), stop(2, [(0, 24), (900, 1000)])]
    assert orders(week(given, [shift(0, 500)], travel(LEGS))) is None
    assert orders(week(given, [shift(0, 1000)], travel(LEGS))) == {0: (0, 1)}


def test_a_window_that_no_shift_meets_is_no_answer_and_no_crash() -> None:
    given = [stop(1, [(2000, 3000)]), stop(2, OPEN)]
    assert orders(week(given, [shift(0, 1000)], travel(LEGS))) is None


@pytest.mark.parametrize(("length_s", "answer"), [(100, {0: (0,)}), (101, None)])
def test_the_pause_must_fit(length_s: int, answer: dict[int, Stops] | None) -> None:
    # Home after 200, and leaving at 200 + 100 or later is too late for the stop: the pause is owed. It begins
    # at 200 sharp and is over by the time the stop closes, at 300, or not at all.
    rest = Break(window=TimeWindow(200, 200), length_s=length_s)
    given = stop(1, [(290, 300)], setup_s=10)
    problem = week([given], [shift(0, 430, pause=rest)], travel([[0, 10], [10, 0]]))
    assert orders(problem) == answer


def test_a_pause_is_not_owed_by_who_is_home_before_it() -> None:
    rest = Break(window=TimeWindow(100, 100), length_s=900)
    assert orders(street(shift(0, 1000, pause=rest))) is not None  # 60 s of street, home by 100


def test_allowed_shifts_and_locked_rounds() -> None:
    problem = street()
    only = replace(problem.stops[0], shifts=frozenset({1}))
    found = orders(replace(problem, stops=(only, *problem.stops[1:])))
    assert found is not None
    assert 0 in found[1]
    left = orders(street(replace(TWO_VANS[0], locked=(0,)), TWO_VANS[1]))
    assert left is not None
    assert set(left) == {1}  # the locked round is none of its business
    none_open = replace(problem, stops=(replace(problem.stops[0], shifts=frozenset()), *problem.stops[1:]))
    assert orders(none_open) is None


@pytest.mark.parametrize("vans", [TWO_VANS, TWO_VANS[:1]])
def test_a_pair_rides_one_round_in_sequence(vans: tuple[Shift, ...]) -> None:
    found = orders(street(*vans, pairs=(Pair(first=2, second=0),)))
    assert found is not None
    (order,) = found.values()
    assert order.index(2) < order.index(0)


def test_pairs_in_a_chain_are_kept_from_a_start() -> None:
    pairs = (Pair(first=2, second=0), Pair(first=1, second=2))
    assert orders(street(pairs=pairs), start={0: (1, 2, 0)}) == {0: (1, 2, 0)}


@pytest.mark.parametrize("position", [0, 1, 2])
def test_positions_count_from_the_depot(position: int) -> None:
    locked = (Position(stop=2, shift=0, position=position),)
    found = orders(street(TWO_VANS[0], positions=locked))
    assert found is not None
    assert found[0][position] == 2


def test_a_position_out_of_reach_sends_its_stop_elsewhere() -> None:
    # There is no third halt for the only stop of the first round.
    assert orders(street(count=1, positions=(Position(stop=0, shift=0, position=2),))) == {1: (0,)}


def test_a_start_is_kept_or_bettered() -> None:
    best = orders(street(), start={0: (1, 0, 2)})
    assert best in ({0: (0, 1, 2)}, {0: (2, 1, 0)})


def test_a_start_that_breaks_something_is_forgotten() -> None:
    assert orders(four_libraries(), start={0: (3, 2, 1, 0)}) == {0: (0, 1, 2, 3)}


def test_looks_repeat_exactly() -> None:
    problem = street()
    told = {str(orders(problem)) for _ in range(5)}
    assert len(told) == 1


def test_a_cancelled_search_ends() -> None:
    budget = Budget(iterations=1)
    budget.cancel()
    DayModel(street(), 0, range(3)).orders(Effort(looks=10**12), budget)
