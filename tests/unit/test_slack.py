"""How far visits of a fixed order could move: held against the clock itself."""

from dataclasses import replace

import pytest

from api.services.assemble import assemble
from api.services.folder import Territory
from api.services.plans.desk import Desk
from api.services.plans.layout import Outing, bare_layout, named
from models.plan import Plan
from models.values import TimeWindow
from routing.problem import Break, WeekProblem
from routing.schedule import schedule
from routing.slack import rooms
from routing.solution import Route


@pytest.fixture(scope="module")
def desk(territory: Territory, planned: Plan) -> Desk:
    return Desk(territory, assemble(territory.network, territory.travel, planned.week), {})


@pytest.fixture(scope="module")
def outings(planned: Plan) -> tuple[Outing, ...]:
    return named(bare_layout(planned)).outings


def _fixed(problem: WeekProblem, stop: int, at: int) -> WeekProblem:
    """The same problem where service at one stop begins at one second only."""
    held = replace(problem.stops[stop], windows=((TimeWindow(at, at),),))
    return replace(problem, stops=(*problem.stops[:stop], held, *problem.stops[stop + 1 :]))


def _alone(problem: WeekProblem, route: Route) -> WeekProblem:
    """The same problem where every stop has only the window that it is served in."""
    timed = schedule(problem, route)
    stops = list(problem.stops)
    for halt in timed.halts:
        assert halt.window is not None
        stops[halt.stop] = replace(stops[halt.stop], windows=((halt.window,),))
    return replace(problem, stops=tuple(stops))


@pytest.mark.parametrize("paused", [False, True])
def test_a_visit_moves_as_far_as_said_and_not_a_second_farther(
    desk: Desk, outings: tuple[Outing, ...], *, paused: bool
) -> None:
    tried = 0
    for outing in outings:
        problem, route = desk.question(outing)
        if paused:  # a break of 20 minutes in the middle of the round's hours
            middle = (outing.window.early + outing.window.late) // 2
            rest = Break(window=TimeWindow(middle - 1800, middle + 1800), length_s=1200)
            problem = replace(problem, shifts=(replace(problem.shifts[0], pause=rest),))
        problem = _alone(problem, route)
        timed = schedule(problem, route)
        if timed.violations or (paused and timed.pause is None):
            continue
        for halt, room in zip(timed.halts, rooms(problem, timed), strict=True):
            assert room.first.at_s <= halt.begin_s <= room.last.at_s
            window = halt.window
            assert window is not None
            for at in (room.first.at_s, room.last.at_s):
                assert not schedule(_fixed(problem, halt.stop, at), route).violations
            # With a break, the clock may take it on another leg: then even more is possible.
            beyond = () if paused else (room.first.at_s - 1, room.last.at_s + 1)
            for at in (one for one in beyond if one in window):
                assert schedule(_fixed(problem, halt.stop, at), route).violations
            tried += 1
    assert tried >= 10
