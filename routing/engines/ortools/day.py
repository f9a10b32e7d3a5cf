"""One day, its visits given: OR-Tools' routing library chooses rounds and orders.

Several windows are gaps cut out of the time variable; crates both ways are one load that starts with
everything to deliver; pauses are break intervals; shifts, allowed rounds, locked pairs and positions are
constraints. Only matrices are registered: a Python callback that raises would be swallowed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.budget import Budget
from routing.engines.prices import Stops
from routing.objective import MC
from routing.problem import WeekProblem

_PATIENCE_S = 0.1  # a search no longer than this need not look whether it was cancelled
_DROP_MC = 10**10  # so dear that a visit is dropped only when nothing else is left


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How long one day is searched: seconds, or a number of the search's own looks at its limits.

    Looks repeat exactly on any machine; OR-Tools takes some 400,000 a second.
    """

    seconds: float | None = None
    looks: int | None = None


class DayModel:
    """The routing model of one day's visits on its open shifts; built for one question, then dropped.

    At least one stop and one open shift.
    """

    def __init__(self, problem: WeekProblem, day: int, stops: Iterable[int]) -> None:
        self.problem = problem
        self.stops = sorted(stops)
        self.shifts = [k for k in problem.shifts_of_day[day] if problem.shifts[k].locked is None]
        visits = len(self.stops)
        self.places = [problem.stops[k].place for k in self.stops]
        starts, ends = [], []
        for k in self.shifts:
            starts.append(len(self.places))
            ends.append(len(self.places) + 1)
            self.places += [problem.shifts[k].start, problem.shifts[k].end]
        self.nodes = pywrapcp.RoutingIndexManager(len(self.places), len(self.shifts), starts, ends)
        self.routing = pywrapcp.RoutingModel(self.nodes)
        self.at = [self.nodes.NodeToIndex(k) for k in range(visits)]
        self.solver = self.routing.solver()
        self._price_arcs()
        self._keep_time(day)
        self._keep_loads()
        self._keep_locks()

    def orders(
        self, effort: Effort, budget: Budget, start: Mapping[int, Stops] | None = None
    ) -> dict[int, Stops] | None:
        """shift → stops in order, serving every stop; None when no such orders were found."""
        parameters = _parameters(effort, budget)
        self._limit(effort, budget)
        self.routing.CloseModelWithParameters(parameters)
        answer = self._search(parameters, start)
        if answer is None:
            return None
        found = {shift: self._read(answer, vehicle) for vehicle, shift in enumerate(self.shifts)}
        served = sum(len(stops) for stops in found.values())
        return {k: stops for k, stops in found.items() if stops} if served == len(self.stops) else None

    def _limit(self, effort: Effort, budget: Budget) -> None:
        """Stop by count, or when cancelled. A limit in Python halves the speed: only where it is needed."""
        looks, most = count(1), effort.looks
        if most is not None:
            limit = self.solver.CustomLimit(lambda: budget.cancelled or next(looks) > most)
            self.routing.AddSearchMonitor(limit)
        elif effort.seconds is None or effort.seconds > _PATIENCE_S:
            self.routing.AddSearchMonitor(self.solver.CustomLimit(lambda: budget.over))

    def _search(self, parameters: Any, start: Mapping[int, Stops] | None) -> Any:
        if start:
            node = {stop: k for k, stop in enumerate(self.stops)}
            routes = [[node[stop] for stop in start.get(k, ()) if stop in node] for k in self.shifts]
            first = self.routing.ReadAssignmentFromRoutes(routes, True)
            if first is not None:
                return self.routing.SolveFromAssignmentWithParameters(first, parameters)
        return self.routing.SolveWithParameters(parameters)

    def _read(self, answer: Any, vehicle: int) -> Stops:
        stops, index = [], self.routing.Start(vehicle)
        while not self.routing.IsEnd(index := answer.Value(self.routing.NextVar(index))):
            stops.append(self.stops[self.nodes.IndexToNode(index)])
        return tuple(stops)

    def _price_arcs(self) -> None:
        metres = self.problem.metres
        distances = [[metres[a][b] for b in self.places] for a in self.places]
        for vehicle, k in enumerate(self.shifts):
            shift = self.problem.shifts[k]
            rows = [[figure * shift.km_cents for figure in row] for row in distances]
            self.routing.SetArcCostEvaluatorOfVehicle(self.routing.RegisterTransitMatrix(rows), vehicle)
            self.routing.SetFixedCostOfVehicle(shift.fixed_cents * MC, vehicle)
        for index in self.at:
            self.routing.AddDisjunction([index], _DROP_MC)

    def _keep_time(self, day: int) -> None:
        """Time is cumulated when service begins; a transit is the service and the drive that follow."""
        service = [self.problem.stops[k].service_s for k in self.stops] + [0] * (2 * len(self.shifts))
        transits = []
        for k in self.shifts:
            seconds = self.problem.seconds(k)
            rows = [
                [s + seconds[a][b] for b in self.places] for a, s in zip(self.places, service, strict=True)
            ]
            transits.append(self.routing.RegisterTransitMatrix(rows))
        horizon = max((self.problem.shifts[k].window.late for k in self.shifts), default=0)
        self.routing.AddDimensionWithVehicleTransits(transits, horizon, horizon, False, "time")
        time = self.routing.GetDimensionOrDie("time")
        for k, index in zip(self.stops, self.at, strict=True):
            windows = [w for w in self.problem.stops[k].windows[day] if w.early <= horizon]
            if not windows:
                continue  # no shift may take it: see `_may_ride`
            clock = time.CumulVar(index)
            clock.SetRange(windows[0].early, min(windows[-1].late, horizon))
            for gap, following in pairwise(windows):
                clock.RemoveInterval(gap.late + 1, following.early - 1)
        for vehicle, k in enumerate(self.shifts):
            self._keep_shift(time, vehicle, k, service)

    def _keep_shift(self, time: Any, vehicle: int, k: int, service: list[int]) -> None:
        shift = self.problem.shifts[k]
        time.CumulVar(self.routing.Start(vehicle)).SetRange(shift.window.early, shift.window.late)
        time.CumulVar(self.routing.End(vehicle)).SetRange(shift.window.early, shift.window.late)
        if shift.max_duty_s is not None:
            rest_s = shift.pause.length_s if shift.pause else 0
            time.SetSpanUpperBoundForVehicle(shift.max_duty_s + rest_s, vehicle)
        time.SetSpanCostCoefficientForVehicle(shift.hour_cents * MC // 3600, vehicle)
        if shift.pause is not None:
            window = shift.pause.window
            rest = self.solver.FixedDurationIntervalVar(
                window.early, window.late, shift.pause.length_s, False, f"pause {vehicle}"
            )
            by_index = [0] * self.routing.Size()
            for node, seconds in enumerate(service[: len(self.stops)]):
                by_index[self.nodes.NodeToIndex(node)] = seconds
            time.SetBreakIntervalsOfVehicle([rest], vehicle, by_index)

    def _keep_loads(self) -> None:
        """Aboard = everything to deliver at the start, less what was left, plus what was taken."""
        asked = [self.problem.stops[k] for k in self.stops]
        depots = [0] * (2 * len(self.shifts))
        change = self.routing.RegisterUnaryTransitVector([s.collect - s.deliver for s in asked] + depots)
        left = self.routing.RegisterUnaryTransitVector([s.deliver for s in asked] + depots)
        holds = [self.problem.shifts[k].capacity for k in self.shifts]
        self.routing.AddDimensionWithVehicleCapacity(change, 0, holds, False, "aboard")
        self.routing.AddDimensionWithVehicleCapacity(left, 0, holds, True, "left")
        aboard = self.routing.GetDimensionOrDie("aboard")
        delivered = self.routing.GetDimensionOrDie("left")
        for vehicle in range(len(self.shifts)):
            start, end = self.routing.Start(vehicle), self.routing.End(vehicle)
            self.solver.Add(aboard.CumulVar(start) == delivered.CumulVar(end))

    def _keep_locks(self) -> None:
        node = dict(zip(self.stops, self.at, strict=True))
        for stop, index in node.items():
            allowed = [v for v, k in enumerate(self.shifts) if self._may_ride(stop, k)]
            self.routing.VehicleVar(index).SetValues([-1, *allowed])
        time = self.routing.GetDimensionOrDie("time")
        coupled: set[int] = set()
        for pair in self.problem.pairs:
            if pair.first in node and pair.second in node:
                first, second = node[pair.first], node[pair.second]
                self.solver.Add(self.routing.VehicleVar(first) == self.routing.VehicleVar(second))
                self.solver.Add(time.CumulVar(first) <= time.CumulVar(second))
                if not coupled & {first, second}:  # said once for each: then both are placed in one move
                    self.routing.AddPickupAndDelivery(first, second)
                    coupled |= {first, second}
        self._keep_positions(node)

    def _may_ride(self, stop: int, shift: int) -> bool:
        given = self.problem.shifts[shift]
        meets = (window.meet(given.window) for window in self.problem.stops[stop].windows[given.day])
        return self.problem.allows(stop, shift) and any(meets)

    def _keep_positions(self, node: Mapping[int, int]) -> None:
        locks = [lock for lock in self.problem.positions if lock.stop in node and lock.shift in self.shifts]
        if not locks:
            return
        self.routing.AddConstantDimension(1, len(self.stops) + 1, True, "halts")
        halts = self.routing.GetDimensionOrDie("halts")
        for lock in locks:
            index, vehicle = node[lock.stop], self.shifts.index(lock.shift)
            elsewhere = self.routing.VehicleVar(index) != vehicle
            self.solver.Add(elsewhere + (halts.CumulVar(index) == lock.position + 1) >= 1)


def _parameters(effort: Effort, budget: Budget) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    # Each round's clock would be a small integer programme, 5 ms where there is a pause, for times that
    # `schedule` finds again: without it the same orders come some forty times sooner.
    parameters.disable_scheduling_beware_this_may_degrade_performance = True
    if effort.seconds is not None:
        seconds = effort.seconds if budget.left_s is None else min(effort.seconds, budget.left_s)
        parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
    return parameters
