"""What is asked of an engine: frozen, complete, self-consistent, or not built at all.

A `WeekProblem` spans any number of days, counted from 0; planning one day again is a problem of one day.
Inside, everything is an index: a stop by its place in `stops`, a shift in `shifts`, a place by its row in
the travel matrix. Times are seconds of the service day, loads crates, money integer cents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from models.values import TimeWindow
from routing.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """A pause of `length_s` that begins inside `window`, wherever it suits.

    A round that is home by `window.late`, or leaves `length_s` after `window.early` or later, owes none on
    the road: the driver rests at the depot.
    """

    window: TimeWindow
    length_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """One possible round: a vehicle and its driver on one day, from place `start` to place `end`.

    It leaves at `window.early` or later and is home at `window.late` or earlier. `speed_percent` divides the
    matrix's times. Two shifts of one vehicle on one day are two rounds with a return to sort between them.
    `max_duty_s` bounds the time from depot to depot, the pause on the road left out; None: no bound.
    `locked` fixes the whole round to exactly these stops, in this order.
    """

    id: str
    vehicle: str
    driver: str
    day: int
    start: int
    end: int
    window: TimeWindow
    capacity: int
    speed_percent: int = 100
    fixed_cents: int = 0
    hour_cents: int = 0
    km_cents: int = 0
    pause: Break | None = None
    max_duty_s: int | None = None
    locked: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A set of days on which a stop may be visited, ascending, and what choosing it costs.

    `missing` counts the visits owed beyond these days. The empty pattern is not visiting at all.
    """

    days: tuple[int, ...]
    waiting_cents: int = 0
    habit_cents: int = 0
    missing: int = 0
    missing_cents: int = 0

    @property
    def cents(self) -> int:
        return self.waiting_cents + self.habit_cents + self.missing_cents


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A place that asks for visits. One of `patterns` is chosen; each of its days gets one visit.

    `windows[d]` are the sorted, disjoint windows of day d in which service may begin; empty when closed.
    Every visit leaves `deliver` crates that came from the depot and takes `collect` to it. `shifts` are the
    only ones allowed (None: all). `announced[d]` is the second told to readers for day d, None where
    nothing was said; a begin more than the problem's tolerance away costs `habit_cents`.
    """

    id: str
    place: int
    patterns: tuple[Pattern, ...]
    windows: tuple[tuple[TimeWindow, ...], ...]
    deliver: int = 0
    collect: int = 0
    setup_s: int = 0
    handling_s: int = 0
    shifts: frozenset[int] | None = None
    announced: tuple[int | None, ...] = ()
    habit_cents: int = 0

    @property
    def service_s(self) -> int:
        """From the moment service begins until the van leaves."""
        return self.setup_s + self.handling_s * (self.deliver + self.collect)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Whenever one day visits both stops, one round serves `first` before `second`."""

    first: int
    second: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """On that shift, the stop stands at that place in the round, 0 being the first halt."""

    stop: int
    shift: int
    position: int


@dataclass(frozen=True, kw_only=True)
class WeekProblem:
    """A horizon of `days` days to plan.

    ValueError, naming the culprit, when an index points nowhere, a pattern leaves the horizon, windows are
    unsorted, or two shifts of one vehicle overlap. `late_minute_cents` and `overload_crate_cents` price what
    a coordinator may override; engines never use them to buy their way out.
    """

    days: int
    stops: tuple[Stop, ...]
    shifts: tuple[Shift, ...]
    travel: TravelMatrix
    pairs: tuple[Pair, ...] = ()
    positions: tuple[Position, ...] = ()
    habit_tolerance_s: int = 900
    late_minute_cents: int = 100
    overload_crate_cents: int = 500
    _seconds: dict[int, list[list[int]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for stop in self.stops:
            _check_stop(stop, self)
        for shift in self.shifts:
            _check_shift(shift, self)
        _check_apart(self.shifts)
        for lock in self.positions:
            found = 0 <= lock.stop < len(self.stops) and 0 <= lock.shift < len(self.shifts)
            if not found or lock.position < 0:
                raise ValueError("a position lock points nowhere")
        for pair in self.pairs:
            if pair.first == pair.second or not {pair.first, pair.second} <= set(range(len(self.stops))):
                raise ValueError("a pair needs two stops")

    def seconds(self, shift: int) -> list[list[int]]:
        """Travel times between places at that shift's speed, nested lists of int, made once per speed."""
        percent = self.shifts[shift].speed_percent
        if percent not in self._seconds:
            scaled = (self.travel.seconds.astype("int64") * 100 + percent // 2) // percent
            self._seconds[percent] = scaled.tolist()
        return self._seconds[percent]

    @cached_property
    def metres(self) -> list[list[int]]:
        """Distances between places, nested lists of int."""
        rows: list[list[int]] = self.travel.metres.tolist()
        return rows

    @cached_property
    def shifts_of_day(self) -> tuple[tuple[int, ...], ...]:
        """For each day, its shifts."""
        return tuple(tuple(k for k, s in enumerate(self.shifts) if s.day == d) for d in range(self.days))

    @cached_property
    def position_of(self) -> Mapping[tuple[int, int], int]:
        """(stop, shift) → the position it is locked to."""
        return {(lock.stop, lock.shift): lock.position for lock in self.positions}

    def allows(self, stop: int, shift: int) -> bool:
        """Whether a stop may ride on a shift, as far as locks and days say."""
        asked, given = self.stops[stop], self.shifts[shift]
        if asked.shifts is not None and shift not in asked.shifts:
            return False
        return bool(asked.windows[given.day]) and (given.locked is None or stop in given.locked)


def _check_stop(stop: Stop, problem: WeekProblem) -> None:
    if not 0 <= stop.place < len(problem.travel.ids):
        raise ValueError(f"{stop.id}: its place is not in the travel matrix")
    if len(stop.windows) != problem.days or (stop.announced and len(stop.announced) != problem.days):
        raise ValueError(f"{stop.id}: want windows and announcements for {problem.days} days")
    if min(stop.deliver, stop.collect, stop.setup_s, stop.handling_s) < 0:
        raise ValueError(f"{stop.id}: negative crates or service time")
    for windows in stop.windows:
        if any(a.late >= b.early for a, b in pairwise(windows)):
            raise ValueError(f"{stop.id}: windows overlap or are unsorted")
    if stop.shifts is not None and not stop.shifts <= set(range(len(problem.shifts))):
        raise ValueError(f"{stop.id}: an allowed shift does not exist")
    _check_patterns(stop, problem.days)


def _check_patterns(stop: Stop, days: int) -> None:
    if not any(pattern.days == () for pattern in stop.patterns):
        raise ValueError(f"{stop.id}: the empty pattern, with its price, must be among its patterns")
    if len({pattern.days for pattern in stop.patterns}) != len(stop.patterns):
        raise ValueError(f"{stop.id}: a pattern stands twice")
    for pattern in stop.patterns:
        if list(pattern.days) != sorted(set(pattern.days)) or not set(pattern.days) <= set(range(days)):
            raise ValueError(f"{stop.id}: pattern {pattern.days} is unsorted or leaves the horizon")


def _check_shift(shift: Shift, problem: WeekProblem) -> None:
    places = range(len(problem.travel.ids))
    if shift.start not in places or shift.end not in places or shift.day not in range(problem.days):
        raise ValueError(f"{shift.id}: unknown place or day")
    if shift.capacity < 0 or shift.speed_percent <= 0 or (shift.max_duty_s or 0) < 0:
        raise ValueError(f"{shift.id}: negative capacity or duty, or no speed")
    if shift.pause is not None and shift.pause.length_s < 0:
        raise ValueError(f"{shift.id}: a pause of negative length")
    if shift.locked is not None and not set(shift.locked) <= set(range(len(problem.stops))):
        raise ValueError(f"{shift.id}: a locked stop does not exist")
    if shift.locked is not None and len(set(shift.locked)) != len(shift.locked):
        raise ValueError(f"{shift.id}: a locked stop stands twice")


def _check_apart(shifts: tuple[Shift, ...]) -> None:
    if len({shift.id for shift in shifts}) != len(shifts):
        raise ValueError("a shift id stands twice")
    by_vehicle = sorted(shifts, key=lambda s: (s.day, s.vehicle, s.window))
    for a, b in pairwise(by_vehicle):
        if (a.day, a.vehicle) == (b.day, b.vehicle) and a.window.late > b.window.early:
            raise ValueError(f"{a.id} and {b.id} want one vehicle at one time")
