"""A week under construction: which pattern each stop has, which round carries each visit.

Locked rounds are driven from the start, when they can be, and never touched; the days on which they visit a
stop are pinned for it. What `settle` leaves behind keeps every lock, load and clock.
"""

from dataclasses import dataclass

from routing.engines.prices import RoutePrices, Stops
from routing.objective import MC
from routing.problem import WeekProblem
from routing.solution import Route, Solution, empty_pattern


@dataclass(frozen=True, slots=True)
class Placement:
    """The cheapest way found to visit a stop: its pattern, the new order of each round that changes.

    `mc` is what the week costs more than with the stop not visited at all; negative when worth it.
    `regret` is how much dearer the second best pattern is.
    """

    stop: int
    pattern: int
    mc: int
    regret: int
    orders: tuple[tuple[int, Stops], ...]


class WeekState:
    """Mutable; made from the locked rounds alone, or from a solution."""

    def __init__(self, problem: WeekProblem, prices: RoutePrices, start: Solution | None = None) -> None:
        self.problem = problem
        self.prices = prices
        self.choice = [empty_pattern(problem, k) for k in range(len(problem.stops))]
        self.routes: dict[int, Stops] = {}
        self.pinned: dict[int, frozenset[int]] = {}
        if start is None:
            self._lock_rounds()
        else:
            self._resume(start)

    def solution(self) -> Solution:
        routes = tuple(Route(shift, stops) for shift, stops in sorted(self.routes.items()) if stops)
        return Solution(tuple(self.choice), routes)

    def price_mc(self) -> int:
        return self.prices.solution_mc(self.solution())

    def missing(self) -> int:
        """Visits owed and not planned, over all stops."""
        return sum(s.patterns[k].missing for s, k in zip(self.problem.stops, self.choice, strict=True))

    def shift_of(self, stop: int, day: int) -> int | None:
        """The shift that visits a stop on a day."""
        for shift in self.problem.shifts_of_day[day]:
            if stop in self.routes.get(shift, ()):
                return shift
        return None

    def remove(self, stop: int) -> None:
        """Take every visit away, except on pinned days."""
        for day in self.problem.stops[stop].patterns[self.choice[stop]].days:
            shift = self.shift_of(stop, day)
            if shift is not None and day not in self.pinned.get(stop, ()):
                self.routes[shift] = tuple(k for k in self.routes[shift] if k != stop)
        self.choice[stop] = self.floor(stop)

    def cheapest_day(self, stop: int, day: int) -> tuple[int, int, Stops] | None:
        """(price added, shift, its new order) of one more visit on that day; None when nothing fits."""
        best = None
        for shift in self.open_shifts(stop, day):
            found = self.prices.added(shift, self.routes.get(shift, ()), stop)
            if found is not None and (best is None or found[0] < best[0]):
                best = (found[0], shift, found[1])
        return best

    def cheapest(self, stop: int, only: int | None = None) -> Placement | None:
        """The best pattern and places for a stop that has no visit; None when not visiting is best.

        With `only`, that pattern or none.
        """
        asked = self.problem.stops[stop]
        pinned = self.pinned.get(stop, frozenset())
        nothing = asked.patterns[self.choice[stop]].cents * MC
        by_day: dict[int, tuple[int, int, Stops] | None] = {}
        options = []
        for k, pattern in enumerate(asked.patterns):
            if not pattern.days or not pinned <= set(pattern.days) or only not in (None, k):
                continue
            places = []
            for day in pattern.days:
                if day in pinned:
                    continue
                if day not in by_day:
                    by_day[day] = self.cheapest_day(stop, day)
                places.append(by_day[day])
            found = [place for place in places if place is not None]
            if len(found) == len(places):
                mc = pattern.cents * MC - nothing + sum(place[0] for place in found)
                options.append((mc, k, tuple((shift, order) for _, shift, order in found)))
        options.sort()
        if not options or (options[0][0] >= 0 and only is None):
            return None
        second = options[1][0] if len(options) > 1 else 0
        mc, k, orders = options[0]
        return Placement(stop, k, mc, min(second, 0) - mc, orders)

    def place(self, placement: Placement) -> None:
        """Do it. The rounds it names must not have changed since."""
        self.choice[placement.stop] = placement.pattern
        self.routes.update(placement.orders)

    def settle(self) -> None:
        """Let go of stops that did not reach the position they are locked to, and of what falls with them."""
        while (loose := self._loose()) is not None:
            self.remove(loose)

    def holds(self) -> bool:
        """Whether every open round keeps its clock, its loads and its locked positions."""
        return self._loose() is None

    def open_shifts(self, stop: int, day: int) -> tuple[int, ...]:
        """The shifts of a day that may take a stop, given where its locked partners ride."""
        shifts = self.problem.shifts_of_day[day]
        for other in self._partners(stop):
            riding = self.shift_of(other, day)
            shifts = shifts if riding is None else tuple(k for k in shifts if k == riding)
        return tuple(k for k in shifts if self.problem.shifts[k].locked is None)

    def _partners(self, stop: int) -> list[int]:
        pairs = ((pair.first, pair.second) for pair in self.problem.pairs)
        return [second if stop == first else first for first, second in pairs if stop in (first, second)]

    def _loose(self) -> int | None:
        """A stop that must leave: out of its locked position, or last in a round that no longer holds."""
        for shift, order in self.routes.items():
            if self.problem.shifts[shift].locked is not None or not order:
                continue
            for position, stop in enumerate(order):
                if self.problem.position_of.get((stop, shift), position) != position:
                    return stop
            if self.prices.of(shift, order) is None:
                return order[-1]
        return None

    def floor(self, stop: int) -> int:
        """The pattern that a stop falls back to: its pinned days, or none."""
        days = tuple(sorted(self.pinned.get(stop, frozenset())))
        return next(k for k, pattern in enumerate(self.problem.stops[stop].patterns) if pattern.days == days)

    def _lock_rounds(self) -> None:
        """Drive the locked rounds that can be, one after the other, and pin the days they visit."""
        for k, shift in enumerate(self.problem.shifts):
            if not shift.locked or not self._can_drive(k, shift.locked):
                continue
            wanted = {stop: self.pinned.get(stop, frozenset()) | {shift.day} for stop in shift.locked}
            if all(self._has_pattern(stop, days) for stop, days in wanted.items()):
                self.pinned.update(wanted)
                self.routes[k] = shift.locked
        for stop in self.pinned:
            self.choice[stop] = self.floor(stop)

    def _can_drive(self, shift: int, order: Stops) -> bool:
        """Whether a locked round holds by itself, and beside the locked rounds driven before it."""
        day = self.problem.shifts[shift].day
        at_place = all(self.problem.position_of.get((s, shift), k) == k for k, s in enumerate(order))
        elsewhere = {
            *order,
            *(other for stop in order for other in self._partners(stop) if other not in order),
        }
        free = all(self.shift_of(stop, day) is None for stop in elsewhere)
        return at_place and free and self.prices.of(shift, order) is not None

    def _resume(self, start: Solution) -> None:
        """Take a solution as it is. A stop whose locked days alone are no pattern keeps all its days."""
        self.choice = list(start.patterns)
        self.routes = {route.shift: route.stops for route in start.routes}
        for shift in self.routes:
            if self.problem.shifts[shift].locked is not None:
                for stop in self.routes[shift]:
                    days = self.pinned.get(stop, frozenset()) | {self.problem.shifts[shift].day}
                    self.pinned[stop] = days
        for stop, days in self.pinned.items():
            if not self._has_pattern(stop, days):
                self.pinned[stop] = frozenset(self.problem.stops[stop].patterns[self.choice[stop]].days)

    def _has_pattern(self, stop: int, days: frozenset[int]) -> bool:
        return any(frozenset(pattern.days) == days for pattern in self.problem.stops[stop].patterns)
