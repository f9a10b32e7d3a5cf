"""Pricing one group of rounds: at given prizes for visits, the cheapest rounds, in every way of driving."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from routing.bound.columns import Column
from routing.bound.cuts import MOST as MOST_CUTS
from routing.bound.cuts import Cut
from routing.bound.driving import DONE, GOING, begin, drive_on
from routing.bound.groups import Group, ways_of
from routing.bound.labels import Labels, Worth, room_for
from routing.bound.layout import Layout, lay_out, recall
from routing.bound.neighbours import Memory
from routing.bound.proof import Whole
from routing.problem import WeekProblem

_STEPS = 300  # labels driven on between two looks at the clock
_GLANCE = 30  # times as many, at most, when nothing is to be proven: early prizes are wild
_COLUMNS = 25  # rounds offered at a time


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """`least` is at most what any round costs, prizes earned and fines paid; None when that is not known."""

    least: int | None
    columns: list[Column]


class Pricing:
    """All ways of driving the rounds of one open group."""

    def __init__(self, problem: WeekProblem, index: int, group: Group, remembered: int) -> None:
        self.index, self.group = index, group
        self._memory = Memory(problem, group, remembered)
        self._stops = np.array(group.stops, np.int64)
        self._row = {stop: row for row, stop in enumerate(group.stops)}
        near = self._memory.array()
        self._layouts = [lay_out(problem, group, way, near) for way in ways_of(problem.shifts[group.shift])]

    def offer(
        self, cuts: list[Cut], prizes: Whole, room: Labels, over: Callable[[], bool], *, loose: bool
    ) -> Offer:
        """The cheapest rounds for these prizes, with different last stops. `loose`: fast, proves nothing."""
        worth = self._worth(cuts, prizes, loose=loose)
        least: int | None = None if loose else worth.cutoff
        found: list[Column] = []
        for layout in self._layouts:
            seen = _looked(layout, room, worth, over)
            ends = room.end_price[: len(self._stops)]
            best = np.argsort(ends, kind="stable")[:_COLUMNS]
            found += [self._column(room, int(end), worth) for end in best if ends[end] < worth.cutoff]
            least = min(least, int(ends.min())) if seen and least is not None else None
        return Offer(least=least, columns=found)

    def room_for_cut(self, cuts: list[Cut]) -> bool:
        """Whether one more cut can be told apart on this group's day."""
        return sum(self.group.day in cut.days for cut in cuts) < MOST_CUTS

    def learn(self, column: Column) -> bool:
        """Remember what would have avoided the circles of a round; call `recall` when all are learnt."""
        return self._memory.learn(self._row[stop] for stop in column.stops)

    def recall(self) -> None:
        near = self._memory.array()
        self._layouts = [recall(layout, near) for layout in self._layouts]

    def allows(self, column: Column) -> bool:
        """Whether a round keeps to what is remembered by now."""
        return self._memory.allows(self._row[stop] for stop in column.stops)

    def _worth(self, cuts: list[Cut], prizes: Whole, *, loose: bool) -> Worth:
        mine = [k for k, cut in enumerate(cuts) if self.group.day in cut.days]
        masks = np.zeros(len(self._stops), np.int64)
        for bit, k in enumerate(mine):
            for stop in cuts[k].stops:
                if stop in self._row:
                    masks[self._row[stop]] |= 1 << bit
        return Worth(
            prizes=np.ascontiguousarray(prizes.visits[self._stops, self.group.day]),
            cuts=masks,
            fines=prizes.fines[np.array(mine, np.int64)],
            cutoff=int(prizes.cutoffs[self.index]),
            loose=loose,
        )

    def _column(self, room: Labels, end: int, worth: Worth) -> Column:
        label, rows = int(room.end_label[end]), []
        while label >= 0:
            rows.append(int(room.spot[label]) // 2)
            label = int(room.parent[label])
        price, odd = int(room.end_price[end]), 0
        for row in reversed(rows):
            price += int(worth.prizes[row]) - sum(
                int(fine) for bit, fine in enumerate(worth.fines) if odd & int(worth.cuts[row]) & 1 << bit
            )
            odd ^= int(worth.cuts[row])
        return Column(self.index, tuple(int(self._stops[row]) for row in reversed(rows)), price)


def room_for_all(pricings: list[Pricing], labels: int) -> Labels:
    """Room that any of them can use in turn."""
    return room_for(labels, max((len(pricing.group.stops) for pricing in pricings), default=0))


def _looked(layout: Layout, room: Labels, worth: Worth, over: Callable[[], bool]) -> bool:
    """Whether every label was driven on to its end."""
    begin(layout, room, worth)
    left = _GLANCE if worth.loose else -1
    while left and not over():
        left -= 1
        answer = drive_on(layout, room, worth, _STEPS)
        if answer != GOING:
            return bool(answer == DONE)
    return False
