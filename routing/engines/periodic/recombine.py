"""The cheapest week made of rounds already met: set partitioning, solved by HiGHS through OR-Tools.

A column is a round on the shifts of one kind and day, or a pattern of a stop. Every stop takes one pattern;
each of its days is visited by exactly one round; no more rounds are driven than there are shifts. HiGHS knows
no interruption, but leaves the interpreter alone: it works in a thread of its own, which is left to its time
limit when nobody waits for it any more. No daemon: a process that ends under HiGHS' feet is aborted.
"""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread

from ortools.math_opt.python import mathopt

from routing.engines.prices import RoutePrices, Stops
from routing.objective import MC
from routing.problem import WeekProblem
from routing.solution import Route, Solution

_LOOK_S = 0.05  # between two looks at whether the answer is still wanted
_PUNCTUAL = 0.9  # HiGHS overruns its limit a little, and hands over nothing before it ends
_UNIT_MC = 1_000_000  # ten euros: prices as solvers like them, near one
_HALF = 0.5
_ALIKE = ("start", "end", "window", "capacity", "speed_percent", "pause", "max_duty_s")
_PRICES = ("fixed_cents", "hour_cents", "km_cents")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seats:
    """Open shifts of one day that are the same for everybody; `kind` says what they share but the day."""

    day: int
    kind: tuple[object, ...]
    shifts: tuple[int, ...]
    riders: frozenset[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A round on one of the shifts of `seats` (an index), exactly priced."""

    seats: int
    stops: Stops
    mc: int


def recombine(
    problem: WeekProblem,
    prices: RoutePrices,
    rounds: Iterable[Stops],
    incumbent: Solution,
    *,
    shifts: Sequence[int],
    patterns: Sequence[Sequence[int]],
    seconds: float | None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Solution | None:
    """The cheapest week of `rounds` and of the incumbent's own; None when none cheaper was found in time.

    `shifts` are open; what the incumbent drives on others stays, and pins the days of its stops. `patterns`
    are those allowed to each stop, pinned days included: the fewer, the quicker. Stops after `seconds` (None:
    only when proven), or soon once `cancelled`. The answer repeats exactly unless time cuts it short.
    `prices` must belong to this thread alone.
    """
    deadline = math.inf if seconds is None else time.monotonic() + seconds
    stop = _Stop(deadline, cancelled)
    week = _Week(problem, incumbent, shifts, patterns)
    columns = _columns(week, prices, rounds, stop)
    if columns is None or not week.seats:
        return None
    program = _Program(week)
    for column in columns:
        if stop.now:
            return None
        program.add(column)
    if not program.solve(stop):
        return None
    found = program.solution()
    return found if prices.solution_mc(found) < prices.solution_mc(incumbent) else None


class _Stop:
    """When to give up: at a moment of the monotonic clock, or when asked to."""

    def __init__(self, deadline: float, cancelled: Callable[[], bool]) -> None:
        self._deadline, self.cancelled = deadline, cancelled

    @property
    def now(self) -> bool:
        return self.cancelled() or self.left_s <= 0

    @property
    def left_s(self) -> float:
        return self._deadline - time.monotonic()


class _Week:
    """What may change in a week, and what stays as the incumbent has it."""

    def __init__(
        self,
        problem: WeekProblem,
        incumbent: Solution,
        shifts: Sequence[int],
        patterns: Sequence[Sequence[int]],
    ) -> None:
        self.problem, self.incumbent = problem, incumbent
        self.open = frozenset(shifts)
        self.kept = tuple(route for route in incumbent.routes if route.shift not in self.open)
        self.pinned = {(stop, problem.shifts[r.shift].day) for r in self.kept for stop in r.stops}
        self.seats = _seats(problem, shifts)
        self.patterns = [[p for p in rows if self._holds_pinned(i, p)] for i, rows in enumerate(patterns)]
        asked = {(i, day) for i, rows in enumerate(self.patterns) for p in rows for day in self.days(i, p)}
        self.wanted = asked - self._partners_of_pinned()

    def days(self, stop: int, pattern: int) -> list[int]:
        """The days of a pattern on which an open round must visit."""
        days = self.problem.stops[stop].patterns[pattern].days
        return [day for day in days if (stop, day) not in self.pinned]

    def in_place(self, column: Column) -> bool:
        """Whether everybody stands where a lock wants them, on every shift of the seats."""
        locked = self.problem.position_of
        members = self.seats[column.seats].shifts
        return all(locked.get((i, k), at) == at for at, i in enumerate(column.stops) for k in members)

    def _holds_pinned(self, stop: int, pattern: int) -> bool:
        days = self.problem.stops[stop].patterns[pattern].days
        return all(day in days for i, day in self.pinned if i == stop)

    def _partners_of_pinned(self) -> set[tuple[int, int]]:
        """Who may not ride on a day because a locked round already carries their partner."""
        pairs = [(pair.first, pair.second) for pair in self.problem.pairs]
        both = [*pairs, *((second, first) for first, second in pairs)]
        return {(other, day) for one, other in both for stop, day in self.pinned if stop == one}


def _seats(problem: WeekProblem, shifts: Sequence[int]) -> tuple[Seats, ...]:
    """Shifts that differ in nothing but their name, or in nothing that anybody can tell."""
    alike: dict[tuple[int, tuple[object, ...], object, frozenset[int]], list[int]] = defaultdict(list)
    for k in sorted(shifts):
        given = problem.shifts[k]
        kind = tuple(getattr(given, name) for name in (*_ALIKE, *_PRICES))
        riders = frozenset(i for i in range(len(problem.stops)) if problem.allows(i, k))
        places = tuple(sorted((lock.stop, lock.position) for lock in problem.positions if lock.shift == k))
        alike[given.day, kind, places, riders].append(k)
    return tuple(
        Seats(day=day, kind=kind, shifts=tuple(members), riders=riders)
        for (day, kind, _, riders), members in alike.items()
    )


def _columns(week: _Week, prices: RoutePrices, rounds: Iterable[Stops], stop: _Stop) -> list[Column] | None:
    """Every round on every kind and day where it holds; of those with the same stops, the cheapest.

    None when it is too late. A price is computed once for all days that are alike to the stops of a round.
    """
    views = [_views(week.problem, i) for i in range(len(week.problem.stops))]
    known: dict[object, int | None] = {}
    cheapest: dict[tuple[int, frozenset[int]], Column] = {}
    for stops in dict.fromkeys([*rounds, *(route.stops for route in week.incumbent.routes)]):
        if stop.now:
            return None
        members = frozenset(stops)
        for row, seats in enumerate(week.seats):
            if not members <= seats.riders or not all((i, seats.day) in week.wanted for i in stops):
                continue
            column = Column(seats=row, stops=stops, mc=0)
            if not week.in_place(column):
                continue
            key = (stops, seats.kind, tuple(views[i][seats.day] for i in stops))
            if key not in known:
                known[key] = prices.of(seats.shifts[0], stops)
            mc, other = known[key], cheapest.get((row, members))
            if mc is not None and stops and (other is None or mc < other.mc):
                cheapest[row, members] = Column(seats=row, stops=stops, mc=mc)
    return list(cheapest.values())


def _views(problem: WeekProblem, stop: int) -> list[int]:
    """For each day the first one with the same windows and announcement: prices cannot tell them apart."""
    asked = problem.stops[stop]
    seen = [(asked.windows[d], asked.announced[d] if asked.announced else None) for d in range(problem.days)]
    return [seen.index(view) for view in seen]


class _Program:
    """The integer programme, filled column by column, and the week that its solution stands for."""

    def __init__(self, week: _Week) -> None:
        self._week, self._mip = week, mathopt.Model()
        self._drive: dict[Column, mathopt.Variable] = {}
        self._pick: dict[tuple[int, int], mathopt.Variable] = {}
        self._seats = [self._mip.add_linear_constraint(ub=float(len(s.shifts))) for s in week.seats]
        self._visits: dict[tuple[int, int], mathopt.LinearConstraint] = {}
        self._pairs: dict[tuple[int, int], mathopt.LinearConstraint] = {}
        self._found: Mapping[mathopt.Variable, float] = {}
        for i, rows in enumerate(week.patterns):
            self._choose(i, rows)

    def add(self, column: Column) -> None:
        variable = self._drive[column] = self._binary(column.mc)
        self._seats[column.seats].set_coefficient(variable, 1.0)
        day = self._week.seats[column.seats].day
        for i in column.stops:
            self._visits[i, day].set_coefficient(variable, 1.0)
        for row, pair in enumerate(self._week.problem.pairs):
            if (pair.first in column.stops) != (pair.second in column.stops):
                self._apart(row, day).set_coefficient(variable, 1.0)

    def solve(self, stop: _Stop) -> bool:
        """Whether a week was found while it was still wanted."""
        left = stop.left_s
        if stop.now:
            return False
        limit = None if math.isinf(left) else timedelta(seconds=_PUNCTUAL * left)
        worker = Thread(target=self._run, args=(limit,))
        worker.start()
        while worker.is_alive() and not stop.now:
            worker.join(_LOOK_S)
        return not worker.is_alive() and bool(self._found)

    def solution(self) -> Solution:
        """The week found; a round that the incumbent drives too stays on its shift."""
        week = self._week
        chosen = [column for column, variable in self._drive.items() if self._found[variable] > _HALF]
        patterns = [-1] * len(week.patterns)
        for (i, p), variable in self._pick.items():
            if self._found[variable] > _HALF:
                patterns[i] = p
        routes = list(week.kept)
        for row, seats in enumerate(week.seats):
            orders = [column.stops for column in chosen if column.seats == row]
            routes += _seated(orders, seats.shifts, week.incumbent.by_shift)
        return Solution(tuple(patterns), tuple(sorted(routes, key=lambda route: route.shift)))

    def _run(self, limit: timedelta | None) -> None:
        result = mathopt.solve(
            self._mip,
            mathopt.SolverType.HIGHS,
            params=mathopt.SolveParameters(time_limit=limit, relative_gap_tolerance=0.0),
            model_params=mathopt.ModelSolveParameters(solution_hints=[self._hint()]),
        )
        if result.has_primal_feasible_solution():
            self._found = result.variable_values()

    def _hint(self) -> mathopt.SolutionHint:
        """The incumbent; its own order of a round may have given way to a cheaper one of the same stops."""
        now = self._week.incumbent
        driven = {(shift, frozenset(stops)) for shift, stops in now.by_shift.items()}
        values = {variable: float(now.patterns[i] == p) for (i, p), variable in self._pick.items()}
        for column, variable in self._drive.items():
            members = frozenset(column.stops)
            seats = self._week.seats[column.seats]
            values[variable] = float(any((shift, members) in driven for shift in seats.shifts))
        return mathopt.SolutionHint(variable_values=values)

    def _choose(self, stop: int, patterns: Sequence[int]) -> None:
        """One pattern for a stop, and on each of its days one round."""
        one = self._mip.add_linear_constraint(lb=1.0, ub=1.0)
        for p in patterns:
            variable = self._binary(self._week.problem.stops[stop].patterns[p].cents * MC)
            self._pick[stop, p] = variable
            one.set_coefficient(variable, 1.0)
            for day in self._week.days(stop, p):
                if (stop, day) not in self._visits:
                    self._visits[stop, day] = self._mip.add_linear_constraint(lb=0.0, ub=0.0)
                self._visits[stop, day].set_coefficient(variable, -1.0)

    def _apart(self, pair: int, day: int) -> mathopt.LinearConstraint:
        """On one day, either one round carries both of a pair, or only one of them is visited."""
        if (pair, day) not in self._pairs:
            self._pairs[pair, day] = self._mip.add_linear_constraint(ub=1.0)
        return self._pairs[pair, day]

    def _binary(self, mc: int) -> mathopt.Variable:
        variable = self._mip.add_binary_variable()
        self._mip.objective.set_linear_coefficient(variable, mc / _UNIT_MC)
        return variable


def _seated(orders: list[Stops], shifts: Sequence[int], now: Mapping[int, Stops]) -> list[Route]:
    """Rounds on shifts that are all alike, each where it already is, if it is."""
    stay = {shift: now[shift] for shift in shifts if now.get(shift) in orders}
    rest = [order for order in orders if order not in stay.values()]
    free = [shift for shift in shifts if shift not in stay]
    return [Route(*seat) for seat in (*stay.items(), *zip(free, rest, strict=False))]
