"""Rounds that are the same in all but name, and the ways of driving one that pricing looks through."""

from collections import defaultdict
from dataclasses import dataclass, replace

from models.values import TimeWindow
from routing.problem import Shift, WeekProblem

_ALIKE = ("day", "start", "end", "window", "capacity", "speed_percent", "pause", "max_duty_s")
_PRICES = ("fixed_cents", "hour_cents", "km_cents")


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A way of driving: leave and return within `window`, with the pause on some leg or without any."""

    window: TimeWindow
    resting: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """`size` identical rounds, shown by the first of them, and the stops that may ride, ascending.

    `locked` is the one order that a locked round may drive, None for an open one.
    """

    shift: int
    size: int
    day: int
    stops: tuple[int, ...]
    locked: tuple[int, ...] | None = None


def groups_of(problem: WeekProblem) -> tuple[Group, ...]:
    """All rounds of a week, by kind; a kind that nobody may ride is left out."""
    kinds: dict[object, list[int]] = defaultdict(list)
    riders = {k: _riders(problem, k) for k in range(len(problem.shifts))}
    for k, shift in enumerate(problem.shifts):
        if shift.locked is not None:
            kinds["locked", k].append(k)
        elif riders[k]:
            kinds[_kind(shift), riders[k]].append(k)
    return tuple(
        Group(
            shift=members[0],
            size=len(members),
            day=problem.shifts[members[0]].day,
            stops=riders[members[0]],
            locked=problem.shifts[members[0]].locked,
        )
        for members in kinds.values()
        if problem.shifts[members[0]].locked != ()
    )


def ways_of(shift: Shift) -> tuple[Way, ...]:
    """Every clock of a round follows one of these.

    Where a pause is owed: home before the pause would be missed, gone after it could be had at the depot, or
    with the pause on a leg.
    """
    if shift.pause is None:
        return (Way(window=shift.window, resting=False),)
    given, rest = shift.window, shift.pause
    home_by = min(given.late, rest.window.late)
    gone_from = max(given.early, rest.window.early + rest.length_s)
    ways = [Way(window=given, resting=True)]
    if given.early <= home_by:
        ways.append(Way(window=replace(given, late=home_by), resting=False))
    if gone_from <= given.late:
        ways.append(Way(window=replace(given, early=gone_from), resting=False))
    return tuple(ways)


def _kind(shift: Shift) -> tuple[object, ...]:
    return tuple(getattr(shift, name) for name in (*_ALIKE, *_PRICES))


def _riders(problem: WeekProblem, shift: int) -> tuple[int, ...]:
    """The stops that may ride: allowed there, and with a pattern that holds the day."""
    day = problem.shifts[shift].day
    return tuple(
        k
        for k, stop in enumerate(problem.stops)
        if problem.allows(k, shift) and any(day in pattern.days for pattern in stop.patterns)
    )
