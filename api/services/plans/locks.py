"""What a coordinator has fixed in a draft, as constraints of the week problem.

A lock that cannot hold is told with its reason, and the week is planned without it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from api.services.assemble import Unkept, WeekAsked
from api.services.explain import notes_of
from maps.words import WEEKDAYS, listing
from models.tables.plans import Lock
from models.values import TimeWindow
from routing.problem import Pair, Position, Shift, Stop
from routing.schedule import schedule
from routing.solution import Route


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedCall:
    """A visit of the draft, and what is fixed of it. `after` is the ref of a visit that must come earlier."""

    ref: str
    site: str
    deliver: int
    collect: int
    lock: Lock
    after: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedRound:
    """A round of the draft, on weekday `day`; `locked` as a whole or not."""

    code: str
    day: int
    vehicle: str
    driver: str
    window: TimeWindow
    locked: bool
    calls: tuple[FixedCall, ...]


def with_locks(asked: WeekAsked, rounds: Sequence[FixedRound]) -> WeekAsked:
    """The same week under these locks; those that cannot hold stand in `unkept`."""
    fold = _Fold(asked)
    for tour in rounds:
        if tour.locked:
            fold.lock_round(tour)
    for tour in rounds:
        for position, call in enumerate(tour.calls):
            if call.lock is not Lock.NONE and tour.code not in fold.whole:
                fold.lock_call(tour, call, position)
    sites = {call.ref: call.site for tour in rounds for call in tour.calls}
    for tour in rounds:
        for call in tour.calls:
            if call.after:
                fold.pair(call, sites.get(call.after))
    return fold.asked_for()


def with_crates(asked: WeekAsked, rounds: Sequence[FixedRound]) -> WeekAsked:
    """The same week with the crates that the draft gives: a stop has one figure for all its days, so each of
    its visits is planned for the most that one of them has in the draft.
    """
    calls: dict[str, list[FixedCall]] = defaultdict(list)
    for tour in rounds:
        for call in tour.calls:
            calls[call.site].append(call)
    stops = tuple(
        replace(
            stop,
            deliver=max(call.deliver for call in calls[stop.id]),
            collect=max(call.collect for call in calls[stop.id]),
        )
        if stop.id in calls
        else stop
        for stop in asked.problem.stops
    )
    return replace(asked, problem=replace(asked.problem, stops=stops))


class _Fold:
    """Locks gathered one by one; each is taken only if it can hold beside those before it."""

    def __init__(self, asked: WeekAsked) -> None:
        self.asked = asked
        self.problem = asked.problem
        self.index = {site.id: k for k, site in enumerate(asked.served)}
        self.shifts = list(asked.problem.shifts)
        self.needed: dict[int, set[int]] = {}
        self.allowed: dict[tuple[int, int], int] = {}
        self.places: dict[tuple[int, int], Position] = {}
        self.pairs: list[Pair] = []
        self.whole: set[str] = set()
        self.unkept: list[Unkept] = []

    def asked_for(self) -> WeekAsked:
        stops = tuple(self._stop(k, stop) for k, stop in enumerate(self.problem.stops))
        problem = replace(
            self.problem,
            stops=stops,
            shifts=tuple(self.shifts),
            positions=tuple(self.places.values()),
            pairs=tuple(self.pairs),
        )
        return replace(self.asked, problem=problem, unkept=(*self.asked.unkept, *self.unkept))

    def lock_round(self, tour: FixedRound) -> None:
        shift = self._shift(tour)
        sites = [call.site for call in tour.calls]
        why = "aucun chauffeur ne la fait plus cette semaine-là." if shift is None else self._why_not(sites)
        if shift is None or why:
            return self._refuse(tour.code, why or "")
        stops = tuple(self.index[site] for site in sites)
        broken = schedule(self.problem, Route(shift, stops))
        if broken.violations:
            said = [note for halt in (None, *range(len(stops))) for note in notes_of(broken, halt)]
            return self._refuse(tour.code, f"elle a des écarts ({', '.join(said)}).")
        for stop in stops:
            if why := self._cannot_need(stop, tour.day):
                return self._refuse(tour.code, why)
        self.whole.add(tour.code)
        self.shifts[shift] = replace(self.shifts[shift], locked=stops)
        for stop in stops:
            self.needed.setdefault(stop, set()).add(tour.day)
            self.allowed[stop, tour.day] = shift
        return None

    def lock_call(self, tour: FixedRound, call: FixedCall, position: int) -> None:
        why = self._why_not([call.site])
        if why:
            return self._refuse(call.ref, why)
        stop, shift = self.index[call.site], self._shift(tour)
        if why := self._cannot_need(stop, tour.day):
            return self._refuse(call.ref, why)
        rides = call.lock in {Lock.ROUND, Lock.POSITION}
        if rides and (shift is None or self.shifts[shift].locked is not None):
            return self._refuse(call.ref, "sa tournée ne peut pas être gardée.")
        if rides and shift is not None and not self.problem.allows(stop, shift):
            return self._refuse(call.ref, "sa tournée ne peut plus y passer.")
        if call.lock is Lock.POSITION and shift is not None:
            if any(one.shift == shift and one.position == position for one in self.places.values()):
                return self._refuse(call.ref, "sa place est prise par un autre passage verrouillé.")
            self.places[stop, shift] = Position(stop=stop, shift=shift, position=position)
        if rides and shift is not None:
            self.allowed[stop, tour.day] = shift
        self.needed.setdefault(stop, set()).add(tour.day)
        return None

    def pair(self, call: FixedCall, first_site: str | None) -> None:
        if first_site is None:
            return self._refuse(call.ref, "le passage qui devait le précéder n'est plus dans le planning.")
        if why := self._why_not([call.site]) or self._why_not([first_site]):
            return self._refuse(call.ref, why)
        first, second = self.index[first_site], self.index[call.site]
        if first == second or self._reaches(second, first):
            return self._refuse(call.ref, "les passages liés se suivraient en rond.")
        for day in {d for s, d in self.allowed if s == first} & {d for s, d in self.allowed if s == second}:
            shift = self.allowed[first, day]
            order = self.shifts[shift].locked
            if shift != self.allowed[second, day] or (order and order.index(first) > order.index(second)):
                return self._refuse(call.ref, "un autre verrou sépare ces deux passages.")
        self.pairs.append(Pair(first=first, second=second))
        return None

    def _reaches(self, start: int, goal: int) -> bool:
        """Whether `goal` must come after `start` already."""
        seen, front = set(), [start]
        while front:
            at = front.pop()
            if at == goal:
                return True
            if at not in seen:
                seen.add(at)
                front += [pair.second for pair in self.pairs if pair.first == at]
        return False

    def _shift(self, tour: FixedRound) -> int | None:
        """The possible round that a round of the draft is: same day, van and driver, most hours in common."""
        common = [
            (met.late - met.early, -k)
            for k, shift in enumerate(self.shifts)
            if (shift.day, shift.vehicle, shift.driver) == (tour.day, tour.vehicle, tour.driver)
            and (met := shift.window.meet(tour.window)) is not None
        ]
        return -max(common)[1] if common else None

    def _why_not(self, sites: Iterable[str]) -> str:
        """Why these sites cannot be locked as they stand; empty when they can."""
        sites = list(sites)
        gone = [site for site in sites if site not in self.index]
        if gone:
            return f"{listing(gone)} : aucun passage n'est dû cette semaine-là."
        if len(set(sites)) < len(sites):
            return "elle passe deux fois au même endroit."
        return ""

    def _cannot_need(self, stop: int, day: int) -> str:
        wanted = self.needed.get(stop, set()) | {day}
        if day in self.needed.get(stop, set()):
            return "ce jour a déjà un passage verrouillé."
        if any(wanted <= set(pattern.days) for pattern in self.problem.stops[stop].patterns):
            return ""
        name = self.asked.served[stop].name
        days = listing(WEEKDAYS[one] for one in sorted(wanted))
        return f"{name} ne peut pas être servie {days} (fermeture, véhicule, ou écart entre passages)."

    def _refuse(self, what: str, why: str) -> None:
        self.unkept.append(Unkept(what=what, reason=f"Ce verrou n'a pas pu être gardé : {why}"))

    def _stop(self, index: int, stop: Stop) -> Stop:
        needed = self.needed.get(index, set())
        kept = tuple(p for p in stop.patterns if not p.days or needed <= set(p.days))
        fixed = {day: shift for (k, day), shift in self.allowed.items() if k == index}
        if not fixed:
            return replace(stop, patterns=kept)
        rides = frozenset(k for k, shift in enumerate(self.shifts) if _open(k, shift, fixed))
        return replace(stop, patterns=kept, shifts=rides if stop.shifts is None else stop.shifts & rides)


def _open(index: int, shift: Shift, fixed: dict[int, int]) -> bool:
    return fixed.get(shift.day, index) == index
