"""The clock of one order, in plain integers: the inner part of `schedule`, and the price of an insertion.

A fixed order leaves two freedoms: when to leave the depot, and on which leg to take the pause. Among the
clocks with the least lateness, `time_route` finds the shortest duty, without a pause on the road where that
is as short, and the earliest of those. Leaving later never comes home earlier, and for a given hour of return
the latest departure is the shortest duty; so it is enough to walk over the returns at which some halt falls
into its next window. A pause may be taken where none is owed: a wait that it fills is not paid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from routing.problem import Break, WeekProblem

Windows = list[tuple[int, int]]


@dataclass(slots=True)
class Timing:
    """When an order happens: seconds of the service day; lists run over the halts.

    `openings` holds the place of the window in which each service begins, -1 where none is met. `late` sums
    lateness, overtime, pause missed and `overlong`, what the duty exceeds its bound by. `pause` is (halts
    before it, second it begins).
    """

    start: int
    arrivals: list[int]
    begins: list[int]
    openings: list[int]
    end: int
    late: int
    pause: tuple[int, int] | None = None
    pause_s: int = 0
    pause_missed: int = 0
    overlong: int = 0

    @property
    def duty(self) -> int:
        """Paid seconds: from leaving to return, less the pause taken on the road."""
        return self.end - self.start - self.pause_s


class _Order:
    """An order with everything its clock needs, looked up once."""

    __slots__ = ("early", "home", "late", "legs", "pause", "services", "windows", "work")

    def __init__(self, problem: WeekProblem, shift_index: int, stops: tuple[int, ...] | list[int]) -> None:
        shift = problem.shifts[shift_index]
        seconds = problem.seconds(shift_index)
        self.legs: list[int] = []
        self.services: list[int] = []
        self.windows: list[Windows] = []
        at = shift.start
        for index in stops:
            stop = problem.stops[index]
            self.legs.append(seconds[at][stop.place])
            self.services.append(stop.service_s)
            self.windows.append([(w.early, w.late) for w in stop.windows[shift.day]])
            at = stop.place
        self.legs.append(seconds[at][shift.end])
        self.work = sum(self.legs) + sum(self.services)
        self.early, self.late = shift.window.early, shift.window.late
        self.pause: Break | None = shift.pause


def time_route(problem: WeekProblem, shift: int, stops: tuple[int, ...] | list[int]) -> Timing:
    """The best clock of `stops` in this order on that shift; late where it must be, never refused."""
    return _bounded(_best(_Order(problem, shift, stops)), problem.shifts[shift].max_duty_s)


def time_if_punctual(problem: WeekProblem, shift: int, stops: tuple[int, ...] | list[int]) -> Timing | None:
    """As `time_route`; None, much sooner, when something would be late."""
    order = _Order(problem, shift, stops)
    if _run(order, order.early, None).late:  # leaving later, or pausing, is never earlier anywhere
        return None
    best = _bounded(_best(order), problem.shifts[shift].max_duty_s)
    return None if best.late else best


def _bounded(best: Timing, max_duty_s: int | None) -> Timing:
    """Count what the shortest duty exceeds its bound by; no other clock, as punctual, exceeds it by less."""
    if max_duty_s is not None:
        best.overlong = max(0, best.duty - max_duty_s)
        best.late += best.overlong
    return best


def _best(order: _Order) -> Timing:
    pause = order.pause
    if pause is None:
        return min(_clocks(order, order.early), key=_merit)
    rested = _clocks(order, max(order.early, pause.window.early + pause.length_s))
    unowed = (timing for timing in _clocks(order, order.early) if not _owed(timing, pause))
    best = min(chain(rested, unowed), key=_merit)
    for leg in range(len(order.legs)):
        best = min(chain([best], _clocks(order, order.early, leg, _merit(best))), key=_merit)
    return best


def _merit(timing: Timing) -> tuple[int, int, bool, int]:
    return timing.late, timing.duty, timing.pause is not None, timing.end


def _owed(timing: Timing, pause: Break) -> bool:
    return timing.end > pause.window.late and timing.start < pause.window.early + pause.length_s


def _clocks(
    order: _Order,
    from_s: int,
    pause_leg: int | None = None,
    to_beat: tuple[int, int, bool, int] | None = None,
) -> Iterator[Timing]:
    """The least late clocks that leave at `from_s` or later, one for each return worth having, in turn.

    The pause is taken on `pause_leg` (None: not on the road). None at all when none can have a lesser merit
    than `to_beat`: no clock is less late or sooner home than the first, or shorter than its work.
    """
    timing = _run(order, from_s, pause_leg)
    if to_beat and (timing.late, order.work, pause_leg is not None, timing.end) >= to_beat:
        return
    timing = _tighten(order, timing, pause_leg)
    least = timing.late
    while timing.late == least:
        yield timing
        jump = _to_next_window(order, timing)
        if jump is None:
            return
        timing = _tighten(order, _run(order, timing.start + jump, pause_leg), pause_leg)


def _run(order: _Order, start: int, pause_leg: int | None) -> Timing:
    """The clock that follows from leaving at `start`, every halt served as soon as it can be."""
    clock, late, pause, missed = start, 0, None, 0
    arrivals, begins, openings = [], [], []
    for k, windows in enumerate(order.windows):
        if k == pause_leg:
            pause, missed, clock = _rest(order, k, clock)
        else:
            clock += order.legs[k]
        arrivals.append(clock)
        for opening, (early, last) in enumerate(windows):
            if clock <= last:
                clock = max(clock, early)
                openings.append(opening)
                break
        else:
            late += clock - windows[-1][1] if windows else 1
            openings.append(-1)
        begins.append(clock)
        clock += order.services[k]
    home = len(order.windows)
    if pause_leg == home:
        pause, missed, clock = _rest(order, home, clock)
    else:
        clock += order.legs[home]
    length = order.pause.length_s if order.pause and pause else 0
    late += missed + max(0, clock - order.late)
    return Timing(start, arrivals, begins, openings, clock, late, pause, length, missed)


def _rest(order: _Order, leg: int, clock: int) -> tuple[tuple[int, int], int, int]:
    """Take the pause on a leg, on the road or on arrival: ((leg, begin), seconds missed, arrival)."""
    pause = order.pause
    assert pause is not None
    begin = max(clock, pause.window.early)
    arrival = max(clock + order.legs[leg], pause.window.early) + pause.length_s
    return (leg, begin), max(0, clock - pause.window.late), arrival


def _tighten(order: _Order, timing: Timing, pause_leg: int | None) -> Timing:
    """Leave as late as the same return (and the same lateness) allows."""
    reach = timing.end
    for k in range(len(order.legs) - 1, -1, -1):
        if k == pause_leg and order.pause:
            reach = reach - order.pause.length_s - order.legs[k]
            if not timing.pause_missed:
                reach = min(reach, order.pause.window.late)
            elif timing.pause:
                reach = timing.pause[1]
        else:
            reach -= order.legs[k]
        if k == 0:
            break
        halt = k - 1
        reach = _latest_begin(order, timing, halt, reach - order.services[halt])
    return timing if reach <= timing.start else _run(order, reach, pause_leg)


def _latest_begin(order: _Order, timing: Timing, halt: int, by: int) -> int:
    """The latest second up to `by` to begin at a halt, as punctual as before."""
    windows, opening = order.windows[halt], timing.openings[halt]
    if opening < 0:
        return timing.begins[halt] if windows else by
    while opening + 1 < len(windows) and windows[opening + 1][0] <= by:
        opening += 1
    return min(by, windows[opening][1])


def _to_next_window(order: _Order, timing: Timing) -> int | None:
    """Seconds by which to leave later so that some halt falls into its next window; None when none can."""
    jump = None
    for begin, opening, windows in zip(timing.begins, timing.openings, order.windows, strict=True):
        if 0 <= opening < len(windows) - 1:
            wanted = windows[opening][1] - begin + 1
            jump = wanted if jump is None else min(jump, wanted)
    return jump
