"""Column generation with smoothed prizes (Wentges 1997): the programme asks, pricing answers, proofs stay.

A stage ends when the programme's value is nearly proven. Then stops learn to remember the circles that the
programme drives, or, where it drives none, it is cut where it mixes rounds; and the next stage begins.
"""

from collections.abc import Callable

from routing.bound.columns import Column, known_columns
from routing.bound.cuts import broken_cuts
from routing.bound.groups import groups_of
from routing.bound.master import Master
from routing.bound.pricing import Offer, Pricing, room_for_all
from routing.bound.proof import Prizes, Whole, proven
from routing.problem import WeekProblem
from routing.solution import Solution

_SMOOTH = 0.6  # of the prizes that proved most, in those that are tried next
_NEARLY = 3e-4  # of its value: what a stage may leave unproven
_LABELS = 600_000  # room for a pricing: 60 MB
_REMEMBERED = 10
_NOTICED = 1e-7  # of its price: what a round must promise to be worth offering


class Generation:
    """`best` is what is proven by now, in the unit of `units`; `finished` when nothing more can be; `stuck`
    when the programme could not be solved, or pricing found no room for its labels."""

    def __init__(self, problem: WeekProblem, solution: Solution | None, over: Callable[[], bool]) -> None:
        self.problem, self.over = problem, over
        self.groups = groups_of(problem)
        self.master = Master(problem, self.groups)
        for column in known_columns(problem, self.groups, solution):
            self.master.add(column)
        self._locked = {c.group: c for c in self.master.columns if self.groups[c.group].locked is not None}
        self._pricings = [
            Pricing(problem, k, g, _REMEMBERED) for k, g in enumerate(self.groups) if g.locked is None
        ]
        self._room = room_for_all(self._pricings, _LABELS)
        self._at = Prizes.none(problem, self.groups)
        self._smooth, self._blind = 0.0, False
        self.best = proven(problem, self.groups, [], Whole.of(self._at), [0] * len(self.groups))
        self.pricings, self.finished, self.stuck = 0, False, False

    def turn(self) -> None:
        """Ask once. Nothing is learnt when time is over, or where the programme gives up."""
        value = self.master.solve()
        self.stuck = value is None
        if value is None or self.over():
            return
        if value - self.best > _NEARLY * abs(value) and self._improved():
            return
        if not self.over():
            more = self._learnt() or self._cut() or self._improved()
            self.stuck = not more and self._blind
            self.finished = not (more or self._blind or self.over())

    def _improved(self) -> bool:
        """Whether pricing had something new: at a glance, for the smoothed prizes, or for the very ones."""
        mine = self.master.prizes
        smoothed = self._at.towards(mine, self._smooth)
        return self._glance(smoothed) or self._prove(smoothed) or (self._smooth > 0 and self._prove(mine))

    def _glance(self, prizes: Prizes) -> bool:
        whole, cuts = Whole.of(prizes), self.master.cuts
        offers = [p.offer(cuts, whole, self._room, self.over, loose=True) for p in self._pricings]
        return self._taken(offers)

    def _prove(self, prizes: Prizes) -> bool:
        """Price everything, keep the proof if it is the best; whether there were new rounds."""
        whole, cuts = Whole.of(prizes), self.master.cuts
        offers = [p.offer(cuts, whole, self._room, self.over, loose=False) for p in self._pricings]
        least = [self._locked_price(g, whole) for g in range(len(self.groups))]
        self._blind = any(offer.least is None for offer in offers)
        if self._blind:
            return self._taken(offers)
        for pricing, offer in zip(self._pricings, offers, strict=True):
            least[pricing.index] = offer.least or 0
        self.pricings += 1
        bound = proven(self.problem, self.groups, cuts, whole, least)
        if bound > self.best:
            self.best, self._at, self._smooth = bound, prizes, _SMOOTH
        return self._taken(offers)

    def _locked_price(self, group: int, prizes: Whole) -> int:
        """What the one round of a locked group costs, prizes earned and fines paid; 0 for an open one."""
        column = self._locked.get(group)
        if column is None:
            return 0
        day = self.groups[group].day
        fines = (
            cut.times(column, self.groups) * int(fine)
            for cut, fine in zip(self.master.cuts, prizes.fines, strict=True)
        )
        return column.price - sum(int(prizes.visits[stop, day]) for stop in column.stops) + sum(fines)

    def _taken(self, offers: list[Offer]) -> bool:
        """Whether any round offered is worth its price to the programme."""
        worth = [c for offer in offers for c in offer.columns if self._promises(c)]
        return sum(map(self.master.add, worth)) > 0

    def _promises(self, column: Column) -> bool:
        prizes, day = self.master.prizes, self.groups[column.group].day
        earned = sum(prizes.visits[stop, day] for stop in column.stops) + prizes.seats[column.group]
        fined = sum(
            fine * cut.times(column, self.groups)
            for cut, fine in zip(self.master.cuts, prizes.fines, strict=True)
        )
        return bool(column.price + fined - earned < -_NOTICED * abs(column.price))

    def _learnt(self) -> bool:
        """Have stops remember the circles that the programme drives; whether that changes anything."""
        by_group = {pricing.index: pricing for pricing in self._pricings}
        wiser = {c.group for c, _ in self.master.used if c.group in by_group and by_group[c.group].learn(c)}
        for group in wiser:
            by_group[group].recall()
        for column in self.master.columns:
            if column.group in wiser and not by_group[column.group].allows(column):
                self.master.forbid(column)
        return bool(wiser)

    def _cut(self) -> bool:
        """Cut the programme where it breaks most; whether it does anywhere."""
        known = set(self.master.cuts)
        found = broken_cuts(self.problem, self.groups, self.master.used, known)
        for cut in found:
            if all(p.room_for_cut(self.master.cuts) for p in self._pricings if p.group.day in cut.days):
                self.master.cut(cut)
        return len(self.master.cuts) > len(known)
