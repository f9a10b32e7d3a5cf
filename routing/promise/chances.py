"""How likely something is delivered by each call at its destination.

The way is that of the timetable: taken along at the first call that takes it, loaded at depots on the run
that has it there first. At each event it may fail: the round is not driven, the call takes nothing along, the
van comes home too late for what leaves next, it is not loaded, the door is closed at the other end. What
failed waits for the next chance, a driven van brings undelivered crates to its next depot. Failures are
independent of one another.

As a Markov chain over the departures of the timetable this is solved from the last one back: each keeps, for
each destination, the share delivered by each of its later calls. Shares are whole parts per million, rounded
down wherever two are multiplied: rounding promises less, never more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routing.promise.earliest import Drop, Load, Reach, Row, key
from routing.promise.lateness import punctual
from routing.promise.timetable import NEVER, Call, Delays, Timetable

ONE = 1_000_000  # certainty
Shares = NDArray[np.int64]  # [destination, call at it]: ppm


@dataclass(frozen=True, kw_only=True, slots=True)
class Chances:
    """Shares in ppm. `run`: a round of the plan is driven at all. `take`: a call of a driven round takes
    along what is ready there; `deliver`: it leaves what it brings (door open, nothing forgotten); by code of
    the site, others as `take_any`, `deliver_any`. `load`: what lies sorted at a depot is loaded on the next
    round that should take it (nothing mislaid, room aboard).

    `late`: (seconds, ppm), rising to (…, ONE): how often a van is behind the plan by at most so much;
    straight lines in between, nothing before the first.
    `seen` counts the visits that this was learnt from, 0: nothing was, all of it is assumed.
    """

    run: int = 990_000
    take_any: int = 970_000
    deliver_any: int = 975_000
    load: int = 970_000
    take: dict[str, int] = field(default_factory=dict)
    deliver: dict[str, int] = field(default_factory=dict)
    late: Delays = (
        (0, 500_000),
        (300, 660_000),
        (600, 780_000),
        (900, 850_000),
        (1200, 900_000),
        (1800, 950_000),
        (2700, 975_000),
        (3600, 988_000),
        (7200, 998_000),
        (10800, ONE),
    )
    seen: int = 0

    def __post_init__(self) -> None:
        shares = [self.run, self.take_any, self.deliver_any, self.load, *self.take.values()]
        shares += [*self.deliver.values(), *(share for _, share in self.late)]
        if not all(0 <= share <= ONE for share in shares):
            raise ValueError("a share is not between 0 and one million ppm")
        if not self.late or list(self.late) != sorted(set(self.late)) or self.late[-1][1] != ONE:
            raise ValueError("delays must rise to certainty")
        if [share for _, share in self.late] != sorted(share for _, share in self.late):
            raise ValueError("delays must rise to certainty")


@dataclass(frozen=True, slots=True)
class Stop:
    """A call at a destination, where something may arrive."""

    end_at: int
    run: int
    position: int


class Odds:
    """A timetable made ready for questions: made once, then only read, by any number of threads.

    `stops[site]` are its calls in time order, the last axis of all shares. `waiting[site][k]` are the shares
    of what stands ready at a site before its k-th pickup, none past the last one.

    `before`: as that of `Reach`, with the same chances; each site is called at as often as there.
    """

    def __init__(
        self, timetable: Timetable, chances: Chances, before: "Odds | None" = None, until_at: int = NEVER
    ) -> None:
        self.timetable = timetable
        self.chances = chances
        self.reach: Reach = Reach(timetable, before.reach if before else None, until_at)
        self.stops = self._stops()
        self._most = max((len(some) for some in self.stops), default=0)
        self._slots = {(stop.run, stop.position): k for some in self.stops for k, stop in enumerate(some)}
        self._after: dict[int, list[Shares]] = {}
        self._handed: dict[tuple[int, int], Shares] = {}
        self._sweep(before)
        self.waiting = [self._waiting(site, before) for site in range(self.reach.size)]

    def aboard(self, run: int, position: int, *, sorted_already: bool) -> Shares:
        """Of what is aboard a driven run when it leaves a halt."""
        row = self.reach.aboard(run, position, sorted_already=sorted_already)
        return self._onward(run, position, row, sorted_already=sorted_already)

    def lying(self, depot: int, sorted_at: int) -> Shares:
        """Of what lies sorted at a depot at an instant."""
        rows = self._after.get(depot)
        return rows[self.reach.departure(depot, sorted_at)] if rows else self._nothing()

    def late(self, run: int, position: int) -> Delays:
        """How far behind its times a van may be at a halt."""
        tour = self.timetable.runs[run]
        if position == len(tour.calls):
            return tour.late or self.chances.late
        live = tour.calls[position].live
        return (live.late if live else None) or self.chances.late

    def _nothing(self) -> Shares:
        return np.zeros((self.reach.size, self._most), dtype=np.int64)

    def _stops(self) -> list[list[Stop]]:
        found: list[list[Stop]] = [[] for _ in self.timetable.places]
        for k, run in enumerate(self.timetable.runs):
            for position, call in enumerate(run.calls):
                if not self.timetable.places[call.site].depot:
                    found[call.site].append(Stop(call.end_at, k, position))
        return [sorted(some, key=lambda stop: (stop.end_at, stop.run, stop.position)) for some in found]

    def _sweep(self, before: "Odds | None") -> None:
        for depot, loads in self.reach.loads.items():
            self._after[depot] = [self._nothing() for _ in range(len(loads) + 1)]
            later = sum(not self.reach.is_new(load.at) for load in loads)
            if before and later:
                self._after[depot][-later - 1 :] = before._after[depot][-later - 1 :]
        loaded = self.chances.load * self.chances.run // ONE
        for load, depot, k in self.reach.backwards():
            self._after[depot][k] = self._departing(load, depot, k, loaded)

    def _departing(self, load: Load, depot: int, k: int, loaded: int) -> Shares:
        """What lies there before a departure: with it, where it is the best one; else later."""
        later = self._after[depot][k + 1]
        row = self.reach.via[depot][k]
        mine = (row <= self.reach.after[depot][k + 1]) & (row < NEVER)
        if not mine.any():
            return later
        onward = self._onward(load.run, load.position, row, sorted_already=True)
        mixed: Shares = np.where(mine[:, None], _mix(onward, later, loaded), later)
        return mixed

    def _onward(self, run: int, position: int, row: Row, *, sorted_already: bool) -> Shares:
        """Of what is aboard, going the way that has the keys `row`: straight, else by a depot."""
        drops = self.reach.drops_after(run, position, sorted_already=sorted_already)
        found = self._handed_over(run, drops[0]).copy()
        for drop in drops[1:]:
            rest = self.reach.sorted_at(drop.depot, drop.at + self.timetable.sorting_s)
            better = rest < self._first_rest(drops, drop)
            found[better] = self._handed_over(run, drop)[better]
        if sorted_already or self.timetable.sorts_on_road:
            self._straight(found, run, position, row)
        return found

    def _first_rest(self, drops: Sequence[Drop], until: Drop) -> Row:
        """The best keys by way of the depots before one."""
        sorting_s = self.timetable.sorting_s
        rows = [
            self.reach.sorted_at(one.depot, one.at + sorting_s)
            for one in drops
            if one.position < until.position
        ]
        earliest: Row = np.minimum.reduce(rows)
        return earliest

    def _straight(self, found: Shares, run: int, position: int, row: Row) -> None:
        """Shares of those destinations that the run itself has first; what it cannot leave there goes on to
        the next depot."""
        calls = self.timetable.runs[run].calls
        left: dict[int, int] = {}
        last: dict[int, int] = {}
        for k in range(position + 1, len(calls)):
            site, off = calls[k].site, calls[k].off
            if off or self.timetable.places[site].depot:
                continue
            if site not in left and key(calls[k].end_at) != row[site]:
                continue
            if site not in left:
                left[site] = ONE
                found[site] = 0
            given = left[site] * self._deliver(calls[k]) // ONE
            found[site, self._slots[run, k]] += given
            left[site], last[site] = left[site] - given, k
        for site, share in left.items():
            drop = self.reach.drops_after(run, last[site], sorted_already=False)[0]
            found[site] += self._handed_over(run, drop)[site] * share // ONE

    def _handed_over(self, run: int, drop: Drop) -> Shares:
        """Of what a run hands over at a depot: sorted in time for what leaves next, or too late for it."""
        which = (run, drop.position)
        if which not in self._handed:
            found, before = self._nothing(), 0
            for at, share in self._in_time(run, drop):
                found += self.lying(drop.depot, at) * (share - before) // ONE
                before = share
            self._handed[which] = found
        return self._handed[which]

    def _in_time(self, run: int, drop: Drop) -> Iterator[tuple[int, int]]:
        """Instants at which what a run hands over lies sorted: those of the departures that it may still
        reach, each with the share that is there by then, and the last one with all."""
        late, sorted_at = self.late(run, drop.position), drop.at + self.timetable.sorting_s
        loads = self.reach.loads.get(drop.depot, [])
        last_at = sorted_at + late[-1][0]
        for load in loads[self.reach.departure(drop.depot, sorted_at + late[0][0]) :]:
            if load.at >= last_at:
                break
            yield load.at, punctual(late, load.at - sorted_at)
        yield last_at, ONE

    def _waiting(self, site: int, before: "Odds | None") -> NDArray[np.int32]:
        pickups = self.reach.pickups[site]
        later = sum(not self.reach.is_new(one.begin_at) for one in pickups) if before else 0
        known = before.waiting[site][-later - 1 :] if before else None
        found = [self._nothing() if known is None else known[0].astype(np.int64)]
        for one in reversed(pickups[: len(pickups) - later]):
            taken = self.aboard(one.run, one.position, sorted_already=False)
            take = self._take(self.timetable.runs[one.run].calls[one.position]) * self.chances.run // ONE
            found.append(_mix(taken, found[-1], take))
        new = np.stack(found[::-1]).astype(np.int32)  # kept for every pickup of weeks: half the room
        return new if known is None else np.concatenate([new, known[1:]])

    def _take(self, call: Call) -> int:
        share = self.chances.take.get(self.timetable.places[call.site].code, self.chances.take_any)
        return min(share, _likely(call))

    def _deliver(self, call: Call) -> int:
        share = self.chances.deliver.get(self.timetable.places[call.site].code, self.chances.deliver_any)
        return min(share, _likely(call))


def _likely(call: Call) -> int:
    """That it takes place at all, as the road says."""
    return ONE - call.live.missed if call.live else ONE


def _mix(one: Shares, other: Shares, share: int) -> Shares:
    mixed: Shares = (one * share + other * (ONE - share)) // ONE
    return mixed
