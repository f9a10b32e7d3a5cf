"""Which days to visit: CP-SAT weighs the patterns of a neighbourhood of stops against today's rounds.

A visit's worth is read off the rounds as they stand: what its removal saves, what its cheapest insertion
costs. Neighbours are dearer apart than together; a term for each near pair and day says by how much, so that
villages side by side move to another day in one step.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ortools.sat.python import cp_model

from routing.engines.prices import Stops
from routing.engines.week_state import WeekState
from routing.objective import MC

# CP-SAT's own deterministic seconds, some 0.1 s: time for good choices, and it cannot be stopped meanwhile.
_THINKING = 0.02
_PARTNERS = 3  # nearest stops of each stop that get a pair term
_CANNOT_MC = 10**9  # what a day costs that has no room now: dearer than missing any visit


class Worth:
    """Prices of visits in mc, for a neighbourhood: `single[stop, day]`, and `together[i, j, day]`, i < j,
    which is added when both are visited that day.

    With prices a and b of each alone and t of both, a·x + b·y + (t - a - b)·x·y is exact for the two.
    `leavers[stop, day]` are those of whom at least one must leave that day for the stop to have room.
    """

    def __init__(self, state: WeekState, stops: Sequence[int], near: Mapping[int, Sequence[int]]) -> None:
        self._state = state
        chosen = set(stops)
        self.leavers: dict[tuple[int, int], tuple[int, ...]] = {}
        self._alone = {(k, day): self._price_alone(k, day, chosen) for k in stops for day in _days(state, k)}
        self.single = dict(self._alone)
        self.together: dict[tuple[int, int, int], int] = {}
        pairs = {(min(i, j), max(i, j)) for i in stops for j in near[i][:_PARTNERS] if j in chosen}
        for i, j in sorted(pairs):
            for day in sorted(_days(state, i) & _days(state, j)):
                self._weigh_pair(i, j, day)

    def _price_alone(self, stop: int, day: int, chosen: set[int]) -> int:
        """What a visit that is made costs, or what one that is not would."""
        shift = self._state.shift_of(stop, day)
        if shift is None:
            found = self._state.cheapest_day(stop, day)
            return found[0] if found else self._price_squeezed(stop, day, chosen)
        order = self._state.routes[shift]
        return self._price(shift, order) - self._price(shift, _without(order, stop))

    def _price_squeezed(self, stop: int, day: int, chosen: set[int]) -> int:
        """There is no room now: what the visit would cost if every other chosen stop left its round."""
        options = []
        for shift in self._state.open_shifts(stop, day):
            order = self._state.routes.get(shift, ())
            leavers = tuple(k for k in order if k in chosen)
            found = self._state.prices.added(shift, _without(order, *leavers), stop) if leavers else None
            if found is not None:
                options.append((found[0], leavers))
        if not options:
            return _CANNOT_MC
        self.leavers[stop, day] = tuple(k for _, leavers in options for k in leavers)
        return min(price for price, _ in options)

    def _weigh_pair(self, i: int, j: int, day: int) -> None:
        at_i, at_j = self._state.shift_of(i, day), self._state.shift_of(j, day)
        if at_i is None and at_j is None:
            self._both_come(i, j, day)
        elif at_i is None:
            self._one_comes(i, j, day)
        elif at_j is None:
            self._one_comes(j, i, day)
        elif at_i == at_j:
            self._both_leave(i, j, day)

    def _both_come(self, i: int, j: int, day: int) -> None:
        """Neither is on the road that day: the second is cheaper once the first has come."""
        found = self._state.cheapest_day(i, day)
        if found is None:
            return
        then = self._state.prices.added(found[1], found[2], j)
        if then is not None and (j, day) not in self.leavers and then[0] < self._alone[j, day]:
            self.together[i, j, day] = then[0] - self._alone[j, day]

    def _one_comes(self, comes: int, stays: int, day: int) -> None:
        """One is on the road and the other would join it: dearer if the first had left."""
        shift = self._state.shift_of(stays, day)
        if shift is None or (comes, day) in self.leavers or self._alone[comes, day] >= _CANNOT_MC:
            return
        found = self._state.prices.added(shift, _without(self._state.routes[shift], stays), comes)
        extra = (found[0] if found else _CANNOT_MC) - self._alone[comes, day]
        if 0 < extra < _CANNOT_MC // 2:
            self.single[comes, day] += extra
            self.together[min(stays, comes), max(stays, comes), day] = -extra

    def _both_leave(self, i: int, j: int, day: int) -> None:
        """Both ride one round: leaving together saves more than leaving one after the other."""
        shift = self._state.shift_of(i, day)
        assert shift is not None
        order = self._state.routes[shift]
        saved = self._price(shift, order) - self._price(shift, _without(order, i, j))
        extra = saved - self._alone[i, day] - self._alone[j, day]
        if 0 < extra < _CANNOT_MC // 2:
            self.single[i, day] += extra
            self.single[j, day] += extra
            self.together[i, j, day] = -extra

    def _price(self, shift: int, order: Stops) -> int:
        price = self._state.prices.of(shift, order)
        return _CANNOT_MC if price is None else price


def choose_days(
    state: WeekState, stops: Sequence[int], worth: Worth, tabu: set[tuple[int, ...]], seed: int
) -> list[int] | None:
    """The cheapest other choice of patterns for `stops` by these prices; None when there is none left.

    `tabu` holds whole choices tried before. Deterministic: one worker, deterministic time.
    """
    problem, program = state.problem, cp_model.CpModel()
    pick = {
        (k, p): program.new_bool_var("")
        for k in stops
        for p in range(len(problem.stops[k].patterns))
        if state.pinned.get(k, frozenset()) <= set(problem.stops[k].patterns[p].days)
    }
    visited: dict[tuple[int, int], Any] = {}
    for k in stops:
        options = [p for q, p in pick if q == k]
        program.add_exactly_one(pick[k, p] for p in options)
        for day in _days(state, k):
            visited[k, day] = sum(pick[k, p] for p in options if day in problem.stops[k].patterns[p].days)
    terms: list[Any] = [pick[k, p] * (problem.stops[k].patterns[p].cents * MC) for k, p in pick]
    terms += [visited[key] * mc for key, mc in worth.single.items()]
    for (i, j, day), mc in worth.together.items():
        both = program.new_bool_var("")
        program.add(both <= visited[i, day])
        program.add(both <= visited[j, day])
        program.add(both >= visited[i, day] + visited[j, day] - 1)
        terms.append(both * mc)
    for (stop, day), leavers in worth.leavers.items():
        program.add(visited[stop, day] <= sum(1 - visited[k, day] for k in leavers))
    inside = set(stops)
    for choice in sorted({tuple(state.choice), *tabu}):
        if all(
            c == now for k, (c, now) in enumerate(zip(choice, state.choice, strict=True)) if k not in inside
        ):
            program.add(sum(pick[k, choice[k]] for k in stops if (k, choice[k]) in pick) <= len(stops) - 1)
    program.minimize(sum(terms))
    return _solved(program, pick, state.choice, seed)


def _solved(
    program: cp_model.CpModel,
    pick: Mapping[tuple[int, int], cp_model.IntVar],
    choice: Sequence[int],
    seed: int,
) -> list[int] | None:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = _THINKING
    if solver.solve(program) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    answer = list(choice)
    for (k, p), variable in pick.items():
        if solver.boolean_value(variable):
            answer[k] = p
    return answer


def _days(state: WeekState, stop: int) -> set[int]:
    return {day for pattern in state.problem.stops[stop].patterns for day in pattern.days}


def _without(order: Stops, *stops: int) -> Stops:
    return tuple(k for k in order if k not in stops)
