"""The cheapest place for one more visit in the tours of a day, by distance and by what it breaks."""

from itertools import pairwise

from bench.instance import Instance
from bench.peers.day import Rows

_OVERLOAD = 1000.0  # so many times the longest distance when a vehicle would hold too much
_LATE = 1.0  # a unit of lateness counts as so much distance


def cheapest_place(instance: Instance, day: int, tours: list[Rows], row: int) -> tuple[float, list[Rows]]:
    """(price, the day's tours with `row` among them): a longer way, lateness and overload all count."""
    options = [*enumerate(tours)]
    if len([tour for tour in tours if tour]) < instance.vehicles:
        options.append((len(tours), ()))
    best: tuple[float, int, Rows] | None = None
    for k, tour in options or [(0, ())]:
        overload = _overload(instance, day, (*tour, row))
        before = _lateness(instance, tour)
        for position in range(len(tour) + 1):
            longer = _detour(instance, tour, position, row) + overload
            if best is not None and longer >= best[0]:
                continue
            candidate = (*tour[:position], row, *tour[position:])
            price = longer + _LATE * (_lateness(instance, candidate) - before)
            if best is None or price < best[0]:
                best = price, k, candidate
    assert best is not None
    changed = [*tours, ()] if best[1] == len(tours) else list(tours)
    changed[best[1]] = best[2]
    return best[0], changed


def _detour(instance: Instance, tour: Rows, position: int, row: int) -> float:
    distance = instance.distance
    a = tour[position - 1] if position else 0
    b = tour[position] if position < len(tour) else 0
    return float(distance[a, row] + distance[row, b] - distance[a, b])


def _lateness(instance: Instance, tour: Rows) -> float:
    """Lateness of all visits and of the return, each served as soon as it can be."""
    clock, late = instance.horizon[0], 0.0
    for a, b in pairwise((0, *tour)):
        customer = instance.customers[b - 1]
        clock = max(clock + float(instance.distance[a, b]), customer.window[0])
        late += max(0.0, clock - customer.window[1])
        clock += customer.service
    home = clock + float(instance.distance[tour[-1], 0]) if tour else clock
    return late + max(0.0, home - instance.horizon[1])


def _overload(instance: Instance, day: int, tour: Rows) -> float:
    asked = [instance.customers[row - 1] for row in tour]
    most = max(sum(c.deliver for c in asked), sum(c.collect for c in asked))
    return _OVERLOAD * float(instance.distance.max()) if most > instance.capacity[day] else 0.0
