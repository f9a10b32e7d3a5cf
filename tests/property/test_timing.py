"""`time_route` against every clock there is: all departures, all places for the pause, second by second."""

from collections.abc import Iterator
from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import assume, event, given, settings

from models.values import TimeWindow
from routing.problem import Break, Shift, WeekProblem
from routing.timing import Timing, time_if_punctual, time_route
from tests.instances import shift, stop, travel, week

HORIZON = 60  # seconds of a toy day, so that all of it can be walked


@st.composite
def toy_windows(draw: st.DrawFn) -> list[tuple[int, int]]:
    """At most three windows, some an instant, some one second apart."""
    edges = sorted(draw(st.lists(st.integers(0, HORIZON + 10), max_size=6, unique=True)))
    kept = list(zip(edges[::2], edges[1::2], strict=False))
    if len(edges) % 2 and draw(st.booleans()):
        kept.append((edges[-1], edges[-1]))
    return kept


@st.composite
def toy_orders(draw: st.DrawFn, *, kind: bool = False) -> WeekProblem:
    """One shift and up to four stops; their order is the order to time.

    A `kind` one has no shorter detour, a long shift, and every stop open again in the evening.
    """
    count = draw(st.integers(0, 4))
    seconds = [
        [0 if a == b else draw(st.integers(0, 12)) for b in range(count + 1)] for a in range(count + 1)
    ]
    if kind:
        _shorten(seconds)
    evening = [(HORIZON + 20, 2 * HORIZON)] if kind else []
    stops = [
        stop(k + 1, draw(toy_windows()) + evening, setup_s=draw(st.integers(0, 6))) for k in range(count)
    ]
    early = draw(st.integers(0, HORIZON // 2))
    late = 4 * HORIZON if kind else draw(st.integers(early, HORIZON))
    rest = st.builds(
        lambda at, width, length: Break(window=TimeWindow(at, at + width), length_s=length),
        st.integers(0, HORIZON),
        st.integers(0, 15),
        st.integers(0, 12),
    )
    van = shift(early, late, pause=draw(st.none() | rest))
    return week(stops, [van], travel(seconds), days=1)


def _shorten(seconds: list[list[int]]) -> None:
    """Floyd and Warshall: no detour is shorter than the way itself."""
    places = range(len(seconds))
    for via in places:
        for a in places:
            for b in places:
                seconds[a][b] = min(seconds[a][b], seconds[a][via] + seconds[via][b])


def whole(problem: WeekProblem) -> tuple[int, ...]:
    return tuple(range(len(problem.stops)))


def every_clock(problem: WeekProblem) -> Iterator[tuple[int, int, bool, int]]:
    """(late, duty, paused, end) of every departure × place of the pause that the words of `Break` allow."""
    van = problem.shifts[0]
    for start in range(van.window.early, max(van.window.late, HORIZON) + 90):
        late, end = _drive(problem, van, start, None)
        if van.pause is None or end <= van.pause.window.late or start >= rested_at(van.pause):
            yield late, end - start, False, end
        if van.pause is not None:
            for leg in range(len(problem.stops) + 1):
                late, end = _drive(problem, van, start, leg)
                yield late, end - start - van.pause.length_s, True, end


def rested_at(rest: Break) -> int:
    """When the driver who rested first, at the depot, may leave."""
    return rest.window.early + rest.length_s


def _drive(problem: WeekProblem, van: Shift, start: int, pause_leg: int | None) -> tuple[int, int]:
    """(late, end) when every halt is served as soon as it can be."""
    now, place, late = start, van.start, 0
    for k in range(len(problem.stops) + 1):
        target = problem.stops[k].place if k < len(problem.stops) else van.end
        leg = int(problem.travel.seconds[place, target])
        if k == pause_leg and van.pause is not None:
            rest = van.pause
            late += max(0, now - rest.window.late)
            # Drive and pause both fit between leaving and arriving; the pause waits for its window.
            now = max(now + leg + rest.length_s, rest.window.early + rest.length_s)
        else:
            now += leg
        place = target
        if k < len(problem.stops):
            openings = problem.stops[k].windows[0]
            ahead = [w for w in openings if now <= w.late]
            if ahead:
                now = max(now, ahead[0].early)
            else:
                late += now - openings[-1].late if openings else 1
            now += problem.stops[k].setup_s
    return late + max(0, now - van.window.late), now


def merit(timing: Timing) -> tuple[int, int, bool, int]:
    return timing.late, timing.duty, timing.pause is not None, timing.end


@settings(max_examples=400)
@given(toy_orders())
def test_no_clock_is_less_late_and_then_shorter(problem: WeekProblem) -> None:
    found = merit(time_route(problem, 0, whole(problem)))
    event(f"late: {found[0] > 0}, paused: {found[2]}")
    assert found == min(every_clock(problem))


@given(toy_orders())
def test_the_quick_answer_is_the_full_one_or_none(problem: WeekProblem) -> None:
    full = time_route(problem, 0, whole(problem))
    assert time_if_punctual(problem, 0, whole(problem)) == (None if full.late else full)


@given(toy_orders(), st.data())
def test_a_wider_window_never_worsens_the_clock(problem: WeekProblem, data: st.DataObject) -> None:
    before = time_route(problem, 0, whole(problem))
    after = time_route(_widened(problem, data), 0, whole(problem))
    assert (after.late, after.duty) <= (before.late, before.duty)


@given(toy_orders(kind=True).filter(lambda problem: problem.stops), st.data())
def test_a_halt_less_never_lengthens_a_punctual_duty(problem: WeekProblem, data: st.DataObject) -> None:
    # Needs the triangle inequality, and punctuality: a late halt left out may turn lateness into waiting.
    before = time_route(problem, 0, whole(problem))
    assume(not before.late)
    gone = data.draw(st.sampled_from(whole(problem)))
    after = time_route(problem, 0, tuple(k for k in whole(problem) if k != gone))
    assert not after.late
    assert after.duty <= before.duty


def _widened(problem: WeekProblem, data: st.DataObject) -> WeekProblem:
    """One window of one stop, if there is any, reaches farther on both sides, as its neighbours allow."""
    spots = [(k, w) for k, asked in enumerate(problem.stops) for w in range(len(asked.windows[0]))]
    if not spots:
        return problem
    k, w = data.draw(st.sampled_from(spots))
    openings = list(problem.stops[k].windows[0])
    floor = openings[w - 1].late + 1 if w else 0
    roof = openings[w + 1].early - 1 if w + 1 < len(openings) else 2 * HORIZON
    early = data.draw(st.integers(floor, openings[w].early))
    openings[w] = TimeWindow(early, data.draw(st.integers(openings[w].late, roof)))
    wider = replace(problem.stops[k], windows=(tuple(openings),))
    return replace(problem, stops=(*problem.stops[:k], wider, *problem.stops[k + 1 :]))
