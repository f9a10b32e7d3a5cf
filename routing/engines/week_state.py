"""A week under construction: which pattern each stop has, which round carries each visit.

Every state reached is feasible. Locked rounds are driven from the start, when they can be, and never touched.
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
        self._lock_rounds()
        if start is not None:
            self.choice = list(start.patterns)
            self.routes = {route.shift: route.stops for route in start.routes}

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
        """Take every visit away, except those of locked rounds."""
        for day in self.problem.stops[stop].patterns[self.choice[stop]].days:
            shift = self.shift_of(stop, day)
            if shift is not None and self.problem.shifts[shift].locked is None:
                self.routes[shift] = tuple(k for k in self.routes[shift] if k != stop)
        self.choice[stop] = self._floor(stop)

    def cheapest_day(self, stop: int, day: int) -> tuple[int, int, Stops] | None:
        """(price added, shift, its new order) of one more visit on that day; None when nothing fits."""
        best = None
        for shift in self._open_shifts(stop, day):
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
        """Let go of stops that did not reach the position they are locked to."""
        for (stop, shift), position in self.problem.position_of.items():
            order = self.routes.get(shift, ())
            if stop in order and order.index(stop) != position:
                self.remove(stop)

    def _open_shifts(self, stop: int, day: int) -> tuple[int, ...]:
        """The shifts of a day that may take a stop, given where its locked partners ride."""
        shifts = self.problem.shifts_of_day[day]
        for pair in self.problem.pairs:
            if stop in (pair.first, pair.second):
                other = pair.second if stop == pair.first else pair.first
                riding = self.shift_of(other, day)
                shifts = shifts if riding is None else tuple(k for k in shifts if k == riding)
        return tuple(k for k in shifts if self.problem.shifts[k].locked is None)

    def _floor(self, stop: int) -> int:
        """The pattern that a stop falls back to: its locked visits, or none."""
        days = tuple(sorted(self.pinned.get(stop, frozenset())))
        return next(k for k, pattern in enumerate(self.problem.stops[stop].patterns) if pattern.days == days)

    def _lock_rounds(self) -> None:
        for k, shift in enumerate(self.problem.shifts):
            if not shift.locked or self.prices.of(k, shift.locked) is None:
                continue
            wanted = {stop: self.pinned.get(stop, frozenset()) | {shift.day} for stop in shift.locked}
            if all(self._has_pattern(stop, days) for stop, days in wanted.items()):
                self.pinned.update(wanted)
                self.routes[k] = shift.locked
        for stop in self.pinned:
            self.choice[stop] = self._floor(stop)

    def _has_pattern(self, stop: int, days: frozenset[int]) -> bool:
        return any(frozenset(pattern.days) == days for pattern in self.problem.stops[stop].patterns)
