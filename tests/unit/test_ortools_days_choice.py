"""What a visit is worth by the rounds as they stand, and which days CP-SAT then chooses."""

from typing import Any

from routing.engines.ortools.days_choice import Worth, choose_days
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.problem import Shift, WeekProblem
from routing.solution import Route, Solution
from tests.instances import days_of, shift, stop, travel, week

OPEN = [(0, 10_000)]
KM: dict[str, Any] = {"km_cents": 100}  # ten metres a second at a euro a kilometre: a cent a second


def street(*places: int, shifts: tuple[Shift, ...] = ()) -> WeekProblem:
    """Two days, a street with a door every ten seconds, the depot at one end; owed one visit each."""
    doors = range(max(places) + 1)
    stops = [stop(place, OPEN, OPEN, patterns=days_of(2)) for place in places]
    vans = shifts or (shift(0, 9000, **KM), shift(0, 9000, day=1, **KM))
    return week(stops, vans, travel([[10 * abs(a - b) for b in doors] for a in doors]))


def standing(problem: WeekProblem, patterns: tuple[int, ...], *routes: Route) -> WeekState:
    return WeekState(problem, RoutePrices(problem), Solution(patterns, routes))


def near(problem: WeekProblem) -> dict[int, list[int]]:
    return {k: [j for j in range(len(problem.stops)) if j != k] for k in range(len(problem.stops))}


def test_a_visit_is_worth_what_leaving_saves_or_coming_costs() -> None:
    problem = street(3, 5)
    state = standing(problem, (1, 1), Route(0, (0, 1)))
    worth = Worth(state, [0, 1], {0: [], 1: []})
    # Day 0: 100 s there and back for both. Without door 5, 60: it saves 40 cents; without door 3, nothing.
    # Day 1: nobody drives yet; 60 cents for door 3, 100 for door 5.
    assert worth.single == {(0, 0): 0, (1, 0): 40_000, (0, 1): 60_000, (1, 1): 100_000}
    assert worth.together == {}


def test_neighbours_are_cheaper_together() -> None:
    problem = street(3, 5)
    worth = Worth(standing(problem, (1, 1), Route(0, (0, 1))), [0, 1], near(problem))
    # Day 0: leaving together saves all 100, 60 more than one after the other: each is priced alone with
    # those 60, and both stay for 60 less. Day 1: once door 3 is driven to, door 5 adds 40, not 100.
    assert worth.single == {(0, 0): 60_000, (1, 0): 100_000, (0, 1): 60_000, (1, 1): 100_000}
    assert worth.together == {(0, 1, 0): -60_000, (0, 1, 1): -60_000}


def test_the_choice_by_these_prices_joins_neighbours() -> None:
    problem = street(3, 5)
    state = standing(problem, (1, 2), Route(0, (0,)), Route(1, (1,)))
    choice = choose_days(state, [0, 1], Worth(state, [0, 1], near(problem)), set(), seed=1)
    assert choice in ([1, 1], [2, 2])  # one day for both


def test_what_was_tried_is_not_chosen_again() -> None:
    problem = street(3, 5)
    state = standing(problem, (1, 2), Route(0, (0,)), Route(1, (1,)))
    worth = Worth(state, [0, 1], near(problem))
    tabu: set[tuple[int, ...]] = set()
    while (choice := choose_days(state, [0, 1], worth, tabu, seed=1)) is not None:
        assert tuple(choice) not in tabu | {(1, 2)}
        tabu.add(tuple(choice))
    assert len(tabu) == 3 * 3 - 1  # every choice but the present one, then none


def test_pinned_days_stay() -> None:
    vans = (shift(0, 9000, locked=(0,), **KM), shift(0, 9000, day=1, **KM))
    problem = street(3, 5, shifts=vans)
    state = WeekState(problem, RoutePrices(problem))
    assert (state.pinned, state.choice) == ({0: frozenset({0})}, [1, 0])
    choice = choose_days(state, [0, 1], Worth(state, [0, 1], near(problem)), set(), seed=1)
    assert choice == [1, 2]


def test_others_keep_their_days() -> None:
    problem = street(3, 4, 5)
    state = standing(problem, (1, 1, 2), Route(0, (0, 1)), Route(1, (2,)))
    choice = choose_days(state, [0, 1], Worth(state, [0, 1], near(problem)), set(), seed=3)
    assert choice is not None
    assert choice[2] == 2


def test_the_same_seed_chooses_the_same() -> None:
    problem = street(*range(2, 12))
    state = standing(problem, (0,) * 10)
    stops = list(range(10))
    worth = Worth(state, stops, near(problem))
    told = {str(choose_days(state, stops, worth, set(), seed=5)) for _ in range(3)}
    assert len(told) == 1
