"""One round with more calls at hand than it makes: any order of them, timed and priced.

What the desk does for one order, done once for many: the problem is built once, and places that cannot hold
are told apart by bounds before any clock is computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from api.services.plans.desk import Desk
from api.services.plans.layout import Call, Outing
from models.values import TimeWindow
from routing.objective import Cost, cost_of_schedule, duty_mc
from routing.problem import Stop
from routing.schedule import Halt, Schedule, Violation, schedule
from routing.slack import Bound, Limit, Room, rooms
from routing.solution import Route

Order = tuple[int, ...]
_DAY_S = 24 * 3600
_TIMED = 4  # places whose clock is computed, of those that may hold


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """An order with its clock and price. `order` holds places among the bench's calls, as do `halts`."""

    order: Order
    timed: Schedule
    cost: Cost
    halts: tuple[Halt, ...]
    violations: tuple[Violation, ...]

    @property
    def duration_s(self) -> int:
        return self.timed.end_s - self.timed.start_s if self.halts else 0

    @property
    def distance_m(self) -> int:
        return self.timed.distance_m if self.halts else 0


class Bench:
    """`calls` are those of the round, in its order, then the extra ones. A call lent by another round keeps
    its key."""

    def __init__(self, desk: Desk, outing: Outing, extra: Sequence[Call] = ()) -> None:
        self.outing, self._desk = outing, desk
        self.calls = (*outing.calls, *extra)
        self.problem, route = desk.question(replace(outing, calls=self.calls))
        self._held = route.stops[: len(route.stops) - len(self.calls)]  # the halt of an asked departure
        self._seen: dict[Order, Priced] = {}
        self._bounds: dict[Order, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}

    def received(self, call: int, window: TimeWindow) -> "Bench":
        """The same round where one of the calls is received from one second to another, and never else."""
        other = Bench(self._desk, self.outing, self.calls[len(self.outing.calls) :])
        stop = replace(self.problem.stops[call], windows=((window,),))
        stops = (*self.problem.stops[:call], stop, *self.problem.stops[call + 1 :])
        other.problem = replace(self.problem, stops=stops)
        return other

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the calls' sites."""
        return tuple(self._desk.network.site(call.site).name for call in self.calls)

    @cached_property
    def base(self) -> Priced:
        """The round as it stands."""
        return self.of(tuple(range(len(self.outing.calls))))

    def of(self, order: Order) -> Priced:
        """The clock, loads, breaches and price of any of the calls, in any order."""
        if order not in self._seen:
            timed = schedule(self.problem, Route(0, (*self._held, *order)))
            skipped = len(self._held)
            self._seen[order] = Priced(
                order=order,
                timed=timed,
                cost=cost_of_schedule(self.problem, timed) if order else Cost(),
                halts=timed.halts[skipped:],
                violations=tuple(
                    one if one.halt is None else replace(one, halt=one.halt - skipped)
                    for one in timed.violations
                    if one.halt is None or one.halt >= skipped
                ),
            )
        return self._seen[order]

    def rooms_of(self, priced: Priced) -> tuple[Room, ...]:
        """How far each visit of an order could move (see `routing.slack`); limits name its halts from 0."""
        skipped = len(self._held)
        return tuple(
            Room(first=_shown(room.first, skipped), last=_shown(room.last, skipped))
            for room in rooms(self.problem, priced.timed)[skipped:]
        )

    def places(self, rest: Priced, call: int, without: int | None = None) -> list[Priced]:
        """The round `rest` with one more call, at each place that may hold; where none may, at the one that
        is least out of reach. `without` is a place left out: where the call stands now.
        """
        ways = [k for k in range(len(rest.order) + 1) if k != without]
        if rest.violations:
            return [self._with(rest, call, k) for k in ways]
        short = {k: self._short_s(rest, call, k) for k in ways}
        holding = [k for k in ways if short[k] <= 0] or sorted(ways, key=lambda k: short[k])[:1]
        if len(holding) > _TIMED:
            holding = sorted(holding, key=lambda k: self._detour_mc(rest, call, k))[:_TIMED]
        return [self._with(rest, call, k) for k in holding]

    def _detour_mc(self, rest: Priced, call: int, place: int) -> int:
        """What the way to one more call costs, and its wait there: the clock may cost more or less."""
        shift, stop = self.problem.shifts[0], self.problem.stops[call]
        seconds, metres = self.problem.seconds(0), self.problem.metres
        soonest, latest = self._reach(rest.order)
        leaves, at = soonest[place]
        to = latest[place][1]
        arrival = leaves + seconds[at][stop.place]
        added_s = seconds[at][stop.place] + seconds[stop.place][to] - seconds[at][to]
        added_m = metres[at][stop.place] + metres[stop.place][to] - metres[at][to]
        return duty_mc(shift.hour_cents, added_s + _begin(stop, arrival) - arrival) + shift.km_cents * added_m

    def _with(self, rest: Priced, call: int, place: int) -> Priced:
        return self.of((*rest.order[:place], call, *rest.order[place:]))

    def _short_s(self, rest: Priced, call: int, place: int) -> int:
        """Seconds by which a place is out of reach, at least; 0 or less: it may hold."""
        soonest, latest = self._reach(rest.order)
        seconds, stop = self.problem.seconds(0), self.problem.stops[call]
        leaves, at = soonest[place]
        begin = _begin(stop, leaves + seconds[at][stop.place])
        by, to = latest[place]
        closed = 0 if stop.windows[0] else _DAY_S
        late = max(0, begin - stop.windows[0][-1].late) if stop.windows[0] else 0
        return max(closed, late, begin + stop.service_s + seconds[stop.place][to] - by)

    def _reach(self, order: Order) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Before each place of an order, when the van could leave at the soonest, and from where; after it,
        when service must have begun, and where. The pause is left out, so that these are bounds."""
        if order not in self._bounds:
            shift, seconds = self.problem.shifts[0], self.problem.seconds(0)
            stops = [self.problem.stops[one] for one in order]
            soonest = [(shift.window.early, shift.start)]
            for stop in stops:
                leaves, at = soonest[-1]
                begin = _begin(stop, leaves + seconds[at][stop.place])
                soonest.append((begin + stop.service_s, stop.place))
            latest = [(shift.window.late, shift.end)]
            for stop in reversed(stops):
                by, to = latest[-1]
                latest.append((_latest(stop, by - seconds[stop.place][to] - stop.service_s), stop.place))
            self._bounds[order] = soonest, latest[::-1]
        return self._bounds[order]


def _begin(stop: Stop, arrival: int) -> int:
    """The soonest that service begins after an arrival; at once where every window is over."""
    return next((max(arrival, one.early) for one in stop.windows[0] if arrival <= one.late), arrival)


def _latest(stop: Stop, by: int) -> int:
    """The latest that service may begin, up to `by`; `by` itself where no window is early enough."""
    return next((min(by, one.late) for one in reversed(stop.windows[0]) if one.early <= by), by)


def _shown(bound: Bound, skipped: int) -> Bound:
    """A bound without the halt of an asked departure, which is the limit of a shift to everybody else."""
    if bound.halt is None:
        return bound
    if bound.halt < skipped:
        return Bound(bound.at_s, Limit.SHIFT)
    return replace(bound, halt=bound.halt - skipped)
