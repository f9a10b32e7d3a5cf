"""The bench's own referee: judges a solution from the published figures alone.

Double precision throughout; nothing of the planner is imported, so that a mistake there cannot hide here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.instance import Customer, Instance

TOLERANCE = 1e-6  # of a unit of the file: far above the noise of double sums, far below any figure published


@dataclass(frozen=True, slots=True)
class Verdict:
    """Total distance, and everything that is not kept, in plain words."""

    cost: float
    complaints: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        return not self.complaints


def judge(instance: Instance, week: Sequence[Sequence[Sequence[int]]]) -> Verdict:
    """`week` holds, per day, the tours of that day: customer numbers in sequence, the depot left out.

    Numbers that the instance does not have add nothing to the cost. An empty tour is no tour.
    """
    found: list[str] = []
    if len(week) != instance.days:
        found.append(f"{len(week)} days are given, {instance.days} are asked")
    row = {customer.number: k + 1 for k, customer in enumerate(instance.customers)}
    visited: defaultdict[int, list[int]] = defaultdict(list)
    cost = 0.0
    for day, tours in enumerate(week[: instance.days]):
        driven = [tour for tour in tours if tour]
        if len(driven) > instance.vehicles:
            found.append(f"day {day}: {len(driven)} tours for {instance.vehicles} vehicles")
        for tour in driven:
            unknown = [number for number in tour if number not in row]
            found += [f"day {day}: there is no customer {number}" for number in unknown]
            rows = [row[number] for number in tour if number in row]
            cost += _length(instance, rows)
            found += [f"day {day}, tour {list(tour)}: {what}" for what in _tour(instance, day, rows)]
            for k in rows:
                visited[k].append(day)
    for k, customer in enumerate(instance.customers):
        days = tuple(sorted(visited[k + 1]))
        if days not in customer.patterns:
            found.append(f"customer {customer.number}: visited on days {list(days)}, which is not allowed")
    return Verdict(cost, tuple(found))


def shortest_duration(instance: Instance, rows: Sequence[int]) -> float | None:
    """From depot to depot in this sequence, leaving when it is best to; None when a window is missed.

    The earliest return comes of leaving at once; the latest departure with the same return is then the
    shortest duration, since leaving later still delays the return by as much.
    """
    distance, (opening, closing) = instance.distance, instance.horizon
    stops = [instance.customers[k - 1] for k in rows]
    legs = [float(distance[a, b]) for a, b in pairwise([0, *rows, 0])]
    clock = opening
    for leg, stop in zip(legs, stops, strict=False):
        clock = max(clock + leg, stop.window[0])
        if clock > stop.window[1] + TOLERANCE:
            return None
        clock += stop.service
    home = clock + legs[-1]
    if home > closing + TOLERANCE:
        return None
    latest = home - legs[-1]
    for leg, stop in zip(reversed(legs[:-1]), reversed(stops), strict=True):
        latest = min(latest - stop.service, stop.window[1]) - leg
    return home - latest


def _length(instance: Instance, rows: Sequence[int]) -> float:
    return sum(float(instance.distance[a, b]) for a, b in pairwise([0, *rows, 0]))


def _tour(instance: Instance, day: int, rows: Sequence[int]) -> list[str]:
    found = []
    peak = peak_load([instance.customers[k - 1] for k in rows])
    if peak > instance.capacity[day] + TOLERANCE:
        found.append(f"{peak:g} aboard, {instance.capacity[day]:g} allowed")
    duration = shortest_duration(instance, rows)
    if duration is None:
        found.append("a time window is missed")
    elif duration > instance.max_duration[day] + TOLERANCE:
        found.append(f"lasts {duration:.6f}, {instance.max_duration[day]:g} allowed")
    return found


def peak_load(stops: Sequence[Customer]) -> float:
    """The most that is ever aboard: all deliveries at first, then each visit's exchange."""
    aboard = peak = sum(stop.deliver for stop in stops)
    for stop in stops:
        aboard += stop.collect - stop.deliver
        peak = max(peak, aboard)
    return peak
