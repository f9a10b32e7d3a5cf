"""OR-Tools' routing library on one day: guided local search from parallel cheapest insertion."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from bench.as_week import Scale, scale_of, span_of
from bench.peers.day import NOTHING, Day, DayAnswer, Rows, length

_FINEST = 1000
_LEFT_OUT = 10**10  # so dear that a visit is left out only when there is no other way


class OrtoolsDay:
    """Warm-started where a start is known; it has no seed of its own."""

    resumes = True

    def solve(self, day: Day, seconds: float, seed: int, start: Sequence[Rows] | None = None) -> DayAnswer:
        del seed
        if not day.rows:
            return NOTHING
        asked = _Question(day)
        parameters = _parameters(seconds)
        asked.routing.CloseModelWithParameters(parameters)
        row_at = {row: k + 1 for k, row in enumerate(day.rows)}
        routes = [[row_at[row] for row in tour] for tour in start or ()]
        first = asked.routing.ReadAssignmentFromRoutes(routes, True) if routes else None
        if first is None:
            answer = asked.routing.SolveWithParameters(parameters)
        else:
            answer = asked.routing.SolveFromAssignmentWithParameters(first, parameters)
        tours = asked.tours(answer) if answer is not None else ()
        whole = sum(len(tour) for tour in tours) == len(day.rows)
        return DayAnswer(
            tours, length(day.instance.distance, tours), whole, asked.routing.solver().Branches()
        )


class _Question:
    """The day in OR-Tools' words: index 0 is the depot, index k the k-th visit."""

    def __init__(self, day: Day) -> None:
        self.day, self.scale = day, Scale(_FINEST, scale_of(day.instance).load)
        self.vehicles = min(day.instance.vehicles, len(day.rows))
        self.index = pywrapcp.RoutingIndexManager(len(day.rows) + 1, self.vehicles, 0)
        self.routing = pywrapcp.RoutingModel(self.index)
        self.visits = [day.instance.customers[row - 1] for row in day.rows]
        rows = [0, *day.rows]
        self.scaled = day.instance.distance[np.ix_(rows, rows)] * self.scale.distance
        self._price()
        self._keep_time()
        self._keep_loads()

    def tours(self, answer: Any) -> tuple[Rows, ...]:
        found = []
        for vehicle in range(self.vehicles):
            tour, at = [], self.routing.Start(vehicle)
            while not self.routing.IsEnd(at := answer.Value(self.routing.NextVar(at))):
                tour.append(self.day.rows[self.index.IndexToNode(at) - 1])
            found.append(tuple(tour))
        return tuple(tour for tour in found if tour)

    def _price(self) -> None:
        legs = self.routing.RegisterTransitMatrix(np.rint(self.scaled).astype(int).tolist())
        self.routing.SetArcCostEvaluatorOfAllVehicles(legs)
        for k in range(len(self.visits)):
            self.routing.AddDisjunction([self.index.NodeToIndex(k + 1)], _LEFT_OUT)

    def _keep_time(self) -> None:
        """The clock when service begins; a step is the service and the drive that follow."""
        instance, scale = self.day.instance, self.scale
        service = np.array([0] + [scale.up(visit.service) for visit in self.visits])
        steps = (np.ceil(self.scaled - 1e-6) + service[:, None]).astype(int)
        np.fill_diagonal(steps, 0)
        opening, closing = scale.up(instance.horizon[0]), scale.down(span_of(instance))
        step = self.routing.RegisterTransitMatrix(steps.tolist())
        self.routing.AddDimension(step, closing, closing, False, "clock")
        clock = self.routing.GetDimensionOrDie("clock")
        for k, visit in enumerate(self.visits, 1):
            late = scale.down(min(visit.window[1], span_of(instance)))
            clock.CumulVar(self.index.NodeToIndex(k)).SetRange(scale.up(visit.window[0]), late)
        limit = instance.max_duration[self.day.day]
        for vehicle in range(self.vehicles):
            clock.CumulVar(self.routing.Start(vehicle)).SetRange(opening, closing)
            if math.isfinite(limit):
                clock.SetSpanUpperBoundForVehicle(scale.down(limit), vehicle)

    def _keep_loads(self) -> None:
        """Aboard: everything to deliver at first, then each visit's exchange."""
        up = [math.ceil(visit.collect * self.scale.load - 1e-6) for visit in self.visits]
        down = [math.ceil(visit.deliver * self.scale.load - 1e-6) for visit in self.visits]
        limit = min(self.day.instance.capacity[self.day.day], 2 * float(sum(up) + sum(down)))
        holds = math.floor(limit * self.scale.load + 1e-6)
        left = self.routing.RegisterUnaryTransitVector([0, *down])
        self.routing.AddDimension(left, 0, holds, True, "left")
        if not any(up):
            return
        change = self.routing.RegisterUnaryTransitVector([0, *(a - b for a, b in zip(up, down, strict=True))])
        self.routing.AddDimension(change, 0, holds, False, "aboard")
        aboard = self.routing.GetDimensionOrDie("aboard")
        delivered = self.routing.GetDimensionOrDie("left")
        for vehicle in range(self.vehicles):
            end = delivered.CumulVar(self.routing.End(vehicle))
            self.routing.solver().Add(aboard.CumulVar(self.routing.Start(vehicle)) == end)


def _parameters(seconds: float) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
    return parameters
