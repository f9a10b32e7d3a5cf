"""What an engine answers: orders without clocks. The clocks come from `schedule`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from routing.problem import WeekProblem


@dataclass(frozen=True, slots=True)
class Route:
    """The stops of one shift, in order of visit; never empty in a solution."""

    shift: int
    stops: tuple[int, ...]


class Cause(Enum):
    """Why visits are not planned. The amounts of a `Reason` are seconds, crates or days, as said here."""

    NEVER_OPEN = "never open on a day of shifts"
    OUTSIDE_SHIFTS = "open, but beyond the reach of every shift; amount: seconds short, at best"
    TOO_FAR = "there and back is longer than every shift; amount: seconds short, at best"
    TOO_MANY_CRATES = "more crates than any vehicle holds; amount: crates too many"
    NOT_ALLOWED = "no shift is allowed to serve it"
    FEW_DAYS = "fewer days can be served than visits are owed; amount: days left"
    NO_ROOM = "could be served alone, but found no room beside the others"
    TOO_DEAR = "could be added, but costs more than it is worth; amount: cents more per visit"


@dataclass(frozen=True, slots=True)
class Reason:
    """A cause and how much is missing (see `Cause` for the unit; 0 where it has none)."""

    cause: Cause
    amount: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Unassigned:
    """Visits of one stop that no route carries, and why."""

    stop: int
    missing: int
    reason: Reason


@dataclass(frozen=True)
class Solution:
    """A pattern for every stop, by its index in `Stop.patterns`, and the routes that carry the visits."""

    patterns: tuple[int, ...]
    routes: tuple[Route, ...] = field(default=())

    @cached_property
    def by_shift(self) -> Mapping[int, tuple[int, ...]]:
        """shift → its stops in order."""
        return {route.shift: route.stops for route in self.routes}


def nothing_planned(problem: WeekProblem) -> Solution:
    """The solution that visits nobody: every stop takes its empty pattern."""
    return Solution(tuple(empty_pattern(problem, k) for k in range(len(problem.stops))))


def empty_pattern(problem: WeekProblem, stop: int) -> int:
    """The index of a stop's empty pattern."""
    return next(k for k, pattern in enumerate(problem.stops[stop].patterns) if not pattern.days)
