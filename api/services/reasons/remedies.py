"""What could be done about a visit that is not planned: a few ways, each computed at the desk.

A way is a place in a round, and what it takes for it: nothing, another visit elsewhere, fewer crates, other
hours, a lock opened, a driver who comes home later.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from api.services.assemble import DAYS
from api.services.plans.desk import Desk, days_of
from api.services.plans.edits import Add, Edit, LockRound
from api.services.plans.edits import Move as MoveVisit
from api.services.plans.layout import Call, Layout, Outing
from api.services.reasons.bench import Bench, Priced
from api.services.reasons.why import Move, Reasoning, Shifted, best, idle, less, new_breaches, shifted
from models.errors import NotFound
from models.network.values import Site
from models.tables.plans import Lock
from models.values import TimeWindow
from routing.objective import MC, Cost
from routing.schedule import Breach, Violation

MOST = 3
_SWAPS = 6  # rounds with one visit taken out that are looked at for a place, the cheapest first
_MORE_S = (900, 1800, 3600, 7200)  # by how much hours are widened, the least that helps
_LONGEST_S = 3600  # a driver who would come home later than that is no remedy


class Kind(StrEnum):
    """What it takes, the least first."""

    PLACE = "place"
    ROUND = "round"
    UNLOCK = "unlock"
    SWAP = "swap"
    CRATES = "crates"
    HOURS = "hours"
    SPAN = "span"


_AS_IT_IS = frozenset({Kind.PLACE, Kind.ROUND, Kind.UNLOCK})


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """When the site would have to receive the shuttle on a weekday (0: Monday); `more_s` is what is added."""

    weekday: int
    window: TimeWindow
    more_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Remedy:
    """A way to plan the visit, with its effect on the round (and on others that must give way).

    `spared` is what the week no longer pays for the missing visit and for readers' waiting. `edits` are ready
    to be made; where `hours` must change first, there are none.
    """

    kind: Kind
    outing: Outing
    number: int
    begin_s: int
    duration_s: int
    distance_m: int
    cost: Cost
    spared: Cost
    breaks: tuple[str, ...] = ()
    shifted: tuple[Shifted, ...] = ()
    edits: tuple[Edit, ...] = ()
    hours: Hours | None = None
    crates: int = 0
    other: tuple[Call, Move] | None = None

    @property
    def cents(self) -> int:
        return round(self.cost.total_mc / MC)

    @property
    def spared_cents(self) -> int:
        return round(self.spared.total_mc / MC)


def remedies(desk: Desk, layout: Layout, site: str) -> tuple[Remedy, ...]:
    """Up to three ways, what takes least first. NotFound for a site that the network no longer has."""
    found = next((one for one in desk.asked.served if one.id == site), None)
    if found is None:
        raise NotFound(f"Le lieu « {site} » n'attend plus de passage : il n'y a rien à planifier.")
    return chosen(_Search(desk, layout, found).found())


def chosen(found: Iterable[Remedy]) -> tuple[Remedy, ...]:
    """The best of each kind, those that break nothing first; then other days of what takes nothing else."""
    ranked = sorted(found, key=_rank)
    heads: dict[Kind, Remedy] = {}
    for one in ranked:
        heads.setdefault(one.kind, one)
    picked = [*heads.values()]
    days = {one.outing.day for one in picked}
    for one in ranked:
        if one.kind in _AS_IT_IS and one.outing.day not in days and not one.breaks:
            days.add(one.outing.day)
            picked.append(one)
    return tuple(sorted(picked, key=_rank)[:MOST])


def _rank(one: Remedy) -> tuple[bool, int, int]:
    return bool(one.breaks), list(Kind).index(one.kind), one.cost.total_mc - one.spared.total_mc


class _Search:
    """One site beside the rounds of its week."""

    def __init__(self, desk: Desk, layout: Layout, site: Site) -> None:
        self.desk, self.layout, self.site = desk, layout, site
        self.call = Call(site=site.id, deliver=site.deliver, collect=site.collect)
        self.days = days_of(layout).get(site.id, frozenset())
        self.driven = frozenset(one.code for one in layout.outings)

    @cached_property
    def benches(self) -> tuple[Bench, ...]:
        """Every round, driven or possible, on a day without a visit of the site, spaced as it likes."""
        rounds = (*self.layout.outings, *idle(self.desk, self.layout))
        free = [one for one in rounds if one.day.weekday() not in self.days]
        spaced = [one for one in free if self._spaced(one.day.weekday())]
        return tuple(Bench(self.desk, one, [self.call]) for one in spaced or free)

    def found(self) -> Iterator[Remedy]:
        """Every way, in no order."""
        clean = False
        for bench in self.benches:
            made = list(self._places(bench))
            yield from made
            if any(one.kind in _AS_IT_IS for one in made):
                clean = True
            else:
                yield from self._hours(bench)
        if not clean:
            yield from self._swaps()

    def _spaced(self, day: int) -> bool:
        days = sorted(self.days | {day})
        gaps = [(b - a) % DAYS or DAYS for a, b in zip(days, days[1:] + days[:1], strict=True)]
        return min(gaps) >= self.site.min_gap_days

    def _places(self, bench: Bench) -> Iterator[Remedy]:
        index = _index(bench)
        if not bench.problem.stops[index].windows[0]:
            return
        place = best(bench.places(bench.base, index))
        new = [one for one in place.violations if one not in bench.base.violations]
        if all(one.breach is Breach.OVERLOAD for one in new) and new:
            yield from self._lighter(bench, max(one.amount for one in new))
        elif _home_late(new) and sum(one.amount for one in new) <= _LONGEST_S:
            yield self._remedy(self._kind(bench, late=bool(new)), bench, place)

    def _kind(self, bench: Bench, *, late: bool) -> Kind:
        if late:
            return Kind.SPAN
        if bench.outing.locked:
            return Kind.UNLOCK
        return Kind.PLACE if bench.outing.code in self.driven else Kind.ROUND

    def _lighter(self, bench: Bench, excess: int) -> Iterator[Remedy]:
        """The same with as few crates less as it takes."""
        less_by = Call(
            site=self.site.id,
            deliver=max(0, self.call.deliver - excess),
            collect=max(0, self.call.collect - excess),
        )
        lighter = Bench(self.desk, bench.outing, [less_by])
        place = best(lighter.places(lighter.base, _index(lighter)))
        if less_by.deliver + less_by.collect and not new_breaches(lighter, lighter.base, place):
            yield replace(self._remedy(Kind.CRATES, lighter, place), crates=excess)

    def _hours(self, bench: Bench) -> Iterator[Remedy]:
        """A place that holds once the site receives the shuttle a little longer, or on one more day."""
        for hours in self._wider(bench):
            asked = bench.received(_index(bench), hours.window)
            place = best(asked.places(asked.base, _index(bench)))
            if not new_breaches(asked, asked.base, place):
                margin = self.desk.network.rules.closing_margin_s
                told = replace(hours, window=replace(hours.window, late=hours.window.late + margin))
                yield replace(self._remedy(Kind.HOURS, asked, place), edits=(), hours=told)
                return

    def _wider(self, bench: Bench) -> Iterator[Hours]:
        """In which windows service could begin that day if its hours were wider, the least wide first."""
        weekday, windows = bench.outing.day.weekday(), bench.problem.stops[_index(bench)].windows[0]
        for more_s in _MORE_S if windows else ():
            first, last = windows[0], windows[-1]
            for window in (
                TimeWindow(last.early, last.late + more_s),
                TimeWindow(max(0, first.early - more_s), first.late),
            ):
                yield Hours(weekday=weekday, window=window, more_s=more_s)
        if not windows:
            for window in self.site.public_windows(bench.outing.day):
                margin = self.desk.network.rules.closing_margin_s
                late = max(window.early, window.late - margin)
                yield Hours(
                    weekday=weekday, window=TimeWindow(window.early, late), more_s=window.late - window.early
                )

    def _swaps(self) -> Iterator[Remedy]:
        """A place beside all but one of a round's visits, which goes where it costs least."""
        tried: list[tuple[int, int, Bench, Priced]] = []
        for bench in self.benches:
            index = _index(bench)
            if bench.outing.code not in self.driven or not bench.problem.stops[index].windows[0]:
                continue
            for k in range(len(bench.outing.calls)):
                rest = bench.of((*range(k), *range(k + 1, len(bench.outing.calls))))
                place = best(bench.places(rest, index))
                if rest.halts and not place.violations:
                    tried.append((place.cost.total_mc - bench.base.cost.total_mc, k, bench, place))
        for _, k, bench, place in sorted(tried, key=lambda one: one[:2])[:_SWAPS]:
            call = bench.outing.calls[k]
            moves = Reasoning(self.desk, self.layout, bench.outing).elsewhere(k)
            move = next((one for one in moves if not one.breaks), None)
            if move is not None and call.lock is Lock.NONE and not bench.outing.locked:
                yield self._swap(bench, place, call, move, k)

    def _swap(self, bench: Bench, place: Priced, call: Call, move: Move, k: int) -> Remedy:
        rest = bench.of((*range(k), *range(k + 1, len(bench.outing.calls))))
        one = self._remedy(Kind.SWAP, bench, place)
        here = {each.key for each in bench.outing.calls}
        gone = MoveVisit(visit=call.key, round=move.outing.code, number=move.number)
        return replace(
            one,
            duration_s=place.duration_s - rest.duration_s + move.duration_s,
            distance_m=place.distance_m - rest.distance_m + move.distance_m,
            cost=less(place.cost, rest.cost) + move.cost,
            shifted=(*one.shifted, *(each for each in move.shifted if each.ref not in here)),
            edits=(gone, *one.edits),
            other=(call, move),
        )

    def _remedy(self, kind: Kind, bench: Bench, place: Priced) -> Remedy:
        index, weekday = _index(bench), bench.outing.day.weekday()
        number = place.order.index(index) + 1
        call = bench.calls[index]
        usual = (call.deliver, call.collect) == (self.call.deliver, self.call.collect)
        crates = (None, None) if usual else (call.deliver, call.collect)
        add = Add(
            site=self.site.id, round=bench.outing.code, number=number, deliver=crates[0], collect=crates[1]
        )
        opened = (LockRound(round=bench.outing.code, locked=False),) if kind is Kind.UNLOCK else ()
        return Remedy(
            kind=kind,
            outing=bench.outing,
            number=number,
            begin_s=place.halts[number - 1].begin_s,
            duration_s=place.duration_s - bench.base.duration_s,
            distance_m=place.distance_m - bench.base.distance_m,
            cost=less(place.cost, bench.base.cost),
            spared=less(
                self.desk.cost_of_days(self.site, self.days),
                self.desk.cost_of_days(self.site, self.days | {weekday}),
            ),
            breaks=new_breaches(bench, bench.base, place),
            shifted=shifted(self.desk, bench, bench.base, place, index),
            edits=(*opened, add),
        )


def _home_late(violations: Sequence[Violation]) -> bool:
    """Whether nothing is broken but when the driver comes home."""
    return all(one.breach in {Breach.OVERTIME, Breach.OVERLONG} for one in violations)


def _index(bench: Bench) -> int:
    """Which of a bench's calls is the missing visit: the only one that its round does not make."""
    return len(bench.outing.calls)
