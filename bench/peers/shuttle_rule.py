"""A simple rule for the days of a shuttle's week: what readers wait, how near visits lie, how full days are.

Every stop in turn takes its cheapest pattern, several times over. A pattern costs what it costs in the
problem itself (waiting, habit, visits missing), and each of its days the drive, and the wait between
windows, to the nearest companions of that day, plus what fills the day beyond what its shifts can do. How
much nearness weighs, and from when on a day is too full, is drawn anew for each proposal; a day on which
visits found no room counts as smaller from then on.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.peers.shuttle_apart import COMPANIONS, Floats, apart, fills, rooms
from bench.peers.shuttle_week import choices
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.objective import MC

_SWEEPS = 8
_NEARNESS = (0.2, 1.0)  # times the drive to a companion: drawn in here
_SHUFFLE = 0.2  # noise on nearness, so that starts differ
_FULL = (0.7, 1.0)  # of what a day's shifts can do, the share beyond which it is too full: drawn in here
_SMALLER, _LEAST = 0.92, 0.15  # each time visits found no room; of what it is, at least
_BURST_MC = 300_000 * MC  # what filling a day twice costs


@dataclass(slots=True)
class _Draft:
    """A proposal in the making. `present` has shape (days, n), `loads` and `room` (days, 2)."""

    choice: list[int]
    present: npt.NDArray[np.bool_]
    loads: Floats
    apart: list[Floats]
    room: Floats


class ShuttleRule:
    """Proposes a pattern per stop; every call proposes anew."""

    def __init__(self, prices: RoutePrices, seed: int) -> None:
        self.problem = prices.problem
        self.random = random.Random(seed)
        state = WeekState(self.problem, prices)
        self.options = [choices(state, k) for k in range(len(self.problem.stops))]
        self.apart = [apart(self.problem, day) for day in range(self.problem.days)]
        self.fills, self.rooms = fills(self.problem), rooms(self.problem)
        self._whole = self.rooms.copy()

    def propose(self) -> list[int]:
        """A choice of patterns that hardly any single stop would change."""
        draft = self._draft()
        stops = range(len(self.problem.stops))
        for _ in range(_SWEEPS):
            before = list(draft.choice)
            for k in self.random.sample(stops, len(stops)):
                self._settle(draft, k)
            if draft.choice == before:
                break
        return draft.choice

    def was_too_full(self, day: int) -> None:
        """Next proposals will put less on that day."""
        self.rooms[day] = np.maximum(self.rooms[day] * _SMALLER, self._whole[day] * _LEAST)

    def _draft(self) -> _Draft:
        nearness = math.exp(self.random.uniform(*map(math.log, _NEARNESS)))
        blur = np.random.default_rng(self.random.randrange(2**31))
        choice = [self.random.choice(options) for options in self.options]
        present = np.zeros((self.problem.days, len(choice)), bool)
        for k, pattern in enumerate(choice):
            present[list(self.problem.stops[k].patterns[pattern].days), k] = True
        return _Draft(
            choice=choice,
            present=present,
            loads=present @ self.fills,
            apart=[a * nearness * blur.uniform(1 - _SHUFFLE, 1 + _SHUFFLE, a.shape) for a in self.apart],
            room=np.maximum(1e-9, self.rooms * self.random.uniform(*_FULL)),
        )

    def _settle(self, draft: _Draft, k: int) -> None:
        """Take a stop out, and put it back on the days that suit it best."""
        patterns = self.problem.stops[k].patterns
        days = list(patterns[draft.choice[k]].days)
        draft.present[days, k] = False
        draft.loads[days] -= self.fills[k]
        price = {
            day: _closeness(draft.apart[day][k], draft.present[day]) + self._overfull(draft, k, day)
            for day in {day for p in self.options[k] for day in patterns[p].days}
        }
        best = min(
            self.options[k],
            key=lambda p: patterns[p].cents * MC + sum(price[day] for day in patterns[p].days),
        )
        days = list(patterns[best].days)
        draft.choice[k] = best
        draft.present[days, k] = True
        draft.loads[days] += self.fills[k]

    def _overfull(self, draft: _Draft, k: int, day: int) -> float:
        """What one more visit fills a day with beyond its share, in money."""
        load, room = draft.loads[day], draft.room[day]
        more = np.maximum(0.0, load + self.fills[k] - room) - np.maximum(0.0, load - room)
        return _BURST_MC * float((more / room).sum())


def _closeness(apart_mc: Floats, present: npt.NDArray[np.bool_]) -> float:
    companions = apart_mc[present]
    if len(companions) <= COMPANIONS:
        return float(companions.sum()) + (COMPANIONS - len(companions)) * float(apart_mc.mean())
    return float(np.partition(companions, COMPANIONS)[:COMPANIONS].sum())
