"""Why the visits of a round stand where they stand, and what it would cost to move each of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

from api.services.assemble import announced, half_day
from api.services.explain import notes_of
from api.services.plans.delta import moved_s
from api.services.plans.desk import Desk, days_of
from api.services.plans.layout import Call, Layout, Outing
from api.services.reasons.bench import Bench, Priced
from models.errors import NotFound
from models.values import TimeWindow
from routing.objective import MC, Cost
from routing.slack import Room

Where: TypeAlias = Literal["earlier", "later", "other"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shifted:
    """Another visit of a round, whose announced window moves by more than the tolerance."""

    ref: str
    site: str
    begin_s: int
    moved_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Another place for a visit and what changes by it (less than zero: saved). `where` is « earlier »,
    « later » (in its round) or « other ». `breaks` are new breaches, in French; `number` counts from 1."""

    where: Where
    outing: Outing
    number: int
    begin_s: int
    duration_s: int
    distance_m: int
    cost: Cost
    breaks: tuple[str, ...]
    shifted: tuple[Shifted, ...]

    @property
    def cents(self) -> int:
        return round(self.cost.total_mc / MC)

    @property
    def label(self) -> str:
        return half_day(self.outing.window)


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A visit of the round, its room, and its moves: in the round, then elsewhere, the best first."""

    call: Call
    number: int
    begin_s: int
    room: Room
    notes: tuple[str, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A round with the reasons of its order."""

    outing: Outing
    bench: Bench
    visits: tuple[Placed, ...]


def explain(desk: Desk, layout: Layout, code: str) -> Explained:
    """The reasons of one round of a layout. NotFound when it has none of that code."""
    outing = layout.outing(code)
    if outing is None:
        raise NotFound(f"La tournée « {code} » n'est pas dans ce planning.")
    return Reasoning(desk, layout, outing).explained()


class Reasoning:
    """One round beside all others of its week."""

    def __init__(self, desk: Desk, layout: Layout, outing: Outing) -> None:
        self.desk, self.layout, self.outing = desk, layout, outing
        self.own = Bench(desk, outing)
        self._days = days_of(layout)

    @cached_property
    def others(self) -> tuple[Bench, ...]:
        """The other rounds of the week, driven or possible, with the calls of this one at hand."""
        return tuple(
            Bench(self.desk, one, self.outing.calls)
            for one in (*self.layout.outings, *idle(self.desk, self.layout))
            if one.code != self.outing.code
        )

    def explained(self) -> Explained:
        base = self.own.base
        rooms = self.own.rooms_of(base)
        visits = tuple(
            Placed(
                call=call,
                number=k + 1,
                begin_s=base.halts[k].begin_s,
                room=rooms[k],
                notes=notes_of(replace(base.timed, violations=base.violations), k),
                moves=(*self._within(k), *self.elsewhere(k)),
            )
            for k, call in enumerate(self.outing.calls)
        )
        return Explained(outing=self.outing, bench=self.own, visits=visits)

    def _rest(self, k: int) -> Priced:
        return self.own.of((*range(k), *range(k + 1, len(self.outing.calls))))

    def _within(self, k: int) -> Iterable[Move]:
        """The best place before, and the best one after, in the same round."""
        made = self.own.places(self._rest(k), k, without=k)
        sides: tuple[Where, ...] = ("earlier", "later")
        for where in sides:
            mine = [one for one in made if (one.order.index(k) < k) == (where == "earlier")]
            if mine:
                yield self._move(where, self.own, (self.own.base, best(mine)), k, Cost())

    def elsewhere(self, k: int) -> list[Move]:
        """The best place of a visit in each other round, what breaks nothing first."""
        call, found = self.outing.calls[k], []
        left = self._rest(k)
        days = self._days[call.site]
        alone = sum(one.site == call.site for one in self._calls(self.outing.day)) == 1
        kept = days - {self.outing.day.weekday()} if alone else days
        for bench in self.others:
            day, index = bench.outing.day, len(bench.outing.calls) + k
            if not bench.problem.stops[index].windows[0] or day.weekday() in kept:
                continue
            moved = self._cost_of_days(call.site, days, kept | {day.weekday()})
            moved += less(left.cost, self.own.base.cost)
            apart = self._apart(call, bench.outing)
            place = best(bench.places(bench.base, index))
            found.append(self._move("other", bench, (bench.base, place), index, moved, left, apart))
        return sorted(found, key=rank)

    def _cost_of_days(self, site: str, was: frozenset[int], now: frozenset[int]) -> Cost:
        served = next((one for one in self.desk.asked.served if one.id == site), None)
        if served is None or was == now:
            return Cost()
        return less(self.desk.cost_of_days(served, now), self.desk.cost_of_days(served, was))

    def _calls(self, day: date) -> list[Call]:
        return [call for one in self.layout.outings if one.day == day for call in one.calls]

    def _apart(self, call: Call, target: Outing) -> tuple[str, ...]:
        """A pair that the move would part, on one day."""
        bound = any(one.after == call.key or call.after == one.key for one in self.outing.calls if call.key)
        return ("sépare deux passages liés",) if bound and target.day == self.outing.day else ()

    def _move(  # noqa: PLR0913, PLR0917  # a place, seen from both rounds
        self,
        where: Where,
        bench: Bench,
        pair: tuple[Priced, Priced],
        index: int,
        more: Cost,
        left: Priced | None = None,
        apart: tuple[str, ...] = (),
    ) -> Move:
        was, now = pair
        own = self.own.base
        place = now.order.index(index)
        return Move(
            where=where,
            outing=bench.outing,
            number=place + 1,
            begin_s=now.halts[place].begin_s,
            duration_s=now.duration_s - was.duration_s + (left.duration_s - own.duration_s if left else 0),
            distance_m=now.distance_m - was.distance_m + (left.distance_m - own.distance_m if left else 0),
            cost=less(now.cost, was.cost) + more,
            breaks=(*new_breaches(bench, was, now), *apart),
            shifted=(
                *self.shifted(bench, was, now, index),
                *(self.shifted(self.own, own, left, None) if left else ()),
            ),
        )

    def shifted(self, bench: Bench, was: Priced, now: Priced, moved: int | None) -> tuple[Shifted, ...]:
        """The other visits that a change of one round would have to announce anew."""
        return shifted(self.desk, bench, was, now, moved)


def shifted(desk: Desk, bench: Bench, was: Priced, now: Priced, moved: int | None) -> tuple[Shifted, ...]:
    """The visits of a round, all but `moved`, whose announced window moves by more than the tolerance."""
    rules = desk.network.rules
    before = {index: halt.begin_s for index, halt in zip(was.order, was.halts, strict=True)}
    found = []
    for index, halt in zip(now.order, now.halts, strict=True):
        if index == moved or index not in before:
            continue
        far = moved_s(announced(rules, before[index]), announced(rules, halt.begin_s))
        if far > rules.habit_tolerance_s:
            call = bench.calls[index]
            found.append(Shifted(ref=call.key, site=call.site, begin_s=halt.begin_s, moved_s=far))
    return tuple(found)


def new_breaches(bench: Bench, was: Priced, now: Priced) -> tuple[str, ...]:
    """What an order does not keep, and the one before kept: « Oxelaëre : arrive 4 min trop tard »."""
    known = set(_breaches(bench, was))
    return tuple(one for one in _breaches(bench, now) if one not in known)


def _breaches(bench: Bench, priced: Priced) -> list[str]:
    timed = replace(priced.timed, violations=priced.violations)
    told = list(notes_of(timed, None))
    names = bench.names
    for k, index in enumerate(priced.order):
        told += [f"{names[index]} : {note}" for note in notes_of(timed, k)]
    return told


def idle(desk: Desk, layout: Layout) -> Sequence[Outing]:
    """The rounds that somebody could drive and nobody does."""
    codes = {one.code for one in layout.outings}
    driven = {(one.day, one.vehicle, one.driver, one.window) for one in layout.outings}
    found = []
    for shift in desk.possible:
        day = layout.week.days[shift.day].date
        window: TimeWindow = shift.window
        if shift.id not in codes and (day, shift.vehicle, shift.driver, window) not in driven:
            found.append(
                Outing(code=shift.id, day=day, vehicle=shift.vehicle, driver=shift.driver, window=window)
            )
    return found


def best(places: Iterable[Priced]) -> Priced:
    """The one that breaks least, then the cheapest."""
    return min(places, key=lambda one: (len(one.violations), one.cost.total_mc))


def rank(move: Move) -> tuple[int, int, date, int]:
    """What breaks nothing first, then the cheapest."""
    return len(move.breaks), move.cost.total_mc, move.outing.day, move.number


def less(a: Cost, b: Cost) -> Cost:
    """Term by term."""
    return a + Cost(**{name: -getattr(b, name) for name in Cost.__slots__})
