"""One fixed order → its clock, loads and violations: the function that everything else calls.

Proposal, drag-and-drop, referee and live arrival times all come through `schedule`. It never refuses an
order: what cannot be kept is a `Violation` with its amount, and the clock goes on from there.
"""

from dataclasses import dataclass
from enum import Enum

from models.values import TimeWindow
from routing.problem import WeekProblem
from routing.solution import Route
from routing.timing import Timing, time_route


class Breach(Enum):
    """What an order does not keep; the unit of `Violation.amount` follows."""

    LATE = "service begins after the last window; seconds"
    CLOSED = "no window at all that day; 1"
    OVERTIME = "home after the shift; seconds"
    OVERLONG = "from depot to depot longer than a duty may be; seconds"
    OVERLOAD = "more aboard than the vehicle holds; crates"
    PAUSE = "the driver's break has no room in its window; seconds"
    NOT_ALLOWED = "this shift may not serve the stop; 1"
    POSITION = "the stop is not where it was locked; its locked position"
    PAIR = "a locked pair is apart or the wrong way round; the other stop"
    LOCKED = "the round was locked to another order; 1"


# The breaches whose amount is seconds of being too late or too long.
TOO_LATE = frozenset({Breach.LATE, Breach.OVERTIME, Breach.OVERLONG, Breach.PAUSE})


@dataclass(frozen=True, slots=True)
class Violation:
    """`halt` is the 0-based position in the round, None where the whole round is meant."""

    breach: Breach
    amount: int
    halt: int | None = None


@dataclass(frozen=True, slots=True)
class Halt:
    """One visit with its clock: `arrival_s` ≤ `begin_s` < `end_s`; `load_after` crates when it leaves.

    `window` is the one that service begins in, or would have (the last) when late; None when closed.
    """

    stop: int
    leg_s: int
    leg_m: int
    arrival_s: int
    begin_s: int
    end_s: int
    window: TimeWindow | None
    load_after: int

    @property
    def wait_s(self) -> int:
        return self.begin_s - self.arrival_s


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """A route with times, loads and violations; the shortest duty among those that violate least.

    `pause` is (halts done before it, second it begins), None where none is owed on the road.
    """

    route: Route
    start_s: int
    end_s: int
    halts: tuple[Halt, ...]
    leg_back_s: int
    leg_back_m: int
    load_start: int
    load_peak: int
    pause: tuple[int, int] | None
    pause_s: int
    violations: tuple[Violation, ...]

    @property
    def distance_m(self) -> int:
        return self.leg_back_m + sum(halt.leg_m for halt in self.halts)

    @property
    def travel_s(self) -> int:
        return self.leg_back_s + sum(halt.leg_s for halt in self.halts)

    @property
    def duty_s(self) -> int:
        """What the driver is paid for: from depot to depot, waiting included, the pause left out."""
        return self.end_s - self.start_s - self.pause_s


def schedule(problem: WeekProblem, route: Route) -> Schedule:
    """The clock, loads and violations of one order, on its shift."""
    timing = time_route(problem, route.shift, route.stops)
    halts = _halts(problem, route, timing)
    load_start = sum(problem.stops[stop].deliver for stop in route.stops)
    places = _places(problem, route)
    return Schedule(
        route=route,
        start_s=timing.start,
        end_s=timing.end,
        halts=halts,
        leg_back_s=problem.seconds(route.shift)[places[-2]][places[-1]],
        leg_back_m=problem.metres[places[-2]][places[-1]],
        load_start=load_start,
        load_peak=max([load_start, *(halt.load_after for halt in halts)]),
        pause=timing.pause,
        pause_s=timing.pause_s,
        violations=_violations(problem, route, timing, halts, load_start),
    )


def _places(problem: WeekProblem, route: Route) -> tuple[int, ...]:
    shift = problem.shifts[route.shift]
    return (shift.start, *(problem.stops[stop].place for stop in route.stops), shift.end)


def _halts(problem: WeekProblem, route: Route, timing: Timing) -> tuple[Halt, ...]:
    seconds, metres = problem.seconds(route.shift), problem.metres
    day = problem.shifts[route.shift].day
    places = _places(problem, route)
    load = sum(problem.stops[stop].deliver for stop in route.stops)
    halts = []
    for k, (index, arrival, begin) in enumerate(
        zip(route.stops, timing.arrivals, timing.begins, strict=True)
    ):
        stop = problem.stops[index]
        load += stop.collect - stop.deliver
        windows = stop.windows[day]
        window = next((w for w in windows if begin in w), windows[-1] if windows else None)
        leg = (seconds[places[k]][places[k + 1]], metres[places[k]][places[k + 1]])
        halts.append(Halt(index, *leg, arrival, begin, begin + stop.service_s, window, load))
    return tuple(halts)


def _violations(
    problem: WeekProblem, route: Route, timing: Timing, halts: tuple[Halt, ...], load_start: int
) -> tuple[Violation, ...]:
    shift = problem.shifts[route.shift]
    found = []
    if load_start > shift.capacity:
        found.append(Violation(Breach.OVERLOAD, load_start - shift.capacity))
    for k, halt in enumerate(halts):
        if halt.window is None:
            found.append(Violation(Breach.CLOSED, 1, k))
        elif halt.begin_s > halt.window.late:
            found.append(Violation(Breach.LATE, halt.begin_s - halt.window.late, k))
        if halt.load_after > shift.capacity:
            found.append(Violation(Breach.OVERLOAD, halt.load_after - shift.capacity, k))
    if timing.end > shift.window.late:
        found.append(Violation(Breach.OVERTIME, timing.end - shift.window.late))
    if timing.overlong:
        found.append(Violation(Breach.OVERLONG, timing.overlong))
    if timing.pause_missed:
        found.append(Violation(Breach.PAUSE, timing.pause_missed))
    return (*found, *_broken_locks(problem, route))


def _broken_locks(problem: WeekProblem, route: Route) -> list[Violation]:
    shift = problem.shifts[route.shift]
    found = []
    if shift.locked is not None and shift.locked != route.stops:
        found.append(Violation(Breach.LOCKED, 1))
    for k, index in enumerate(route.stops):
        allowed = problem.stops[index].shifts
        if allowed is not None and route.shift not in allowed:
            found.append(Violation(Breach.NOT_ALLOWED, 1, k))
        position = problem.position_of.get((index, route.shift))
        if position is not None and position != k:
            found.append(Violation(Breach.POSITION, position, k))
    for pair in problem.pairs:
        if pair.first in route.stops and pair.second in route.stops:
            second = route.stops.index(pair.second)
            if route.stops.index(pair.first) > second:
                found.append(Violation(Breach.PAIR, pair.first, second))
    return found
