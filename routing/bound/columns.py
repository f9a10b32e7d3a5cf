"""Columns: rounds that the weekly programme may mix. A round priced here may come twice to one stop."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from routing.bound.groups import Group
from routing.bound.units import PER_MC
from routing.engines.prices import RoutePrices
from routing.problem import WeekProblem
from routing.solution import Solution


@dataclass(frozen=True, slots=True)
class Column:
    """A round of a group, by the stops of the problem in order, and no more than its price."""

    group: int
    stops: tuple[int, ...]
    price: int

    @property
    def visits(self) -> Counter[int]:
        return Counter(self.stops)


def known_columns(
    problem: WeekProblem, groups: tuple[Group, ...], solution: Solution | None
) -> Iterable[Column]:
    """To begin with: locked rounds, every stop alone, and the rounds of a solution, where they can be driven.

    Rounds of a solution are offered to every day.
    """
    prices = RoutePrices(problem)
    routes = {route.stops for route in solution.routes} if solution else set()
    for g, group in enumerate(groups):
        riders = set(group.stops)
        offered = {group.locked} if group.locked else routes | {(stop,) for stop in group.stops}
        for stops in sorted(offered):
            price = prices.of(group.shift, stops) if group.locked or riders.issuperset(stops) else None
            if price is not None:
                yield Column(g, stops, price * PER_MC)
