"""PyVRP on one day of a shuttle: the house's own prices in whole numbers, every shift a vehicle.

Several windows of a visit are clients of a group of which at most one is served; a visit left out forgoes
its prize; a shift that may not serve a visit is infinitely far from it. PyVRP knows no pause: a shift that
owes one is cut so that none is owed, before it or after, or shortened by its length, whichever the known
round does, else drawn. Pairs, locked positions and announced hours are left to the mending.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.peers.optional import library
from bench.peers.shuttle_day import Orders, ShuttleDay
from models.values import TimeWindow
from routing.objective import MC
from routing.problem import Shift, WeekProblem
from routing.timing import time_if_punctual

_LOAD = 100  # units per crate: PyVRP's penalties have a ceiling per unit
_FAR = 10_000_000  # seconds, and units of cost: nobody drives that far


class PyvrpShuttleDay:
    """PyVRP's iterated local search, warm-started where rounds are known."""

    resumes = True

    def __init__(self) -> None:
        self.pyvrp = library("pyvrp")
        self.stop = library("pyvrp.stop")

    def solve(
        self, day: ShuttleDay, seconds: float, seed: int, start: Orders | None = None
    ) -> tuple[Orders, int]:
        asked = Question(self.pyvrp, day, start or {}, seed)
        until = self.stop.MaxRuntime(seconds)
        result = self.pyvrp.solve(
            asked.data, until, seed, collect_stats=False, initial_solution=asked.first()
        )
        return asked.orders(result.best), int(result.num_iterations)


@dataclass(frozen=True, slots=True)
class _Client:
    """A visit in one of its windows."""

    stop: int
    opening: int
    window: TimeWindow


@dataclass(frozen=True, slots=True)
class _Kind:
    """Shifts that are alike in everything that counts are vehicles of one type."""

    start: int
    end: int
    span: TimeWindow
    shift: Shift
    refused: frozenset[int]

    @property
    def key(self) -> tuple[object, ...]:
        shift = self.shift
        costs = (shift.fixed_cents, shift.hour_cents, shift.km_cents)
        return (self.start, self.end, self.span, shift.capacity, costs, shift.max_duty_s, *self.profile)

    @property
    def profile(self) -> tuple[object, ...]:
        return (self.shift.speed_percent, self.shift.km_cents, self.refused)


class Question:
    """The day in PyVRP's words: a location per client, then one per depot."""

    def __init__(self, pyvrp: Any, day: ShuttleDay, start: Orders, seed: int) -> None:
        self.pyvrp, self.day, self.problem, self.start = pyvrp, day, day.problem, start
        self.random = random.Random(seed)
        self.clients = [
            _Client(stop, opening, window)
            for stop in day.worth
            for opening, window in enumerate(self.problem.stops[stop].windows[day.day])
        ]
        self.units = cost_units(self.problem)
        kinds = {shift: self._kind(shift) for shift in day.shifts}
        self.types: dict[tuple[object, ...], list[int]] = {}
        for shift, kind in kinds.items():
            self.types.setdefault(kind.key, []).append(shift)
        self.kinds = [kinds[shifts[0]] for shifts in self.types.values()]
        self.depots = sorted({place for kind in self.kinds for place in (kind.start, kind.end)})
        self.profiles = list(dict.fromkeys(kind.profile for kind in self.kinds))
        self.data = self._data()

    def first(self) -> Any:
        """The known rounds as PyVRP's solution; None when there are none."""
        if not self.start:
            return None
        at = {(client.stop, client.opening): k for k, client in enumerate(self.clients)}
        routes = []
        for number, shifts in enumerate(self.types.values()):
            for shift in shifts:
                stops = self.start.get(shift, ())
                timing = time_if_punctual(self.problem, shift, stops) if stops else None
                if timing is not None:
                    visits = [at[pair] for pair in zip(stops, timing.openings, strict=True)]
                    routes.append(self.pyvrp.Route(self.data, visits, vehicle_type=number))
        return self.pyvrp.Solution(self.data, routes)

    def orders(self, solution: Any) -> Orders:
        """PyVRP's routes on the shifts of their types."""
        waiting = [list(shifts) for shifts in self.types.values()]
        found = {}
        for route in solution.routes():
            visits = [self.clients[halt.idx].stop for halt in route.schedule() if halt.is_client()]
            if visits:
                found[waiting[route.vehicle_type()].pop(0)] = tuple(dict.fromkeys(visits))
        return found

    def _data(self) -> Any:
        groups: dict[int, list[int]] = {}
        for k, client in enumerate(self.clients):
            groups.setdefault(client.stop, []).append(k)
        several = [stop for stop, members in groups.items() if len(members) > 1]
        matrices = [self._matrices(profile) for profile in self.profiles]
        points = [self.problem.travel.points[place] for place in self._places()]
        return self.pyvrp.ProblemData(
            locations=[self.pyvrp.Location(point.lon, point.lat) for point in points],
            clients=[self._client(k, several) for k in range(len(self.clients))],
            depots=[self.pyvrp.Depot(location=len(self.clients) + k) for k in range(len(self.depots))],
            vehicle_types=[
                self._type(kind, len(s)) for kind, s in zip(self.kinds, self.types.values(), strict=True)
            ],
            distance_matrices=[costs for costs, _ in matrices],
            duration_matrices=[seconds for _, seconds in matrices],
            groups=[self.pyvrp.ClientGroup(groups[stop], required=False) for stop in several],
        )

    def _places(self) -> list[int]:
        return [self.problem.stops[client.stop].place for client in self.clients] + self.depots

    def _client(self, k: int, several: Sequence[int]) -> Any:
        client = self.clients[k]
        stop = self.problem.stops[client.stop]
        return self.pyvrp.Client(
            location=k,
            delivery=[stop.deliver * _LOAD],
            pickup=[stop.collect * _LOAD],
            service_duration=stop.service_s,
            tw_early=client.window.early,
            tw_late=client.window.late,
            prize=max(0, self.day.worth[client.stop] * self.units // MC),
            required=False,
            group=several.index(client.stop) if client.stop in several else None,
        )

    def _type(self, kind: _Kind, available: int) -> Any:
        shift = kind.shift
        limit = {} if shift.max_duty_s is None else {"shift_duration": shift.max_duty_s}
        return self.pyvrp.VehicleType(
            num_available=available,
            capacity=[shift.capacity * _LOAD],
            start_depot=self.depots.index(kind.start),
            end_depot=self.depots.index(kind.end),
            fixed_cost=shift.fixed_cents * self.units,
            tw_early=kind.span.early,
            tw_late=kind.span.late,
            unit_distance_cost=1,
            unit_duration_cost=shift.hour_cents * self.units // 3600,
            profile=self.profiles.index(kind.profile),
            **limit,
        )

    def _matrices(self, profile: tuple[object, ...]) -> tuple[Any, Any]:
        """(cost of the way, seconds) between locations; who is refused is far from everyone."""
        kind = next(kind for kind in self.kinds if kind.profile == profile)
        rows = self._places()
        percent = kind.shift.speed_percent
        seconds = (
            self.problem.travel.seconds[np.ix_(rows, rows)].astype(np.int64) * 100 + percent // 2
        ) // percent
        metres = self.problem.travel.metres.astype(np.int64)[np.ix_(rows, rows)]
        costs = np.rint(metres * (kind.shift.km_cents * self.units / 1000)).astype(np.int64)
        refused = [k for k, client in enumerate(self.clients) if client.stop in kind.refused]
        for matrix in (seconds, costs):
            matrix[refused, :] = matrix[:, refused] = _FAR
            np.fill_diagonal(matrix, 0)
        return costs, seconds

    def _kind(self, index: int) -> _Kind:
        shift = self.problem.shifts[index]
        refused = frozenset(stop for stop in self.day.worth if not self.problem.allows(stop, index))
        return _Kind(shift.start, shift.end, self._span(index), shift, refused)

    def _span(self, index: int) -> TimeWindow:
        """When a shift may be out, as far as PyVRP may know: without a pause, or short of it."""
        shift, pause = self.problem.shifts[index], self.problem.shifts[index].pause
        if pause is None:
            return shift.window
        early, late, rested = shift.window.early, shift.window.late, pause.window.early + pause.length_s
        before, after, around = (
            (early, min(late, pause.window.late)),
            (max(early, rested), late),
            (early, late - pause.length_s),
        )
        stops = self.start.get(index, ())
        known = time_if_punctual(self.problem, index, stops) if stops else None
        if known is None:
            span = self.random.choice([s for s in (before, after, around) if s[0] <= s[1]] or [(early, late)])
        elif known.pause is not None:
            span = around
        else:
            span = after if known.start >= rested else before
        return TimeWindow(*span) if span[0] <= span[1] else shift.window


def cost_units(problem: WeekProblem) -> int:
    """Units per cent, such that a second of every driver costs a whole number of them."""
    return 3600 // math.gcd(3600, *(shift.hour_cents for shift in problem.shifts))
