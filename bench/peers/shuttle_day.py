"""One day of a shuttle's week, for a solver of single days, and its answer mended by the house's own clock.

A peer is told as much of the day as it can understand. What it cannot be told may break its rounds: `mend`
keeps each round as it was given when it holds, and else builds it again from its own sequence, a visit that
does not fit being put where it costs least that day, or left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from routing.engines.prices import RoutePrices, Stops
from routing.engines.week_state import WeekState
from routing.objective import MC
from routing.problem import WeekProblem

Orders = Mapping[int, Stops]  # shift → its stops in sequence


@dataclass(frozen=True, slots=True)
class ShuttleDay:
    """Who is to be visited on a day, and what leaving each out costs, in thousandths of a cent.

    Rounds that are locked, and the visits that they make, are not part of it. `depots` are the only ones
    whose shifts are asked for (None: all).
    """

    problem: WeekProblem
    day: int
    worth: Mapping[int, int]
    depots: frozenset[int] | None = None

    @property
    def shifts(self) -> tuple[int, ...]:
        """The shifts of that day that are free."""
        shifts = [(k, self.problem.shifts[k]) for k in self.problem.shifts_of_day[self.day]]
        return tuple(
            k
            for k, shift in shifts
            if shift.locked is None and (self.depots is None or shift.start in self.depots)
        )

    def around(self, orders: Orders, touched: Iterable[int]) -> "ShuttleDay":
        """The part of a day that some rounds touch: of their depots, of the depot nearest to each.

        Whoever rides elsewhere is not part of it; whoever rides nowhere is.
        """
        starts = {k: self.problem.shifts[k].start for k in self.shifts}
        seconds, homes = self.problem.travel.seconds, sorted(set(starts.values()))
        near = {starts[shift] for shift in touched}
        for home in list(near):
            others = [other for other in homes if other != home]
            near |= {min(others, key=lambda other: int(seconds[home, other]))} if others else set()
        away = {stop for k, stops in orders.items() if starts[k] not in near for stop in stops}
        worth = {stop: mc for stop, mc in self.worth.items() if stop not in away}
        return ShuttleDay(self.problem, self.day, worth, frozenset(near))


@dataclass(frozen=True, slots=True)
class ShuttleAnswer:
    """Rounds that hold, and what they cost, visits left out included, in thousandths of a cent."""

    orders: Orders
    mc: int
    iterations: int = 0


class ShuttleDaySolver(Protocol):
    """Orders a day as well as it can in `seconds`; `start` are rounds that hold, to begin with.

    `resumes` says that more time, from a known start, is of use. What it answers need not hold.
    """

    resumes: bool

    def solve(
        self, day: ShuttleDay, seconds: float, seed: int, start: Orders | None = None
    ) -> tuple[Orders, int]: ...


def day_of(state: WeekState, day: int, choice: Sequence[int]) -> ShuttleDay:
    """The visits that chosen patterns put on a day, beyond those of locked rounds."""
    worth = {}
    for k, (stop, pattern) in enumerate(zip(state.problem.stops, choice, strict=True)):
        days = set(stop.patterns[pattern].days)
        pinned = state.pinned.get(k, frozenset())
        if day in days and day not in pinned:
            without = [p.cents for p in stop.patterns if pinned <= set(p.days) <= days - {day}]
            worth[k] = MC * (min(without) - stop.patterns[pattern].cents)
    return ShuttleDay(state.problem, day, worth)


def mend(prices: RoutePrices, day: ShuttleDay, orders: Orders, iterations: int = 0) -> ShuttleAnswer:
    """Rounds that hold, as near to the peer's as can be."""
    state = WeekState(prices.problem, prices)
    free = set(day.shifts)
    known = {s: tuple(k for k in stops if k in day.worth) for s, stops in orders.items() if s in free}
    left = [stop for shift, stops in known.items() for stop in _take(state, day, shift, stops)]
    named = {stop for stops in known.values() for stop in stops}
    for stop in [*left, *(stop for stop in day.worth if stop not in named)]:
        found = state.cheapest_day(stop, day.day)
        if found is not None and found[0] < day.worth[stop]:
            state.routes[found[1]] = found[2]
    kept = {shift: _in_position(prices, shift, state.routes.get(shift, ())) for shift in day.shifts}
    return priced(prices, day, kept, iterations)


def priced(prices: RoutePrices, day: ShuttleDay, orders: Orders, iterations: int = 0) -> ShuttleAnswer:
    """Rounds that hold, with their price."""
    driven = {shift: stops for shift, stops in orders.items() if stops}
    visited = {stop for stops in driven.values() for stop in stops}
    cost = 0
    for shift, stops in driven.items():
        price = prices.of(shift, stops)
        assert price is not None, "a round that does not hold was kept"
        cost += price
    return ShuttleAnswer(driven, cost + sum(day.worth[k] for k in day.worth if k not in visited), iterations)


def _take(state: WeekState, day: ShuttleDay, shift: int, stops: Stops) -> list[int]:
    """Drive a round as it is given, or what of it can be; the stops that do not fit."""
    prices, left = state.prices, []
    if _free(state, day, shift, stops) and prices.of(shift, stops) is not None:
        state.routes[shift] = stops
        return []
    for stop in stops:
        if not _free(state, day, shift, (stop,)):
            left.append(stop)
            continue
        longer = (*state.routes.get(shift, ()), stop)
        if prices.of(shift, longer) is None:
            found = prices.added(shift, longer[:-1], stop)
            if found is None:
                left.append(stop)
                continue
            longer = found[1]
        state.routes[shift] = longer
    return left


def _free(state: WeekState, day: ShuttleDay, shift: int, stops: Iterable[int]) -> bool:
    """Whether stops may ride on a shift, asked for that day, their locked partners not being elsewhere."""
    return all(
        stop in day.worth and state.problem.allows(stop, shift) and shift in state.open_shifts(stop, day.day)
        for stop in stops
    )


def _in_position(prices: RoutePrices, shift: int, stops: Stops) -> Stops:
    """Without those that did not reach the position they are locked to, and what falls with them."""
    position_of = prices.problem.position_of
    while stops:
        loose = [stop for k, stop in enumerate(stops) if position_of.get((stop, shift), k) != k]
        if not loose and prices.of(shift, stops) is not None:
            break
        stops = tuple(stop for stop in stops if stop != (loose or stops[-1:])[0])
    return stops
