"""The way that a document takes, before it is put into words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from api.services.promises.index import Index, Known
from api.wire.promises import PromiseState
from routing.promise.earliest import Pickup
from routing.promise.journey import Leg, earliest
from routing.promise.quantiles import LIKELY, WORST, Arrival, arrival, promised
from routing.promise.timetable import NEVER, Call, Run


@dataclass(frozen=True, kw_only=True)
class Way:
    """From `origin` to `destination` as asked at `asked_at` (seconds since the epoch) and told at `now`.

    `shares` are those of the calls at the destination (`Odds.stops`); `legs` the way if all goes as planned,
    empty where none is known. `pickup` is None for what has left already. `begun` replaces the beginning of
    the sentence, and what it rests on first, where it is about a document on its way.
    """

    index: Index
    origin: Known
    destination: Known
    asked_at: int
    now: datetime
    ready_at: int = NEVER
    pickup: Pickup | None = None
    legs: tuple[Leg, ...] = ()
    arrival_at: int = NEVER
    shares: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    item: str = ""
    state: PromiseState = PromiseState.PLANNED
    begun: str = ""
    basis: str = ""
    basis_at: datetime | None = None

    @property
    def likely(self) -> Arrival | None:
        return self._by(LIKELY)

    @property
    def due(self) -> Arrival | None:
        return promised(self.index.odds, self.destination.index, self.shares) if self.legs else None

    @property
    def worst(self) -> Arrival | None:
        return promised(self.index.odds, self.destination.index, self.shares, WORST) if self.legs else None

    def _by(self, wanted: int) -> Arrival | None:
        return arrival(self.index.odds, self.destination.index, self.shares, wanted) if self.legs else None

    def run(self, number: int) -> Run:
        return self.index.odds.timetable.runs[number]

    def call(self, run: int, position: int) -> Call:
        return self.run(run).calls[position]

    def call_of(self, found: Arrival) -> tuple[Run, Call]:
        """Where something has arrived."""
        stop = self.index.odds.stops[self.destination.index][found.stop]
        return self.run(stop.run), self.call(stop.run, stop.position)


def way(index: Index, origin: Known, destination: Known, asked_at: datetime, now: datetime) -> Way:
    """Of what is asked for at a site, and stands there until it is taken along."""
    odds, at = index.odds, int(asked_at.timestamp())
    found = earliest(odds.reach, origin.index, destination.index, at)
    if found.pickup is None:
        return Way(index=index, origin=origin, destination=destination, asked_at=at, now=now)
    return Way(
        index=index,
        origin=origin,
        destination=destination,
        asked_at=at,
        now=now,
        ready_at=found.ready_at,
        pickup=odds.reach.pickups[origin.index][found.pickup],
        legs=found.legs if found.arrival_at < NEVER else (),
        arrival_at=found.arrival_at,
        shares=odds.waiting[origin.index][found.pickup, destination.index].astype(np.int64),
    )


def instant(at: int) -> datetime:
    """Seconds since the epoch → an aware datetime."""
    return datetime.fromtimestamp(at, UTC)
