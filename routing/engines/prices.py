"""What a round costs, and what one more stop adds to it: remembered, since searches ask again and again."""

from routing.objective import MC, duty_mc
from routing.problem import WeekProblem
from routing.solution import Solution
from routing.timing import time_if_punctual

Stops = tuple[int, ...]
_MEMORY = 400_000  # entries kept before starting afresh: about 100 MB


class RoutePrices:
    """Prices of feasible orders in thousandths of a cent; None for an order that breaks anything."""

    def __init__(self, problem: WeekProblem) -> None:
        self.problem = problem
        self._price: dict[tuple[int, Stops], int | None] = {}
        self._insertion: dict[tuple[int, Stops, int], tuple[int, Stops] | None] = {}

    def of(self, shift: int, stops: Stops) -> int | None:
        """The price of driving `stops` in this order on a shift; 0 for none."""
        key = (shift, stops)
        if key not in self._price:
            if len(self._price) > _MEMORY:
                self._price.clear()
            self._price[key] = self._compute(shift, stops) if stops else 0
        return self._price[key]

    def added(self, shift: int, stops: Stops, stop: int) -> tuple[int, Stops] | None:
        """(price added, new order) of the cheapest place for one more stop; None when there is none."""
        key = (shift, stops, stop)
        if key not in self._insertion:
            if len(self._insertion) > _MEMORY:
                self._insertion.clear()
            self._insertion[key] = self._cheapest(shift, stops, stop)
        return self._insertion[key]

    def solution_mc(self, solution: Solution) -> int:
        """The whole week's price; the solution must be feasible."""
        total = sum(
            MC * s.patterns[k].cents for s, k in zip(self.problem.stops, solution.patterns, strict=True)
        )
        for route in solution.routes:
            price = self.of(route.shift, route.stops)
            assert price is not None, "an infeasible route was kept"
            total += price
        return total

    def _cheapest(self, shift: int, stops: Stops, stop: int) -> tuple[int, Stops] | None:
        if stop in stops or not self.problem.allows(stop, shift):
            return None
        before = self.of(shift, stops)
        if before is None or not self._fits(shift, (*stops, stop)):
            return None
        best = None
        for k in range(len(stops) + 1):
            order = (*stops[:k], stop, *stops[k:])
            price = self.of(shift, order)
            if price is not None and (best is None or price - before < best[0]):
                best = (price - before, order)
        return best

    def _fits(self, shift: int, stops: Stops) -> bool:
        """Whether the depot can load and unload it, whatever the order: spares trying every place."""
        asked = [self.problem.stops[k] for k in stops]
        capacity = self.problem.shifts[shift].capacity
        return max(sum(s.deliver for s in asked), sum(s.collect for s in asked)) <= capacity

    def _compute(self, shift_index: int, stops: Stops) -> int | None:
        problem, shift = self.problem, self.problem.shifts[shift_index]
        if not self._loads_fit(stops, shift.capacity) or not self._locks_hold(shift_index, stops):
            return None
        timing = time_if_punctual(problem, shift_index, stops)
        if timing is None:
            return None
        habit = 0
        for index, begin in zip(stops, timing.begins, strict=True):
            stop = problem.stops[index]
            told = stop.announced[shift.day] if stop.announced else None
            if told is not None and abs(begin - told) > problem.habit_tolerance_s:
                habit += stop.habit_cents * MC
        return (
            shift.fixed_cents * MC
            + duty_mc(shift.hour_cents, timing.duty)
            + shift.km_cents * self._metres(shift_index, stops)
            + habit
        )

    def _metres(self, shift_index: int, stops: Stops) -> int:
        shift, metres = self.problem.shifts[shift_index], self.problem.metres
        at, total = shift.start, 0
        for index in stops:
            place = self.problem.stops[index].place
            total += metres[at][place]
            at = place
        return total + metres[at][shift.end]

    def _loads_fit(self, stops: Stops, capacity: int) -> bool:
        load = sum(self.problem.stops[index].deliver for index in stops)
        if load > capacity:
            return False
        for index in stops:
            stop = self.problem.stops[index]
            load += stop.collect - stop.deliver
            if load > capacity:
                return False
        return True

    def _locks_hold(self, shift_index: int, stops: Stops) -> bool:
        """Locked positions may still be reached from the left; `settle` lets go of those that were not."""
        problem = self.problem
        for k, index in enumerate(stops):
            if not problem.allows(index, shift_index) or k > problem.position_of.get((index, shift_index), k):
                return False
        for pair in problem.pairs:
            if (
                pair.first in stops
                and pair.second in stops
                and stops.index(pair.first) > stops.index(pair.second)
            ):
                return False
        return True
