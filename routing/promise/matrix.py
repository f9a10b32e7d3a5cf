"""Delays between all pairs of sites, asked at every hour of a week."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.promise.chances import Odds
from routing.promise.earliest import Reach, Row, arrivals_of
from routing.promise.quantiles import DUE, LIKELY, arrivals
from routing.promise.timetable import NEVER

Instants = NDArray[np.int64]
HOUR_S = 3600
WEEK_HOURS = 168


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Instants by [hour, origin, destination], NEVER where it does not come within the timetable.

    `asked_at` are the hours, `sites` the codes behind both other axes. `earliest_at` is when it arrives if
    all goes as planned; `likely_at` by when it has arrived with at least even chances, `due_at` with at least
    nine in ten. The diagonal is NEVER.
    """

    sites: tuple[str, ...]
    asked_at: tuple[int, ...]
    earliest_at: Instants
    likely_at: Instants
    due_at: Instants

    @property
    def median_s(self) -> Instants:
        """[origin, destination]: seconds until it is there with even chances, asked at an ordinary hour (the
        median of all hours); NEVER where half of the hours have no answer."""
        return _typical(self.likely_at, self.asked_at)

    @property
    def ninety_s(self) -> Instants:
        """The same with nine chances in ten."""
        return _typical(self.due_at, self.asked_at)


def matrix(odds: Odds, hours_at: Sequence[int]) -> Matrix:
    """Everything asked at each of some instants, from each site that is no depot to each other."""
    reach = odds.reach
    served = [k for k, place in enumerate(odds.timetable.places) if not place.depot]
    shape = (len(hours_at), len(served), len(served))
    found = [np.full(shape, NEVER, dtype=np.int64) for _ in range(3)]
    for a, origin in enumerate(served):
        if not reach.pickups[origin]:
            continue
        met, which = np.unique(_pickups(odds, origin, hours_at), return_inverse=True)  # few of all
        shares = odds.waiting[origin][met].astype(np.int64)  # [pickup, destination, call]
        found[0][:, a] = np.stack([_exact(reach, origin, int(k)) for k in met])[which][:, served]
        for b, destination in enumerate(served):
            own = shares[:, destination]
            found[1][:, a, b] = arrivals(odds, destination, own, LIKELY)[which]
            found[2][:, a, b] = arrivals(odds, destination, own, DUE, told=True)[which]
    for part in found:
        part[:, range(len(served)), range(len(served))] = NEVER
    return Matrix(
        sites=tuple(odds.timetable.places[k].code for k in served),
        asked_at=tuple(hours_at),
        earliest_at=found[0],
        likely_at=found[1],
        due_at=found[2],
    )


def hours_of_week(monday_at: int) -> tuple[int, ...]:
    """The 168 hours from an instant on."""
    return tuple(monday_at + HOUR_S * k for k in range(WEEK_HOURS))


def _exact(reach: Reach, origin: int, pickup: int) -> Row:
    """The arrivals of what a pickup takes along; past the last one there are none."""
    if pickup == len(reach.pickups[origin]):
        return np.full(reach.size, NEVER, dtype=np.int64)
    one = reach.pickups[origin][pickup]
    return arrivals_of(reach.taken[one.run, one.position])


def _pickups(odds: Odds, origin: int, hours_at: Sequence[int]) -> list[int]:
    """The index of the pickup that serves each hour; one past the last where none does."""
    reach = odds.reach
    found = [reach.pickup(origin, reach.ready_at(origin, at)) for at in hours_at]
    return [len(reach.pickups[origin]) if one is None else one for one in found]


def _typical(at: Instants, asked_at: Sequence[int]) -> Instants:
    waits = at - np.array(asked_at, dtype=np.int64)[:, None, None]
    waits[at >= NEVER] = NEVER
    middle: Instants = np.sort(waits, axis=0)[len(asked_at) // 2]
    return middle
