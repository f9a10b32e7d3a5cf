"""The referee lets a good answer pass, and sees every fault that is seeded into it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from models.errors import EngineError
from models.values import TimeWindow
from routing.check import check, complaints
from routing.problem import Break, Pair, Position, WeekProblem
from routing.schedule import Schedule, schedule
from routing.solution import Cause, Reason, Route, Solution, Unassigned
from routing.travel import TravelMatrix
from tests.instances import days_of, four_libraries, shift, stop, travel, week

Answer = tuple[WeekProblem, Solution, Mapping[int, Schedule], tuple[Unassigned, ...]]
NO_ROOM = Reason(Cause.NO_ROOM)


def good() -> Answer:
    """The four libraries on day 0, as scheduled by hand, and one library without visits on either day."""
    base = four_libraries()
    stops = [replace(one, windows=(*one.windows, ()), announced=(*one.announced, None)) for one in base.stops]
    stops.append(replace(stops[0], id="E", patterns=days_of(2, 2), windows=(one_window(), one_window())))
    vans = (*base.shifts, replace(base.shifts[0], id="next", day=1, pause=None))
    problem = replace(base, days=2, stops=tuple(stops), shifts=vans)
    route = Route(0, (0, 1, 2, 3))
    unassigned = (Unassigned(stop=4, missing=2, reason=NO_ROOM),)
    return problem, Solution((1, 1, 1, 1, 0), (route,)), {0: schedule(problem, route)}, unassigned


def one_window() -> tuple[TimeWindow, ...]:
    return (TimeWindow(28800, 43200),)


def clock(answer: Answer, **changes: object) -> Answer:
    problem, solution, timed, unassigned = answer
    return problem, solution, {0: replace(timed[0], **changes)}, unassigned  # type: ignore[arg-type]


def halt(answer: Answer, place: int, **changes: object) -> Answer:
    halts = list(answer[2][0].halts)
    halts[place] = replace(halts[place], **changes)  # type: ignore[arg-type]
    return clock(answer, halts=tuple(halts))


def plan(answer: Answer, patterns: tuple[int, ...], *routes: Route) -> Answer:
    problem, _, _, unassigned = answer
    return problem, Solution(patterns, routes), {r.shift: schedule(problem, r) for r in routes}, unassigned


def asked(answer: Answer, **changes: object) -> Answer:
    return (replace(answer[0], **changes), *answer[1:])  # type: ignore[arg-type]


def van(answer: Answer, **changes: object) -> Answer:
    first, *others = answer[0].shifts
    return asked(answer, shifts=(replace(first, **changes), *others))  # type: ignore[arg-type]


def test_a_good_answer_stands() -> None:
    assert complaints(*good()) == []
    check(*good())


ROUND = (0, 1, 2, 3)
FAULTS: Mapping[str, tuple[Callable[[Answer], Answer], str]] = {
    "a visit dropped": (
        lambda a: plan(a, (1, 1, 1, 1, 0), Route(0, (0, 1, 2))),
        "D: day 0 is visited 0 times",
    ),
    "a visit twice": (
        lambda a: plan(a, (1, 1, 1, 1, 0), Route(0, (0, 1, 2, 3, 3))),
        "D: day 0 is visited 2 times",
    ),
    "a visit not asked for": (
        lambda a: plan(a, (0, 1, 1, 1, 0), Route(0, ROUND)),
        "A: day 0 is visited 1 times",
    ),
    "a visit on another day": (
        lambda a: plan(a, (1, 1, 1, 1, 1), Route(0, ROUND), Route(1, (4,))),
        "E: day 1 is visited 1 times",
    ),
    "no such pattern": (lambda a: plan(a, (1, 1, 1, 7, 0), Route(0, ROUND)), "D: no such pattern"),
    "a pattern too few": (lambda a: plan(a, (1, 1, 1, 1), Route(0, ROUND)), "one pattern per stop"),
    "missing, no reason": (lambda a: (*a[:3], ()), "missing without a reason"),
    "a reason told twice": (lambda a: (*a[:3], a[3] * 2), "missing without a reason"),
    "fewer missing than told": (
        lambda a: (*a[:3], (replace(a[3][0], missing=1),)),
        "missing without a reason",
    ),
    "a shift driven twice": (
        lambda a: plan(a, (1, 1, 1, 1, 0), Route(0, ROUND), Route(0, ROUND)),
        "carries two routes",
    ),
    "an empty route": (lambda a: plan(a, (1, 1, 1, 1, 0), Route(0, ROUND), Route(1, ())), "an empty route"),
    "no clock": (lambda a: (a[0], a[1], {}, a[3]), "not of this route"),
    "a clock of another order": (
        lambda a: (a[0], a[1], {0: schedule(a[0], Route(0, (1, 0, 2, 3)))}, a[3]),
        "not of this route",
    ),
    "leaving before the shift": (
        lambda a: van(a, window=TimeWindow(29401, 43200)),
        "leaves before the shift",
    ),
    "home after the shift": (lambda a: van(a, window=TimeWindow(28800, 36119)), "home at 36120"),
    "home too soon": (lambda a: clock(a, end_s=36119), "home at 36119"),
    "leaving too late to be there": (lambda a: clock(a, start_s=29401), "A is served before the van"),
    "arriving too soon": (lambda a: halt(a, 3, arrival_s=34939), "D is served before the van"),
    "served before the van is there": (lambda a: halt(a, 3, begin_s=34939), "D is served before the van"),
    "service cut short": (lambda a: halt(a, 1, end_s=30899), "service at B has the wrong length"),
    "served between two windows": (
        lambda a: halt(a, 2, begin_s=34199, arrival_s=34199),
        "C is served outside its windows",
    ),
    "served a second after closing": (
        lambda a: halt(a, 0, begin_s=30001, end_s=30221),
        "A is served outside its windows",
    ),
    "a leg too short": (lambda a: halt(a, 1, leg_s=399), "not what the roads say"),
    "a leg with fewer metres": (lambda a: halt(a, 1, leg_m=2999), "not what the roads say"),
    "a shorter way home": (lambda a: clock(a, leg_back_m=8999), "not what the roads say"),
    "a wrong load": (lambda a: halt(a, 2, load_after=10), "wrong load after C"),
    "leaving with less": (lambda a: clock(a, load_start=3), "leaves with the wrong load"),
    "a lower peak": (lambda a: clock(a, load_peak=11), "wrong peak load"),
    "one crate too many": (lambda a: van(a, capacity=11), "12 crates aboard, 11 fit"),
    "no pause": (lambda a: clock(a, pause=None, pause_s=0), "no pause is taken"),
    "a shorter pause": (lambda a: clock(a, pause_s=1799), "nobody asked for"),
    "an unpaid pause that is not taken": (lambda a: clock(a, pause=None), "nobody asked for"),
    "a pause that no shift has": (lambda a: van(a, pause=None), "nobody asked for"),
    "a pause on another leg": (lambda a: clock(a, pause=(1, 32400)), "does not fit"),
    "a pause on no leg": (lambda a: clock(a, pause=(5, 32400)), "stands on no leg"),
    "a pause begun too early": (lambda a: clock(a, pause=(2, 32399)), "does not fit"),
    "a pause begun too late": (lambda a: clock(a, pause=(2, 32401)), "does not fit"),
    "a pause beyond its window": (
        lambda a: van(a, pause=Break(window=TimeWindow(32000, 32399), length_s=1800)),
        "does not fit",
    ),
    "a forbidden shift": (
        lambda a: asked(a, stops=(replace(a[0].stops[0], shifts=frozenset({1})), *a[0].stops[1:])),
        "may not serve A",
    ),
    "a locked round changed": (lambda a: van(a, locked=(0, 1, 3, 2)), "locked to another order"),
    "a locked position": (
        lambda a: asked(a, positions=(Position(stop=1, shift=0, position=2),)),
        "B: not at its locked position",
    ),
    "a pair the wrong way round": (lambda a: asked(a, pairs=(Pair(first=3, second=1),)), "wrong way round"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_seeded_fault_is_seen(fault: str) -> None:
    spoil, told = FAULTS[fault]
    found = complaints(*spoil(good()))
    assert any(told in complaint for complaint in found), found


def test_a_pair_on_two_rounds_of_one_day_is_apart() -> None:
    open_all_day = [(0, 1000)]
    vans = [shift(0, 400, vehicle="V1"), shift(0, 400, vehicle="V2")]
    problem = week(
        [stop(1, open_all_day), stop(2, open_all_day)], vans, travel([[0, 9, 9], [9, 0, 9], [9, 9, 0]])
    )
    routes = (Route(0, (0,)), Route(1, (1,)))
    timed = {route.shift: schedule(problem, route) for route in routes}
    answer = (Solution((1, 1), routes), timed, ())
    assert complaints(problem, *answer) == []
    assert complaints(replace(problem, pairs=(Pair(first=0, second=1),)), *answer) == [
        "day 0: a locked pair is apart or the wrong way round"
    ]


def test_complaints_make_an_engine_error() -> None:
    problem, solution, _, unassigned = good()
    with pytest.raises(EngineError, match="refusé"):
        check(problem, solution, {}, unassigned)


def test_a_pause_not_owed_may_be_taken_where_it_fits() -> None:
    # Home by noon, yet resting on the road while the library is closed spares a paid wait.
    rest = Break(window=TimeWindow(100, 900), length_s=300)
    problem = week(
        [stop(1, [(0, 50), (500, 510)]), stop(2, [(0, 60)])], [shift(0, 800, pause=rest)], _triangle()
    )
    timed = schedule(problem, Route(0, (1, 0)))
    assert timed.end_s <= rest.window.late
    assert timed.pause is not None
    assert complaints(problem, Solution((1, 1), (Route(0, (1, 0)),)), {0: timed}, ()) == []


def _triangle() -> TravelMatrix:
    return travel([[0, 60, 60], [60, 0, 60], [60, 60, 0]])
