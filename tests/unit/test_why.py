"""Why a visit that could be made alone is not planned."""

from routing.budget import Budget
from routing.engines.insertion import Insertion, complete
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.problem import WeekProblem
from routing.solution import Cause
from routing.solve import solve
from routing.why import why_missing
from tests.instances import days_of, shift, stop, travel, week


def _two_villages(missing_cents: int, late: int = 4000) -> WeekProblem:
    """Two stops 1000 s from the depot and from each other; service 100 s; 36 € an hour, a cent a second."""
    matrix = travel([[0, 1000, 1000], [1000, 0, 1000], [1000, 1000, 0]], [[0] * 3] * 3)
    asked = {"setup_s": 100, "patterns": days_of(1, missing_cents=missing_cents)}
    stops = [stop(1, [(0, late)], **asked), stop(2, [(0, late)], **asked)]
    return week(stops, [shift(0, late, hour_cents=3600)], matrix)


def test_no_room_beside_the_others() -> None:
    # One alone: 1000 + 100 + 1000 = 2100 s. Both: 3 × 1000 + 2 × 100 = 3200 s, and the shift has 3100.
    result = solve(_two_villages(9000, late=3100), Budget(iterations=10), Insertion())
    (left,) = result.unassigned
    assert left.reason.cause is Cause.NO_ROOM


def test_a_detour_dearer_than_the_visit_is_worth() -> None:
    # The first costs 21 €, worth its 25 €? A visit missed costs 15 €: neither is worth 21 €.
    problem = _two_villages(1500)
    result = solve(problem, Budget(iterations=10), Insertion())
    assert not result.solution.routes
    # 2100 cents to drive less the 1500 of the visit missed: 600 cents too dear.
    assert [(u.reason.cause, u.reason.amount) for u in result.unassigned] == [(Cause.TOO_DEAR, 600)] * 2


def test_completing_places_what_has_become_worth_it() -> None:
    # Alone each is 21 € for 15 €; beside the other only 11 €: once one is there, the second is worth it.
    problem = _two_villages(1500)
    prices = RoutePrices(problem)
    state = WeekState(problem, prices)
    first = state.cheapest(0, only=1)
    assert first is not None
    state.place(first)
    done = complete(state)
    assert done.missing() == 0
    assert why_missing(problem, state.solution(), 1).cause is Cause.TOO_DEAR
