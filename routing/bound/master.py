"""The weekly linear programme over the rounds known so far: what a visit is worth on each day.

Every stop takes shares of its patterns that sum to one; on each day of a pattern, rounds visit it at least as
much; no group drives more rounds than it has; cuts hold. Solved by CLP, which goes on from its last basis
when columns come. Its duals are only advice: the bound is proven from them in whole numbers, in `proof`.
"""

from typing import Any

import numpy as np
from ortools.linear_solver import pywraplp

from routing.bound.columns import Column
from routing.bound.cuts import Cut
from routing.bound.groups import Group
from routing.bound.proof import Prizes
from routing.bound.units import PER_CENT
from routing.problem import WeekProblem

_NOTHING = 1e-6


class Master:
    """`prizes` are the duals of the last `solve`, and `used` the rounds it drives, with their shares."""

    def __init__(self, problem: WeekProblem, groups: tuple[Group, ...]) -> None:
        self._solver: Any = pywraplp.Solver.CreateSolver("CLP")
        self._infinity = self._solver.infinity()
        self._groups = groups
        self._choice = [self._solver.Constraint(1.0, 1.0) for _ in problem.stops]
        self._cover = {
            (i, day): self._solver.Constraint(0.0, self._infinity)
            for i, stop in enumerate(problem.stops)
            for day in sorted({day for pattern in stop.patterns for day in pattern.days})
        }
        self._seats = [self._solver.Constraint(-self._infinity, float(group.size)) for group in groups]
        self._cuts: list[tuple[Cut, Any]] = []
        self._columns: dict[Column, Any] = {}
        self.used: list[tuple[Column, float]] = []
        self.prizes = Prizes.none(problem, groups)
        self._add_patterns(problem)

    @property
    def cuts(self) -> list[Cut]:
        return [cut for cut, _ in self._cuts]

    @property
    def columns(self) -> list[Column]:
        return list(self._columns)

    def add(self, column: Column) -> bool:
        """Offer a round; False when it is known already."""
        if column in self._columns:
            return False
        variable = self._variable(column.price)
        day = self._groups[column.group].day
        for stop, times in column.visits.items():
            self._cover[stop, day].SetCoefficient(variable, float(times))
        self._seats[column.group].SetCoefficient(variable, 1.0)
        for cut, row in self._cuts:
            row.SetCoefficient(variable, float(cut.times(column, self._groups)))
        self._columns[column] = variable
        return True

    def forbid(self, column: Column) -> None:
        """Never drive a round again."""
        self._columns[column].SetBounds(0.0, 0.0)

    def cut(self, cut: Cut) -> None:
        row = self._solver.Constraint(-self._infinity, float(cut.most))
        for column, variable in self._columns.items():
            times = cut.times(column, self._groups)
            if times:
                row.SetCoefficient(variable, float(times))
        self._cuts.append((cut, row))

    def solve(self) -> float | None:
        """The least cost, in the unit of prices; None when the solver gave up."""
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            afresh = pywraplp.MPSolverParameters()
            afresh.SetIntegerParam(afresh.INCREMENTALITY, afresh.INCREMENTALITY_OFF)
            if self._solver.Solve(afresh) != pywraplp.Solver.OPTIMAL:
                return None
        shares = ((column, variable.solution_value()) for column, variable in self._columns.items())
        self.used = [(column, share) for column, share in shares if share > _NOTHING]
        visits = np.zeros_like(self.prizes.visits)
        for (stop, day), row in self._cover.items():
            visits[stop, day] = row.dual_value() * PER_CENT
        self.prizes = Prizes(
            visits=visits,
            seats=np.array([row.dual_value() * PER_CENT for row in self._seats], np.float64),
            fines=np.array([-row.dual_value() * PER_CENT for _, row in self._cuts], np.float64),
        )
        return float(self._solver.Objective().Value()) * PER_CENT

    def _add_patterns(self, problem: WeekProblem) -> None:
        for i, stop in enumerate(problem.stops):
            for pattern in stop.patterns:
                variable = self._variable(pattern.cents * PER_CENT)
                self._choice[i].SetCoefficient(variable, 1.0)
                for day in pattern.days:
                    self._cover[i, day].SetCoefficient(variable, -1.0)

    def _variable(self, price: int) -> Any:
        variable = self._solver.NumVar(0.0, self._infinity, "")
        self._solver.Objective().SetCoefficient(variable, price / PER_CENT)
        return variable
