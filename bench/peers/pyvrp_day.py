"""PyVRP on one day: its own default search, on figures scaled so that rounding loses nothing that counts."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.as_week import Scale, scale_of, span_of
from bench.instance import Customer, Instance
from bench.peers.day import NOTHING, Day, DayAnswer, Rows, length
from bench.peers.optional import library

_LOAD_UNITS = 1_000_000


class PyvrpDay:
    """PyVRP's iterated local search, warm-started where a start is known."""

    resumes = True

    def __init__(self) -> None:
        self.pyvrp = library("pyvrp")
        self.stop = library("pyvrp.stop")

    def solve(self, day: Day, seconds: float, seed: int, start: Sequence[Rows] | None = None) -> DayAnswer:
        if not day.rows:
            return NOTHING
        data = day_data(self.pyvrp, day)
        first = None
        if start:
            visit = {row: k for k, row in enumerate(day.rows)}
            first = self.pyvrp.Solution(data, [[visit[row] for row in tour] for tour in start])
        result = self.pyvrp.solve(
            data, self.stop.MaxRuntime(seconds), seed, collect_stats=False, initial_solution=first
        )
        tours = tuple(
            tuple(day.rows[visit.idx] for visit in route.schedule() if visit.is_client())
            for route in result.best.routes()
        )
        cost = length(day.instance.distance, tours)
        return DayAnswer(tours, cost, bool(result.best.is_feasible()), int(result.num_iterations))


def day_data(pyvrp: Any, day: Day) -> Any:
    """The day as PyVRP's `ProblemData`: location 0 is the depot, client k is `day.rows[k]`."""
    instance, scale = day.instance, pyvrp_scale(day.instance)
    distances, durations = scaled_matrices(instance, scale, [0, *day.rows])
    clients = [
        pyvrp.Client(location=k + 1, **client_figures(instance.customers[row - 1], instance, scale))
        for k, row in enumerate(day.rows)
    ]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(*place(instance, row)) for row in (0, *day.rows)],
        clients=clients,
        depots=[pyvrp.Depot(location=0)],
        vehicle_types=[pyvrp.VehicleType(**vehicle_figures(instance, scale, day.day))],
        distance_matrices=[distances],
        duration_matrices=[durations],
    )


def pyvrp_scale(instance: Instance) -> Scale:
    """Thousandths, as PyVRP's own benchmarks of exact distances; small loads a hundredfold.

    Its penalties have a ceiling per unit of load: with finer distances or coarser loads it was seen to find
    tight instances infeasible.
    """
    load = scale_of(instance).load
    small = max(min(limit, _LOAD_UNITS) for limit in instance.capacity) * load * 100 <= _LOAD_UNITS
    return Scale(1000, load * 100 if small else load)


def scaled_matrices(instance: Instance, scale: Scale, rows: Sequence[int]) -> tuple[Any, Any]:
    """Distances to the nearest unit, durations rounded up."""
    scaled = instance.distance[np.ix_(rows, rows)] * scale.distance
    return np.rint(scaled).astype(np.int64), np.ceil(scaled - 1e-6).astype(np.int64)


def client_figures(customer: Customer, instance: Instance, scale: Scale, later: int = 0) -> dict[str, Any]:
    """What a visit asks for; its window begins `later` units after the published one."""
    return {
        "delivery": [math.ceil(customer.deliver * scale.load - 1e-6)],
        "pickup": [math.ceil(customer.collect * scale.load - 1e-6)],
        "service_duration": scale.up(customer.service),
        "tw_early": scale.up(customer.window[0]) + later,
        "tw_late": scale.down(min(customer.window[1], span_of(instance))) + later,
    }


def vehicle_figures(instance: Instance, scale: Scale, day: int, later: int = 0) -> dict[str, Any]:
    """The fleet of a day; limits that do not exist are left to PyVRP's own defaults."""
    figures: dict[str, Any] = {
        "num_available": instance.vehicles,
        "tw_early": scale.up(instance.horizon[0]) + later,
        "tw_late": scale.down(span_of(instance)) + later,
    }
    capacity = instance.capacity[day]
    total = 2 * sum(max(c.deliver, c.collect) for c in instance.customers)
    figures["capacity"] = [math.floor(min(capacity, total) * scale.load + 1e-6)]
    if math.isfinite(instance.max_duration[day]):
        figures["shift_duration"] = scale.down(instance.max_duration[day])
    return figures


def place(instance: Instance, row: int) -> tuple[float, float]:
    """Where a row lies; PyVRP only draws it."""
    if instance.coordinates is None:
        return 0.0, 0.0
    x, y = instance.coordinates[row]
    return float(x), float(y)
