"""Where a mass of documents ends up, followed forward in time in floating point."""

from itertools import pairwise

from routing.promise.chances import ONE, Chances
from routing.promise.lateness import punctual
from routing.promise.timetable import NEVER, Timetable
from tests.promise_networks import Tried

_NOWHERE = (NEVER, 0)  # ways are compared by arrival, then by how often they are handed over


class Flow:
    """`shares` is (run, position) of calls at the destination → the share delivered there."""

    def __init__(self, timetable: Timetable, chances: Chances, destination: int) -> None:
        self.timetable = timetable
        self.chances = chances
        self.destination = destination
        self.shares: dict[tuple[int, int], float] = {}
        self._tried = Tried(timetable)

    def wait(self, origin: int, ready_at: int) -> None:
        """What is ready at a site: each later call takes its share of what is left."""
        calls = sorted(
            (call.begin_at, k, position, self._tried.deadline(call))
            for k, run in enumerate(self.timetable.runs)
            for position, call in enumerate(run.calls)
            if call.site == origin and call.room
        )
        mass, caught = 1.0, False
        for _, run, position, by_at in calls:
            caught = caught or by_at >= ready_at
            if caught:
                take = self._at_most(run, position, self.chances.take_any) * self.chances.run / ONE
                self._ride(run, position, mass * take, in_order=False)
                mass *= 1 - take

    def _ride(self, k: int, position: int, mass: float, *, in_order: bool) -> None:
        """Straight where that is the best way, and then by the next depot for what was not left there."""
        run = self.timetable.runs[k]
        best = self._best_aboard(k, position, in_order=in_order)
        if mass < 1e-7 or best == _NOWHERE:
            return
        direct = [
            n
            for n in range(position + 1, len(run.calls))
            if run.calls[n].site == self.destination and (in_order or self.timetable.sorts_on_road)
        ]
        if direct and (run.calls[direct[0]].end_at, 0) == best:
            for n in direct:
                given = mass * self._at_most(k, n, self.chances.deliver_any)
                self.shares[k, n] = self.shares.get((k, n), 0.0) + given
                mass -= given
            self._give(k, self._depots(k, direct[-1])[0], mass)
            return
        halts = self._depots(k, position)[: None if in_order else 1]
        at, hops = best
        rest = (at, hops - 1)
        self._give(k, next(one for one in halts if self._best_lying(*self._sorted(one)) == rest), mass)

    def _at_most(self, k: int, position: int, share: int) -> float:
        """A chance, or that the call takes place at all where that is less."""
        live = self.timetable.runs[k].calls[position].live
        return min(share, ONE - live.missed if live else ONE) / ONE

    def _give(self, k: int, halt: tuple[int, int], mass: float) -> None:
        depot, sorted_at = self._sorted(halt)
        run = self.timetable.runs[k]
        own = next((call.live for call in run.calls if (call.site, call.end_at) == halt), None)
        late = (run.late if halt == (run.end, run.end_at) else own.late if own else None) or self.chances.late
        seconds = range(late[0][0], late[-1][0] + 1)
        for late_s, (before, share) in zip(
            seconds, pairwise([0, *(punctual(late, one) for one in seconds)]), strict=True
        ):
            self._lie(depot, sorted_at + late_s, mass * (share - before) / ONE)

    def _lie(self, depot: int, at: int, mass: float) -> None:
        """Each departure that is as good as any later one takes its share."""
        departures = sorted(one for one in self._departures(depot) if one[0] >= at)
        load = self.chances.load * self.chances.run / ONE**2
        for n, (_, k, position) in enumerate(departures):
            via = self._best_aboard(k, position, in_order=True)
            rest = [self._best_aboard(run, pos, in_order=True) for _, run, pos in departures[n + 1 :]]
            if via < _NOWHERE and via <= min(rest, default=_NOWHERE):
                self._ride(k, position, mass * load, in_order=True)
                mass *= 1 - load

    def _departures(self, depot: int) -> list[tuple[int, int, int]]:
        runs = list(enumerate(self.timetable.runs))
        starts = [(run.start_at, k, -1) for k, run in runs if run.start == depot and run.room]
        return starts + [
            (call.begin_at, k, n)
            for k, run in runs
            for n, call in enumerate(run.calls)
            if call.site == depot and call.room
        ]

    def _depots(self, k: int, position: int) -> list[tuple[int, int]]:
        """(depot, instant) of the halts at depots after a position."""
        run = self.timetable.runs[k]
        halts = [(call.site, call.end_at) for call in run.calls] + [(run.end, run.end_at)]
        return [halt for halt in halts[position + 1 :] if self.timetable.places[halt[0]].depot]

    def _sorted(self, halt: tuple[int, int]) -> tuple[int, int]:
        return halt[0], halt[1] + self.timetable.sorting_s

    def _best_aboard(self, k: int, position: int, *, in_order: bool) -> tuple[int, int]:
        return min(self._tried.aboard(k, position, self.destination, in_order, set()), default=_NOWHERE)

    def _best_lying(self, depot: int, at: int) -> tuple[int, int]:
        return min(self._tried.lying(depot, at, self.destination, set()), default=_NOWHERE)
