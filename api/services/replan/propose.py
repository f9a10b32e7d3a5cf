"""A better rest for a running round, beside the present one: reordered, then lightened if need be.

Clocks come from `schedule`, what is likely from the same prediction for both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from api.services.plans.desk import days_of
from api.services.plans.layout import Call, Layout, Outing
from api.services.reasons.bench import Bench, Priced
from api.services.reasons.why import best, new_breaches
from api.services.replan.running import Running
from models.service_day import ServiceDay
from routing.eta.conformal import Calibration
from routing.eta.learnt import Learnt
from routing.eta.predict import predict
from routing.eta.values import Eta
from routing.eta.values import Halt as Planned
from routing.reorder import Merit, merit, reorder
from routing.schedule import TOO_LATE, Schedule


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """One way to finish the round: the calls in order, their clock, and when each is likely to begin."""

    calls: tuple[Call, ...]
    timed: Schedule
    likely: tuple[Eta | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """A place for a dropped visit in another round of the week, later, that breaks nothing."""

    bench: Bench
    place: Priced
    number: int

    @property
    def outing(self) -> Outing:
        """The round with the visit in it."""
        calls = tuple(self.bench.calls[k] for k in self.place.order)
        return replace(self.bench.outing, calls=calls)

    @property
    def added(self) -> tuple[int, int]:
        """Seconds and metres more."""
        base = self.bench.base
        return self.place.duration_s - base.duration_s, self.place.distance_m - base.distance_m


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """The present rest beside the proposed one. `dropped` are calls that would not be made, each with another
    place where there is one."""

    state: Running
    present: Rest
    proposed: Rest
    dropped: tuple[tuple[Call, Elsewhere | None], ...]

    @property
    def changed(self) -> bool:
        return [one.key for one in self.present.calls] != [one.key for one in self.proposed.calls]


def propose(state: Running, known: Learnt, moved: Calibration, *, drop: bool) -> Proposal:
    """The best rest that was found; the present one where none is better."""
    order = reorder(state.problem, 0, tuple(range(len(state.left))), (state.here,))
    gone: list[int] = []
    while drop and order and _late(state.clock(order)):
        out, order = _without_one(state, order)
        gone.append(out)
    present = tuple(range(len(state.left)))
    return Proposal(
        state=state,
        present=rest_of(state, present, known, moved),
        proposed=rest_of(state, order, known, moved),
        dropped=tuple(elsewhere(state, [state.left[k] for k in sorted(gone)])),
    )


def rest_of(state: Running, order: Sequence[int], known: Learnt, moved: Calibration) -> Rest:
    """One order with its clock and its prediction."""
    timed = state.clock(tuple(order))
    calls = tuple(state.left[k] for k in order)
    etas = {
        eta.visit: eta
        for eta in predict(
            _halts(state, calls, timed),
            state.recorded.told,
            (),
            int(ServiceDay(state.tour.date).at(state.now_s).timestamp()),
            known,
            moved,
            state.recorded.crew,
        )
    }
    return Rest(calls=calls, timed=timed, likely=tuple(etas.get(call.key) for call in calls))


def elsewhere(state: Running, calls: Iterable[Call]) -> list[tuple[Call, Elsewhere | None]]:
    """Each visit's cheapest place in a later round of the week that breaks nothing there; one after the
    other, so that all of them fit."""
    layout, found = state.found.layout, []
    for call in calls:
        place = _elsewhere(state, layout, call)
        found.append((call, place))
        if place is not None:
            layout = layout.with_outing(place.outing)
    return found


def _elsewhere(state: Running, layout: Layout, call: Call) -> Elsewhere | None:
    made = days_of(layout).get(call.site, frozenset())
    found = []
    for outing in layout.outings:
        if outing.day <= state.tour.date or outing.day.weekday() in made:
            continue
        bench = Bench(state.desk, outing, [replace(call, key="", after=None)])
        index = len(outing.calls)
        if not bench.problem.stops[index].windows[0]:
            continue
        place = best(bench.places(bench.base, index))
        if not new_breaches(bench, bench.base, place):
            found.append(Elsewhere(bench=bench, place=place, number=place.order.index(index) + 1))
    return min(found, key=lambda one: one.place.cost.total_mc - one.bench.base.cost.total_mc, default=None)


def _late(timed: Schedule) -> bool:
    return any(one.breach in TOO_LATE for one in timed.violations)


def _without_one(state: Running, order: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """The visit whose absence mends most, and the order of the others."""
    ways: list[tuple[Merit, int, tuple[int, ...]]] = []
    for out in order:
        rest = tuple(k for k in order if k != out)
        ways.append((merit(state.problem, state.clock(rest)), out, rest))
    _, out, rest = min(ways)
    return out, reorder(state.problem, 0, rest, (state.here,))


def _halts(state: Running, calls: Sequence[Call], timed: Schedule) -> tuple[Planned, ...]:
    """The whole round as predictions see it: what was made as it was planned, the rest at its new clock."""
    zero = int(ServiceDay(state.tour.date).zero.timestamp())
    kept = {one.ref for one in state.kept}
    halts = [halt for halt in state.recorded.halts if halt.visit in kept]
    before = [state.place, *(call.site for call in calls)]
    for k, (call, halt) in enumerate(zip(calls, timed.halts[1:], strict=True)):
        paused = timed.pause is not None and timed.pause[0] == k + 1
        halts.append(
            Planned(
                visit=call.key,
                site=call.site,
                from_site=before[k],
                arrival_at=zero + halt.arrival_s,
                begin_at=zero + halt.begin_s,
                end_at=zero + halt.end_s,
                opens_at=zero + (halt.window.early if halt.window else halt.begin_s),
                leg_s=halt.leg_s,
                pause_s=timed.pause_s if paused else 0,
                leg_m=halt.leg_m,
                crates=call.deliver + call.collect,
            )
        )
    return tuple(halts)
