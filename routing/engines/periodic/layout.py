"""A week problem as arrays that the compiled kernel reads.

Only open shifts are laid out: locked rounds are driven as they are, and the days on which they visit a stop
are taken out of its patterns. Prices are float64 in thousandths of a cent, times int64 seconds.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from routing.engines.week_state import WeekState
from routing.objective import MC
from routing.problem import Shift, WeekProblem

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NEVER = 2**40  # seconds: a bound that nothing reaches
_FAR = 2**30  # seconds or metres: no day is that long
# Of a place and another: what is between them, in seconds and metres, both ways. They are wanted together,
# and side by side they come in one line of the processor's cache.
FROM_S, TO_S, FROM_M, TO_M = range(4)  # from the other to this one; from this one to the other


class Layout(NamedTuple):
    """What does not change during a search. n stops, T days, S shifts, W windows, P patterns, F visits."""

    place: Ints  # [n]
    deliver: Ints  # [n]
    collect: Ints  # [n]
    service: Ints  # [n]
    windows: Ints  # [n, T]: how many
    early: Ints  # [n, T, W]
    late: Ints  # [n, T, W]
    told: Ints  # [n, T]: announced second, -1 for none
    habit_mc: Floats  # [n]
    tolerance: int
    patterns: Ints  # [n]: how many
    visits: Ints  # [n, P]: how many days each has
    days: Ints  # [n, P, F]
    pattern_mc: Floats  # [n, P]
    fits: npt.NDArray[np.bool_]  # [n, S]: the shift may serve the stop
    near: Ints  # [n, n - 1]: the other stops, nearest first
    bulk: Floats  # [n]: crates of the longest pattern
    far: Floats  # [n]: seconds from the nearest place where rounds begin
    openness: Floats  # [n]: seconds of the horizon in which service may begin
    way: npt.NDArray[np.int32]  # [speeds, places, places, 4]: see `FROM_S` and the others
    speed: Ints  # [S]
    day: Ints  # [S]
    start: Ints  # [S]
    end: Ints  # [S]
    opens: Ints  # [S]
    closes: Ints  # [S]
    capacity: Ints  # [S]
    longest: Ints  # [S]: the longest duty, NEVER for none
    fixed_mc: Floats  # [S]
    second_mc: Floats  # [S]
    metre_mc: Floats  # [S]
    pause_early: Ints  # [S]
    pause_late: Ints  # [S]
    pause_s: Ints  # [S]: 0 for none
    timed: npt.NDArray[np.bool_]  # [S]: how long the duty lasts has a price, a limit or a pause
    twin: Ints  # [S]: the first shift of its day that is the same in all but name
    of_day: Ints  # [T, K]: its shifts, then -1
    several: bool  # some stop has several windows on one day
    exact: bool  # announced times: only a full clock knows a price
    locks: bool  # some pair or position is locked
    firsts: Ints  # [L]: locked pairs
    seconds_of: Ints  # [L]: the other of each pair
    locked_at: Ints  # [n, S]: locked position, -1 for none
    paired: npt.NDArray[np.bool_]  # [n]: where a partner rides has a say


def lay_out(problem: WeekProblem, state: WeekState) -> tuple[Layout, tuple[int, ...], list[list[int]]]:
    """The arrays, the problem's shift of each row, and the problem's pattern of each stop and row.

    `state` says which rounds are locked and pinned.
    """
    shifts = tuple(k for k, shift in enumerate(problem.shifts) if shift.locked is None)
    patterns = _open_patterns(problem, state)
    speeds = sorted({problem.shifts[k].speed_percent for k in shifts}) or [100]
    first_of = {problem.shifts[k].speed_percent: k for k in reversed(shifts)}
    given = [problem.shifts[k] for k in shifts]
    n, days, stops = len(problem.stops), problem.days, problem.stops
    widest = max([1, *(len(w) for stop in stops for w in stop.windows)])
    seconds = np.array(
        [problem.seconds(first_of[v]) for v in speeds if v in first_of] or [problem.metres], np.int64
    )
    exact = any(stop.habit_cents and any(t is not None for t in stop.announced) for stop in stops)
    pairs = [(pair.first, pair.second) for pair in problem.pairs]
    layout = Layout(
        place=_ints(stop.place for stop in stops),
        deliver=_ints(stop.deliver for stop in stops),
        collect=_ints(stop.collect for stop in stops),
        service=_ints(stop.service_s for stop in stops),
        windows=_grid((n, days), lambda i, d: len(stops[i].windows[d])),
        early=_bounds(problem, widest, "early"),
        late=_bounds(problem, widest, "late"),
        told=_grid((n, days), lambda i, d: _told(stops[i].announced, d)),
        habit_mc=np.array([stop.habit_cents * MC for stop in stops], np.float64),
        tolerance=problem.habit_tolerance_s,
        **_pattern_arrays(problem, state, patterns),
        fits=_grid((n, len(shifts)), lambda i, r: int(_fits(problem, state, i, shifts[r]))).astype(np.bool_),
        near=_nearest(problem),
        bulk=_floats(
            max(len(p.days) for p in stop.patterns) * max(stop.deliver, stop.collect) for stop in stops
        ),
        far=_floats(min((seconds[0, s.start, stop.place] for s in given), default=0) for stop in stops),
        openness=_floats(sum(w.late - w.early for day in stop.windows for w in day) for stop in stops),
        way=_ways(seconds, np.array(problem.metres, np.int64)),
        speed=_ints(speeds.index(shift.speed_percent) for shift in given),
        **_shift_arrays(given, days, exact),
        several=widest > 1,
        exact=exact,
        locks=bool(problem.pairs or problem.positions),
        firsts=_ints(first for first, _ in pairs),
        seconds_of=_ints(second for _, second in pairs),
        locked_at=_grid((n, len(shifts)), lambda i, r: problem.position_of.get((i, shifts[r]), -1)),
        paired=np.array([any(i in pair for pair in pairs) for i in range(n)], np.bool_),
    )
    return layout, shifts, patterns


def _fits(problem: WeekProblem, state: WeekState, stop: int, shift: int) -> bool:
    """Allowed there, and no locked partner rides a locked round of that day without it."""
    day, pinned = problem.shifts[shift].day, state.pinned
    partners = {pair.second for pair in problem.pairs if pair.first == stop}
    partners |= {pair.first for pair in problem.pairs if pair.second == stop}
    apart = any(day in pinned.get(other, ()) for other in partners)
    return problem.allows(stop, shift) and not apart


def _open_patterns(problem: WeekProblem, state: WeekState) -> list[list[int]]:
    """For each stop its patterns that hold its pinned days, the one without more first."""
    found = []
    for i, stop in enumerate(problem.stops):
        pinned = state.pinned.get(i, frozenset())
        kept = [p for p, pattern in enumerate(stop.patterns) if pinned <= set(pattern.days)]
        found.append(sorted(kept, key=lambda p: (len(stop.patterns[p].days), p)))
    return found


def _pattern_arrays(problem: WeekProblem, state: WeekState, patterns: list[list[int]]) -> dict[str, Any]:
    n = len(patterns)
    most = max([1, *(len(kept) for kept in patterns)])
    longest = max([1, *(len(p.days) for stop in problem.stops for p in stop.patterns)])
    visits, days = np.zeros((n, most), np.int64), np.zeros((n, most, longest), np.int64)
    price = np.zeros((n, most), np.float64)
    for i, kept in enumerate(patterns):
        pinned = state.pinned.get(i, frozenset())
        for row, p in enumerate(kept):
            pattern = problem.stops[i].patterns[p]
            open_days = [day for day in pattern.days if day not in pinned]
            visits[i, row], price[i, row] = len(open_days), pattern.cents * MC
            days[i, row, : len(open_days)] = open_days
    return {"patterns": _ints(map(len, patterns)), "visits": visits, "days": days, "pattern_mc": price}


def _shift_arrays(given: list[Shift], days: int, exact: bool) -> dict[str, Any]:
    by_day = [[r for r, shift in enumerate(given) if shift.day == day] for day in range(days)]
    of_day = np.full((days, max([1, *map(len, by_day)])), -1, np.int64)
    for day, rows in enumerate(by_day):
        of_day[day, : len(rows)] = rows
    pauses = [shift.pause for shift in given]
    return {
        "day": _ints(shift.day for shift in given),
        "start": _ints(shift.start for shift in given),
        "end": _ints(shift.end for shift in given),
        "opens": _ints(shift.window.early for shift in given),
        "closes": _ints(shift.window.late for shift in given),
        "capacity": _ints(shift.capacity for shift in given),
        "longest": _ints(NEVER if shift.max_duty_s is None else shift.max_duty_s for shift in given),
        "fixed_mc": np.array([shift.fixed_cents * MC for shift in given], np.float64),
        "second_mc": np.array([shift.hour_cents * MC / 3600 for shift in given], np.float64),
        "metre_mc": np.array([shift.km_cents for shift in given], np.float64),
        "pause_early": _ints(rest.window.early if rest else 0 for rest in pauses),
        "pause_late": _ints(rest.window.late if rest else 0 for rest in pauses),
        "pause_s": _ints(rest.length_s if rest else 0 for rest in pauses),
        "timed": np.array([exact or _is_timed(shift) for shift in given], np.bool_),
        "twin": _twins(given),
        "of_day": of_day,
    }


def _is_timed(shift: Shift) -> bool:
    return bool(shift.hour_cents or (shift.pause and shift.pause.length_s)) or shift.max_duty_s is not None


def _twins(given: list[Shift]) -> Ints:
    """For each row the first one like it: two empty twins need not both be tried."""
    names = ("day", "start", "end", "window", "capacity", "speed_percent", "pause", "max_duty_s")
    prices = ("fixed_cents", "hour_cents", "km_cents")
    first: dict[tuple[object, ...], int] = {}
    kinds = [tuple(getattr(shift, name) for name in (*names, *prices)) for shift in given]
    return _ints(first.setdefault(kind, row) for row, kind in enumerate(kinds))


def _ways(seconds: Ints, metres: Ints) -> npt.NDArray[np.int32]:
    there = np.broadcast_to(metres, seconds.shape)
    sides = (seconds.transpose(0, 2, 1), seconds, there.transpose(0, 2, 1), there)
    return np.ascontiguousarray(np.minimum(np.stack(sides, axis=-1), _FAR).astype(np.int32))


def _nearest(problem: WeekProblem) -> Ints:
    places = np.array([stop.place for stop in problem.stops], np.int64)
    n = len(places)
    seconds = (
        problem.travel.seconds.astype(np.int64)[np.ix_(places, places)] if n else np.zeros((0, 0), np.int64)
    )
    both_ways = seconds + seconds.T
    np.fill_diagonal(both_ways, -1)
    if not n:
        return np.zeros((0, 0), np.int64)
    return np.ascontiguousarray(np.argsort(both_ways, axis=1, kind="stable")[:, 1:])


def _bounds(problem: WeekProblem, widest: int, name: str) -> Ints:
    array = np.zeros((len(problem.stops), problem.days, widest), np.int64)
    for i, stop in enumerate(problem.stops):
        for day, windows in enumerate(stop.windows):
            array[i, day, : len(windows)] = [getattr(window, name) for window in windows]
    return array


def _told(announced: tuple[int | None, ...], day: int) -> int:
    told = announced[day] if announced else None
    return -1 if told is None else told


def _ints(figures: Any) -> Ints:
    return np.array(list(figures), np.int64)


def _floats(figures: Any) -> Floats:
    return np.array(list(figures), np.float64)


def _grid(shape: tuple[int, int], figure: Any) -> Ints:
    rows = [[figure(i, j) for j in range(shape[1])] for i in range(shape[0])]
    return np.array(rows, np.int64).reshape(shape)
