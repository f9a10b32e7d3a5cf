"""A week problem as arrays that the compiled kernel reads, and a week under search as arrays that it writes.

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
    seconds: Ints  # [speeds, places, places]
    metres: Ints  # [places, places]
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
    twin: Ints  # [S]: the first shift of its day that is the same in all but name
    of_day: Ints  # [T, K]: its shifts, then -1
    several: bool  # some stop has several windows on one day
    exact: bool  # announced times: only a full clock knows a price
    locks: bool  # some pair or position is locked
    firsts: Ints  # [L]: locked pairs
    seconds_of: Ints  # [L]: the other of each pair
    locked_at: Ints  # [n, S]: locked position, -1 for none


class Week(NamedTuple):
    """A week under search. Row s of `order` holds the stops of shift s, `halts[s]` of them."""

    order: Ints  # [S, M]
    halts: Ints  # [S]
    choice: Ints  # [n]: pattern
    where: Ints  # [n, T]: shift, -1 for none
    at: Ints  # [n, T]: position in that shift
    price: Floats  # [S]
    duty: Ints  # [S]
    work: Ints  # [S]: driving and serving, the least that a duty can be
    habit: Floats  # [S]: the part of the price for announced times not kept
    ready: Ints  # [S, M + 1]: earliest second at which the first k stops are done
    reach: Ints  # [S, M + 1]: latest arrival at stop k (at the depot for k = halts) that keeps the rest
    before: Ints  # [S, M + 1, 3]: duration, earliest, latest start of the first k stops
    after: Ints  # [S, M + 1, 3]: the same from stop k home
    highest: Ints  # [S, M + 1, 2]: most aboard up to the k-th departure, and from it on


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
        seconds=np.array(
            [problem.seconds(first_of[v]) for v in speeds if v in first_of] or [problem.metres], np.int64
        ),
        metres=np.array(problem.metres, np.int64),
        speed=_ints(speeds.index(shift.speed_percent) for shift in given),
        **_shift_arrays(given, days),
        several=widest > 1,
        exact=any(stop.habit_cents and any(t is not None for t in stop.announced) for stop in stops),
        locks=bool(problem.pairs or problem.positions),
        firsts=_ints(pair.first for pair in problem.pairs),
        seconds_of=_ints(pair.second for pair in problem.pairs),
        locked_at=_grid((n, len(shifts)), lambda i, r: problem.position_of.get((i, shifts[r]), -1)),
    )
    return layout, shifts, patterns


def empty_week(layout: Layout, patterns_without: list[int]) -> Week:
    """A week without rounds; `patterns_without[i]` is the row of stop i's pattern without visits."""
    n, shifts, days = len(layout.place), len(layout.day), layout.windows.shape[1]
    most = n + 2
    return Week(
        order=np.zeros((shifts, most), np.int64),
        halts=np.zeros(shifts, np.int64),
        choice=np.array(patterns_without, np.int64).reshape(n),
        where=np.full((n, days), -1, np.int64),
        at=np.zeros((n, days), np.int64),
        price=np.zeros(shifts, np.float64),
        duty=np.zeros(shifts, np.int64),
        work=np.zeros(shifts, np.int64),
        habit=np.zeros(shifts, np.float64),
        ready=np.zeros((shifts, most), np.int64),
        reach=np.zeros((shifts, most), np.int64),
        before=np.zeros((shifts, most, 3), np.int64),
        after=np.zeros((shifts, most, 3), np.int64),
        highest=np.zeros((shifts, most, 2), np.int64),
    )


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


def _shift_arrays(given: list[Shift], days: int) -> dict[str, Any]:
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
        "twin": _ints(_twin(given, r) for r in range(len(given))),
        "of_day": of_day,
    }


def _twin(given: list[Shift], row: int) -> int:
    """The first row like this one: two empty twins need not both be tried."""

    def kind(shift: Shift) -> tuple[object, ...]:
        names = ("day", "start", "end", "window", "capacity", "speed_percent", "pause", "max_duty_s")
        prices = ("fixed_cents", "hour_cents", "km_cents")
        return tuple(getattr(shift, name) for name in (*names, *prices))

    return next(r for r, shift in enumerate(given) if kind(shift) == kind(given[row]))


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


def _grid(shape: tuple[int, int], figure: Any) -> Ints:
    rows = [[figure(i, j) for j in range(shape[1])] for i in range(shape[0])]
    return np.array(rows, np.int64).reshape(shape)
