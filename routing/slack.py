"""How far each visit of one fixed order could move, and what stops it there.

Every service stays in the window that it begins in; other rounds are not looked at. Exact for an order that
breaks nothing: earlier, all before it leaves sooner; later, the van only waits before it.
"""

from dataclasses import dataclass
from enum import Enum

from routing.problem import Break, WeekProblem
from routing.schedule import Schedule


class Limit(Enum):
    """What stops a visit; `Bound.halt` is the halt whose window is meant, where it is one."""

    SHIFT = "the driver's span"
    WINDOW = "a window in which service may begin"
    PAUSE = "the driver's break"


@dataclass(frozen=True, slots=True)
class Bound:
    """The last second, on one side, at which service may begin, and what holds it there."""

    at_s: int
    limit: Limit
    halt: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """Between which seconds service at a halt may begin, everything else being kept."""

    first: Bound
    last: Bound


def rooms(problem: WeekProblem, timed: Schedule) -> tuple[Room, ...]:
    """One for each halt, in order. Where `timed` is late, `last` stands before its own begin."""
    pairs = zip(_firsts(problem, timed), _lasts(problem, timed), strict=True)
    return tuple(Room(first, last) for first, last in pairs)


def _firsts(problem: WeekProblem, timed: Schedule) -> list[Bound]:
    shift = problem.shifts[timed.route.shift]
    at = Bound(shift.window.early, Limit.SHIFT)
    if _rested_before(shift.pause, timed):
        assert shift.pause
        at = Bound(shift.pause.window.early + shift.pause.length_s, Limit.PAUSE)
    found = []
    for k, halt in enumerate(timed.halts):
        if timed.pause is not None and timed.pause[0] == k and shift.pause is not None:
            begins = at.at_s + halt.leg_s
            if begins < shift.pause.window.early:
                at = Bound(shift.pause.window.early + timed.pause_s, Limit.PAUSE)
            else:
                at = Bound(begins + timed.pause_s, at.limit, at.halt)
        else:
            at = Bound(at.at_s + halt.leg_s, at.limit, at.halt)
        if halt.window is not None and halt.window.early >= at.at_s:
            at = Bound(halt.window.early, Limit.WINDOW, k)
        found.append(at)
        at = Bound(at.at_s + halt.end_s - halt.begin_s, at.limit, at.halt)
    return found


def _lasts(problem: WeekProblem, timed: Schedule) -> list[Bound]:
    shift = problem.shifts[timed.route.shift]
    at = Bound(shift.window.late, Limit.SHIFT)
    if shift.pause and timed.pause is None and not _rested_before(shift.pause, timed):
        at = min(at, Bound(shift.pause.window.late, Limit.PAUSE), key=lambda one: one.at_s)
    legs = [*(halt.leg_s for halt in timed.halts), timed.leg_back_s]
    found = []
    for k in range(len(timed.halts) - 1, -1, -1):
        halt = timed.halts[k]
        at = Bound(at.at_s - legs[k + 1], at.limit, at.halt)
        if timed.pause is not None and timed.pause[0] == k + 1 and shift.pause is not None:
            at = Bound(at.at_s - timed.pause_s, at.limit, at.halt)
            if shift.pause.window.late < at.at_s:
                at = Bound(shift.pause.window.late, Limit.PAUSE)
        at = Bound(at.at_s - (halt.end_s - halt.begin_s), at.limit, at.halt)
        if halt.window is not None and halt.window.late <= at.at_s:
            at = Bound(halt.window.late, Limit.WINDOW, k)
        found.append(at)
    return found[::-1]


def _rested_before(pause: Break | None, timed: Schedule) -> bool:
    """Whether the driver has had the break at the depot before leaving, and owes it by that alone."""
    if pause is None or timed.pause is not None or timed.end_s <= pause.window.late:
        return False
    return timed.start_s >= pause.window.early + pause.length_s
