"""PyVRP on the whole week at once, as far as it can choose days itself.

The days follow each other on one clock, each with its own vehicles; a customer has one client per day. Its
groups mean « exactly one of »: whoever is visited once gets a group over its days. Whoever is visited several
times keeps the days of the simple rule, since no group can tie those visits together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.as_week import Scale, span_of
from bench.instance import Instance
from bench.peers.day import DayAnswer, Rows, length
from bench.peers.fixed_days import best_days, clock_of, is_free
from bench.peers.optional import library
from bench.peers.pyvrp_day import (
    PyvrpDay,
    client_figures,
    place,
    pyvrp_scale,
    scaled_matrices,
    vehicle_figures,
)
from bench.peers.week import WeekAnswer, as_answer

_TRIALS_SHARE = 0.2  # of the time, spent on the days of those visited several times


@dataclass(frozen=True, slots=True)
class _Visit:
    """A client of the long clock."""

    row: int
    day: int


class PyvrpGroups:
    """Days by the rule first, then one long search that moves single visits between days as it drives."""

    def solve(self, instance: Instance, seconds: float, seed: int) -> WeekAnswer:
        left = clock_of(seconds)
        share = _TRIALS_SHARE if is_free(instance) else 0.0
        choice, known, iterations = best_days(instance, PyvrpDay(), seconds * share, seed)
        pyvrp = library("pyvrp")
        visits = _visits(instance, choice)
        data = _data(pyvrp, instance, visits)
        at = {visit: k for k, visit in enumerate(visits)}
        first = pyvrp.Solution(
            data,
            [
                pyvrp.Route(data, [at[_Visit(row, day)] for row in tour], vehicle_type=day)
                for day, answer in enumerate(known)
                for tour in answer.tours
            ],
        )
        stop = library("pyvrp.stop").MaxRuntime(max(0.1, left()))
        result = pyvrp.solve(data, stop, seed, collect_stats=False, initial_solution=first)
        days = _read(instance, result.best, visits)
        return as_answer(instance, days, iterations + int(result.num_iterations))


def _visits(instance: Instance, choice: Sequence[int]) -> list[_Visit]:
    """Every client: the chosen days, and all the days of whoever is visited once."""
    found = []
    for k, customer in enumerate(instance.customers):
        chosen = set(customer.patterns[choice[k]])
        once = {day for pattern in customer.patterns if len(pattern) == 1 for day in pattern}
        days = once if len(chosen) == 1 else chosen
        found += [_Visit(k + 1, day) for day in sorted(days)]
    return found


def _data(pyvrp: Any, instance: Instance, visits: Sequence[_Visit]) -> Any:
    scale = pyvrp_scale(instance)
    rows = range(len(instance.customers) + 1)
    distances, durations = scaled_matrices(instance, scale, rows)
    members: dict[int, list[int]] = {}
    for k, visit in enumerate(visits):
        members.setdefault(visit.row, []).append(k)
    choosers = [row for row, clients in members.items() if len(clients) > 1 and _once(instance, row)]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(*place(instance, row)) for row in rows],
        clients=[_client(pyvrp, instance, scale, visit, choosers) for visit in visits],
        depots=[pyvrp.Depot(location=0)],
        vehicle_types=[
            pyvrp.VehicleType(**vehicle_figures(instance, scale, day, _later(instance, scale, day)))
            for day in range(instance.days)
        ],
        distance_matrices=[distances],
        duration_matrices=[durations],
        groups=[pyvrp.ClientGroup(members[row]) for row in choosers],
    )


def _client(pyvrp: Any, instance: Instance, scale: Scale, visit: _Visit, choosers: Sequence[int]) -> Any:
    later = _later(instance, scale, visit.day)
    figures = client_figures(instance.customers[visit.row - 1], instance, scale, later)
    group = choosers.index(visit.row) if visit.row in choosers else None
    return pyvrp.Client(location=visit.row, required=group is None, group=group, **figures)


def _once(instance: Instance, row: int) -> bool:
    return any(len(pattern) == 1 for pattern in instance.customers[row - 1].patterns)


def _later(instance: Instance, scale: Scale, day: int) -> int:
    """How much later than day 0 a day begins: nobody is still on the road from the day before."""
    return 2 * day * (scale.up(span_of(instance)) + 1)


def _read(instance: Instance, solution: Any, visits: Sequence[_Visit]) -> list[DayAnswer]:
    tours: list[list[Rows]] = [[] for _ in range(instance.days)]
    for route in solution.routes():
        halts = [visits[halt.idx] for halt in route.schedule() if halt.is_client()]
        tours[route.vehicle_type()].append(tuple(halt.row for halt in halts))
    feasible = bool(solution.is_feasible())
    return [DayAnswer(tuple(day), length(instance.distance, day), feasible) for day in tours]
