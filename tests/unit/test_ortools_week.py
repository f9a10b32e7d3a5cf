"""The two phases together on weeks whose best answer is plain, and what once crashed them."""

from typing import Any

from routing.budget import Budget
from routing.engines.insertion import Insertion
from routing.engines.ortools.week import OrtoolsWeek
from routing.objective import cost_of
from routing.problem import Pair, Pattern, WeekProblem
from routing.screen import screen
from routing.solution import Route, Solution
from routing.solve import solve
from tests.instances import days_of, full_week, shift, stop, travel, week

OPEN = [(0, 10_000)]
KM: dict[str, Any] = {"km_cents": 100}  # a cent a second


def street(doors: int) -> list[list[int]]:
    return [[10 * abs(a - b) for b in range(doors)] for a in range(doors)]


def solved(problem: WeekProblem, iterations: int = 20) -> Solution:
    return OrtoolsWeek().solve(problem, Budget(iterations=iterations))


def test_days_without_shifts_or_stops_are_no_business_of_or_tools() -> None:
    given = [stop(1, *[OPEN] * 7), stop(2, *[OPEN] * 7)]
    answer = solved(week(given, [shift(0, 9000, day=3)], travel(street(3))), iterations=3)
    assert [route.shift for route in answer.routes] == [0]


def test_two_ends_of_a_street_go_to_two_days_and_neighbours_to_one() -> None:
    # The depot stands in the middle; each van holds two crates, each round costs its way.
    doors = [(-5, "w1"), (-4, "w2"), (4, "e1"), (5, "e2")]
    places = [0, *(door for door, _ in doors)]
    legs = [[10 * abs(a - b) for b in places] for a in places]
    given = [stop(k + 1, OPEN, OPEN, id=name, deliver=1) for k, (_, name) in enumerate(doors)]
    vans = [shift(0, 9000, day=day, capacity=2, **KM) for day in range(2)]
    answer = solved(week(given, vans, travel(legs)))
    assert {frozenset(route.stops) for route in answer.routes} == {frozenset({0, 1}), frozenset({2, 3})}
    assert cost_of(week(given, vans, travel(legs)), answer).total_mc == 2 * 100_000


def test_days_are_weighed_against_readers_waiting() -> None:
    # Together on day 0 costs 50 cents of waiting for the second; alone on day 1 a round of 60.
    def answer(waiting: int) -> set[int]:
        late = (Pattern(days=(), missing=1, missing_cents=9000), Pattern(days=(0,), waiting_cents=waiting))
        given = [
            stop(3, OPEN, []),
            stop(3, OPEN, OPEN, id="second", patterns=(*late, Pattern(days=(1,)))),
        ]
        vans = [shift(0, 9000, day=day, **KM) for day in range(2)]
        return {len(route.stops) for route in solved(week(given, vans, travel(street(4)))).routes}

    assert answer(50) == {2}
    assert answer(70) == {1}


def test_pinned_visits_are_not_asked_for_twice() -> None:
    # Locked on day 0 and owed two visits; day 1 has no room beside the other stop, however it is tried.
    given = [stop(1, OPEN, OPEN, patterns=days_of(2, 2), deliver=2), stop(2, [], OPEN, deliver=2)]
    vans = [shift(0, 9000, locked=(0,), **KM), shift(0, 9000, vehicle="V2", **KM)]
    vans.append(shift(0, 9000, day=1, capacity=3, **KM))
    result = solve(week(given, vans, travel(street(3))), Budget(iterations=20), OrtoolsWeek())
    assert result.solution.by_shift[0] == (0,)
    assert sum(entry.missing for entry in result.unassigned) == 1


def test_a_stop_whose_partner_is_locked_elsewhere_stays_at_home_or_takes_another_day() -> None:
    given = [stop(1, OPEN, OPEN), stop(2, OPEN, []), stop(2, OPEN, OPEN, id="free")]
    vans = [shift(0, 9000, locked=(0,)), shift(0, 9000, vehicle="V2"), shift(0, 9000, day=1)]
    pairs = (Pair(first=1, second=0), Pair(first=0, second=2))
    result = solve(week(given, vans, travel(street(3)), pairs=pairs), Budget(iterations=20), OrtoolsWeek())
    assert result.solution.routes == (Route(0, (0,)), Route(2, (2,)))
    assert [entry.stop for entry in result.unassigned] == [1]


def test_weeks_get_cheaper_than_their_first_filling() -> None:
    saved = []
    for seed in (1, 2):
        problem, _ = screen(full_week(8, seed=seed))
        filled = cost_of(problem, Insertion().solve(problem, Budget(iterations=1000))).total_mc
        saved.append(filled - cost_of(problem, solved(problem, iterations=5)).total_mc)
    assert min(saved) >= 0
    assert sum(saved) > 0
