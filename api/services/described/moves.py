"""Where else in its week a visit could go: inserted into the published rounds, cheapest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.repositories.visits_by_date import Told
from api.services.assemble import WeekAsked, half_day
from api.services.explain import notes_of
from routing.problem import Shift
from routing.schedule import Schedule, schedule
from routing.solution import Route


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A visit put into another round: what that adds to it, and what it would no longer keep.

    `number` is its 1-based place; `label` names the round; `is_new` when no round was published there.
    """

    day: date
    round: str
    label: str
    number: int
    begin_s: int
    added_s: int
    added_m: int
    added_cents: int
    breaches: tuple[str, ...]
    is_new: bool

    @property
    def clean(self) -> bool:
        return not self.breaches


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What a round is spared without a visit."""

    seconds: int
    metres: int


class Week:
    """The published rounds of a week, over the problem of that week as it would be."""

    def __init__(self, asked: WeekAsked, told: Sequence[Told]) -> None:
        self.asked = asked
        self.problem = asked.problem
        self.stop = {site.id: k for k, site in enumerate(asked.served)}
        self.orders: dict[int, tuple[int, ...]] = {}
        self.codes: dict[int, str] = {}
        for one in told:
            self._add(one)
        self._timed: dict[tuple[int, tuple[int, ...]], Schedule] = {}

    def _add(self, told: Told) -> None:
        shift, stop = self._shift(told), self.stop.get(told.visit.site)
        if shift is None:
            return
        self.codes[shift] = told.round.code
        if stop is not None and stop not in self.orders.get(shift, ()):  # else it is no longer served
            self.orders[shift] = (*self.orders.get(shift, ()), stop)

    def _shift(self, told: Told) -> int | None:
        """The shift that a published round runs on: that of its name, or of its day, van and driver."""
        tour, day = told.round, self._day(told.round.day)
        shifts = list(enumerate(self.problem.shifts))
        named = next((k for k, shift in shifts if shift.id == tour.code), None)
        if named is not None:
            return named
        alike = (
            k
            for k, shift in shifts
            if (shift.day, shift.vehicle, shift.driver) == (day, tour.vehicle, tour.driver)
            and shift.window.early <= tour.start_s < shift.window.late
        )
        return next(alike, None)

    def _day(self, day: date) -> int:
        return (day - self.asked.week.monday).days

    def moves(self, site: str, taken: frozenset[date], today: date) -> tuple[Move, ...]:
        """The best place on each day on which the site could be visited, after `today` and not on `taken`
        days: those that break nothing first, then the cheapest."""
        stop = self.stop.get(site)
        if stop is None:
            return ()
        best: dict[date, Move] = {}
        for k, shift in enumerate(self.problem.shifts):
            day = self.asked.week.days[shift.day].date
            if day in taken or day < today or not self.problem.stops[stop].windows[shift.day]:
                continue
            for move in self._places(k, stop):
                if day not in best or _rank(move) < _rank(best[day]):
                    best[day] = move
        return tuple(sorted(best.values(), key=_rank))

    def _places(self, k: int, stop: int) -> list[Move]:
        order, shift = self.orders.get(k, ()), self.problem.shifts[k]
        if stop in order:
            return []
        before = self._schedule(k, order) if order else None
        found = []
        for place in range(len(order) + 1):
            after = self._schedule(k, (*order[:place], stop, *order[place:]))
            found.append(self._move(k, shift, place, (before, after)))
        return found

    def _move(self, k: int, shift: Shift, place: int, timed: tuple[Schedule | None, Schedule]) -> Move:
        before, after = timed
        added_s = after.duty_s - (before.duty_s if before else 0)
        added_m = after.distance_m - (before.distance_m if before else 0)
        known = set(_breaches(before)) if before else set()
        vehicle = self.asked.network.vehicle(shift.vehicle)
        return Move(
            day=self.asked.week.days[shift.day].date,
            round=self.codes.get(k, shift.id),
            label=f"{half_day(shift.window)} · {vehicle.name}",
            number=place + 1,
            begin_s=after.halts[place].begin_s,
            added_s=added_s,
            added_m=added_m,
            added_cents=_cents(shift, added_s, added_m) + (0 if before else shift.fixed_cents),
            breaches=tuple(one for one in _breaches(after) if one not in known),
            is_new=before is None,
        )

    def saved(self, told: Told) -> Saved | None:
        """What its round is spared without a visit; None when the round no longer has its shift."""
        shift, stop = self._shift(told), self.stop.get(told.visit.site)
        if shift is None or stop is None or stop not in self.orders.get(shift, ()):
            return None
        order = self.orders[shift]
        with_it = self._schedule(shift, order)
        rest = tuple(one for one in order if one != stop)
        if not rest:
            return Saved(seconds=with_it.duty_s, metres=with_it.distance_m)
        without = self._schedule(shift, rest)
        return Saved(seconds=with_it.duty_s - without.duty_s, metres=with_it.distance_m - without.distance_m)

    def _schedule(self, shift: int, order: tuple[int, ...]) -> Schedule:
        key = (shift, order)
        if key not in self._timed:
            self._timed[key] = schedule(self.problem, Route(shift=shift, stops=order))
        return self._timed[key]


def _breaches(timed: Schedule) -> list[str]:
    halts = (None, *range(len(timed.halts)))
    return [note for halt in halts for note in notes_of(timed, halt)]


def _cents(shift: Shift, seconds: int, metres: int) -> int:
    return round(seconds * shift.hour_cents / 3600 + metres * shift.km_cents / 1000)


def _rank(move: Move) -> tuple[int, int, date, int]:
    return (len(move.breaches), move.added_cents, move.day, move.number)
