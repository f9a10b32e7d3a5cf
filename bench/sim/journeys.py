"""A document on its way through the true year: when it is really there.

Taken along at a call where it is ready before the cut-off, if the crate it lies in is; sorted at the depot
in its own time; loaded on the next round to its destination, if its crate is; left there, if somebody opens.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bench.sim.chance import factor, happens, stream
from bench.sim.drive import Call, Driven, Went
from bench.sim.year import Year

_TOWED_S = 20 * 3600  # what is aboard a van that broke down is back at the depot so much later


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trip:
    """A driven round on the clock of the whole year; instants in seconds since the Unix epoch."""

    driven: Driven
    zero_at: int
    depart_at: int
    home_at: int

    def calls_at(self, site: str) -> Iterator[Call]:
        return (call for call in self.driven.calls if call.visit.site == site)


class Journeys:
    """The true year, ready to be asked where documents get to."""

    def __init__(self, year: Year) -> None:
        self._year = year
        self._trips = sorted(_trips(year), key=lambda trip: trip.depart_at)
        self._departs = [trip.depart_at for trip in self._trips]
        self._at: dict[str, list[_Trip]] = defaultdict(list)
        for trip in self._trips:
            for site in {call.visit.site for call in trip.driven.calls}:
                self._at[site].append(trip)

    def arrives_at(self, origin: str, destination: str, ready_at: int, name: object) -> int | None:
        """When a document that is ready at an instant is at its destination; None: not within this year.

        `name` tells documents apart that ask the same: each has its own luck.
        """
        chance = stream(self._year.settings.seed, "document", origin, destination, ready_at, name)
        home_at = self._taken(origin, ready_at, chance)
        while home_at is not None:
            sorted_at = home_at + self._sorting_s(chance)
            mislaid = happens(chance, self._year.settings.crates.missorted)
            arrived_at, home_at = self._onward(destination, sorted_at, chance, skip=int(mislaid))
            if arrived_at is not None:
                return arrived_at
        return None

    def _taken(self, origin: str, ready_at: int, chance: Random) -> int | None:
        """When the van that took it along is home."""
        cut_off_s = self._year.world.network.rules.cut_off_s
        for trip in self._at[origin]:
            for call in trip.calls_at(origin):
                due_at = trip.zero_at + call.visit.announced.early - cut_off_s
                stays = happens(chance, _share(call.left_behind, call.ready))
                if ready_at <= due_at and call.went is Went.SERVED and not stays:
                    return trip.home_at
        return None

    def _onward(
        self, destination: str, sorted_at: int, chance: Random, *, skip: int
    ) -> tuple[int | None, int | None]:
        """(arrived, None), or (None, back at the depot) for what comes home; (None, None) at the end."""
        for trip in self._trips[bisect_left(self._departs, sorted_at) :]:
            calls = list(trip.calls_at(destination))
            if not calls:
                continue
            if skip:
                skip -= 1
                continue
            if happens(chance, _share(calls[0].left_at_depot, calls[0].brought)):
                continue
            for call in calls:
                if call.went is Went.SERVED and call.leave_s is not None:
                    return trip.zero_at + call.leave_s, None
            return None, trip.home_at
        return None, None

    def _sorting_s(self, chance: Random) -> int:
        crates, rules = self._year.settings.crates, self._year.world.network.rules
        return round(rules.sorting_s * crates.sorting_share * factor(chance, crates.sorting_sd))


def _trips(year: Year) -> Iterator[_Trip]:
    for run in year.runs:
        driven, zero_at = run.driven, int(run.tour.day.zero.timestamp())
        if driven.depart_s is None:
            continue
        last_s = max((call.leave_s or 0 for call in driven.calls), default=driven.depart_s)
        home_s = driven.home_s if driven.home_s is not None else max(last_s, driven.depart_s) + _TOWED_S
        yield _Trip(
            driven=driven, zero_at=zero_at, depart_at=zero_at + driven.depart_s, home_at=zero_at + home_s
        )


def _share(some: int, of: int) -> float:
    """How likely a crate is among those that stay; no crate at all was there for it: it comes by itself."""
    return some / of if of else 0.0
