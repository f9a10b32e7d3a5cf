"""The earliest arrival from any site to any other, exact on the timetable.

What is ready before the cut-off is taken along at the first call with room: the driver takes all that stands
there, wherever the van goes. Handed over at the first depot that the van comes to, it is sorted, and then
loaded on whichever run, straight or by way of other depots, has it at its destination first. Where drivers
sort on the road, it is also left at any later call of the run that took it.

Runs are gone through from the last departure to the first, as in profile searches over public timetables
(Dibbelt, Pajor, Strasser, Wagner: « Connection Scan Algorithm », ACM JEA 23, 2018): whoever comes to a depot
finds the best of all later departures computed already. Each departure keeps the arrivals at all sites at
once, so a question is two look-ups.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.promise.timetable import NEVER, Call, Run, Timetable, first_within

Row = NDArray[np.int64]  # by destination: a key, see `key`
_HOPS = 64  # more than anything is ever handed over
START = -1  # the position of a run's first depot; its calls count from 0, its last depot comes after them


def key(arrival_at: int) -> int:
    """What ways are compared by: when it arrives, and of equals how seldom it is handed over at a depot. Each
    time adds one to the key. Without that, going round with a van and coming back would be as good as
    waiting for the next one."""
    return NEVER if arrival_at >= NEVER else arrival_at * _HOPS


def arrivals_of(row: Row) -> Row:
    """Keys → instants, NEVER among them."""
    found: Row = np.where(row >= NEVER, NEVER, row // _HOPS)
    return found


@dataclass(frozen=True, order=True, slots=True)
class Load:
    """When what is sorted at a depot can be taken aboard: `run` by index, at the halt `position`."""

    at: int
    run: int
    position: int


@dataclass(frozen=True, slots=True)
class Drop:
    """Where all unsorted crates of a run are handed over: at the halt `position`, to the depot `depot`."""

    at: int
    position: int
    depot: int


@dataclass(frozen=True, slots=True)
class Pickup:
    """A call that takes along what is ready by `by_at`."""

    run: int
    position: int
    by_at: int
    begin_at: int


class Reach:
    """The earliest arrivals of a timetable, computed once. All rows hold keys: `arrivals_of` tells instants.

    `loads[depot]` are its departures in time order; `via[depot][k]` the arrivals of what departs with the
    k-th, `after[depot][k]` of what may depart with the k-th or any later one. `pickups[site]` are in time
    order, `taken[run, position]` the arrivals of what a call takes along.

    `before`: the same sites and runs, some of them with other times, all of those over by `until_at` then as
    now. What departs later is taken from there.
    """

    def __init__(self, timetable: Timetable, before: "Reach | None" = None, until_at: int = NEVER) -> None:
        self.timetable = timetable
        self.until_at = until_at
        self.size = len(timetable.places)
        self.drops = [self._drops(run) for run in timetable.runs]
        self.loads = self._loads()
        self.after: dict[int, list[Row]] = {}
        self.via: dict[int, list[Row]] = {}
        self._sweep(before)
        self.pickups = self._pickups()
        self._firsts = [_first_of(some) for some in self.pickups]
        self.taken: dict[tuple[int, int], Row] = {
            (one.run, one.position): before.taken[one.run, one.position]
            if before and not self.is_new(one.begin_at)
            else self.aboard(one.run, one.position, sorted_already=False)
            for some in self.pickups
            for one in some
        }

    def ready_at(self, site: int, asked_at: int) -> int:
        """When something asked for at a site is ready to leave; NEVER if nobody is there any more."""
        return first_within(self.timetable.places[site].ready, asked_at)

    def pickup(self, site: int, ready_at: int) -> int | None:
        """Which of the site's pickups takes along what is ready then; None after the last."""
        deadlines, firsts = self._firsts[site]
        k = bisect_left(deadlines, ready_at)
        return firsts[k] if k < len(firsts) else None

    def departure(self, depot: int, at: int) -> int:
        """The index of the first departure from a depot for what is sorted there at an instant."""
        return bisect_left(self.loads.get(depot, []), at, key=lambda load: load.at)

    def sorted_at(self, depot: int, at: int) -> Row:
        """The arrivals of what lies sorted at a depot at an instant."""
        rows = self.after.get(depot)
        return rows[self.departure(depot, at)] if rows else self._nowhere()

    def aboard(self, run: int, position: int, *, sorted_already: bool) -> Row:
        """The arrivals of what is aboard a run when it leaves a halt.

        `sorted_already`: loaded at a depot for its destination; else taken on at a library.
        """
        tour, sorting_s = self.timetable.runs[run], self.timetable.sorting_s
        row = self._nowhere()
        for drop in self.drops_after(run, position, sorted_already=sorted_already):
            np.minimum(row, self.sorted_at(drop.depot, drop.at + sorting_s) + 1, out=row)
            row[drop.depot] = min(row[drop.depot], key(drop.at))
        if sorted_already or self.timetable.sorts_on_road:
            for call in tour.calls[position + 1 :]:
                if call.off:
                    continue
                row[call.site] = min(row[call.site], key(call.end_at))
            row[tour.end] = min(row[tour.end], key(tour.end_at))
        return np.minimum(row, NEVER)

    def drops_after(self, run: int, position: int, *, sorted_already: bool) -> Sequence[Drop]:
        """Where it may be handed over: what is unsorted, at the next depot and nowhere else."""
        later = [drop for drop in self.drops[run] if drop.position > position]
        return later if sorted_already else later[:1]

    def _nowhere(self) -> Row:
        return np.full(self.size, NEVER, dtype=np.int64)

    def _drops(self, run: Run) -> list[Drop]:
        depots = self.timetable.places
        found = [
            Drop(call.end_at, k, call.site)
            for k, call in enumerate(run.calls)
            if depots[call.site].depot and not call.off
        ]
        return [*found, Drop(run.end_at, len(run.calls), run.end)]

    def _loads(self) -> dict[int, list[Load]]:
        found: dict[int, list[Load]] = {}
        for k, run in enumerate(self.timetable.runs):
            if run.room:
                found.setdefault(run.start, []).append(Load(run.start_at, k, START))
            for position, call in enumerate(run.calls):
                if call.room and not call.off and self.timetable.places[call.site].depot:
                    found.setdefault(call.site, []).append(Load(call.begin_at, k, position))
        return {depot: sorted(loads) for depot, loads in found.items()}

    def _sweep(self, before: "Reach | None") -> None:
        """Fill `via` and `after` from the last departure back: each looks only at later ones."""
        for depot, loads in self.loads.items():
            self.after[depot] = [self._nowhere() for _ in range(len(loads) + 1)]
            self.via[depot] = [self._nowhere() for _ in loads]
            later = sum(not self.is_new(load.at) for load in loads)
            if before and later:
                self.after[depot][-later - 1 :] = before.after[depot][-later - 1 :]
                self.via[depot][-later:] = before.via[depot][-later:]
        for load, depot, k in self.backwards():
            self.via[depot][k] = self.aboard(load.run, load.position, sorted_already=True)
            np.minimum(self.via[depot][k], self.after[depot][k + 1], out=self.after[depot][k])

    def backwards(self) -> list[tuple[Load, int, int]]:
        """The departures that are to be computed, with their depot and index, the last first."""
        every = [
            (load, depot, k)
            for depot, loads in self.loads.items()
            for k, load in enumerate(loads)
            if self.is_new(load.at)
        ]
        return sorted(every, reverse=True)

    def is_new(self, at: int) -> bool:
        """Whether what departs at an instant is computed here, not before."""
        return at <= self.until_at

    def _pickups(self) -> list[list[Pickup]]:
        found: list[list[Pickup]] = [[] for _ in self.timetable.places]
        for k, run in enumerate(self.timetable.runs):
            for position, call in enumerate(run.calls):
                if call.room and not call.off and not self.timetable.places[call.site].depot:
                    found[call.site].append(Pickup(k, position, self._deadline(call), call.begin_at))
        return [sorted(some, key=lambda one: (one.begin_at, one.run, one.position)) for some in found]

    def _deadline(self, call: Call) -> int:
        return call.live.by_at if call.live else call.early_at - self.timetable.cut_off_s


def _first_of(pickups: Sequence[Pickup]) -> tuple[list[int], list[int]]:
    """Sorted deadlines, and for each the index of the first pickup whose deadline is not before it.

    Windows may be announced in another order than vans come.
    """
    by_deadline = sorted((one.by_at, k) for k, one in enumerate(pickups))
    firsts: list[int] = []
    for _, k in reversed(by_deadline):
        firsts.append(min(k, firsts[-1]) if firsts else k)
    return [by_at for by_at, _ in by_deadline], firsts[::-1]
