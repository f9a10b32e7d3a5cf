"""Shares by call → by when something has arrived, with what certainty."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.promise.chances import ONE, Odds
from routing.promise.lateness import delay_s, delays_s, punctual
from routing.promise.timetable import NEVER

LIKELY, DUE, WORST = 500_000, 900_000, 990_000
ROUND_S = 300  # what is promised is rounded up to five minutes
Row = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """By `at` it has arrived with at least the share (ppm) that was asked for, and in fact with `share`: at
    the call `stop` (an index in `Odds.stops` of the destination) or an earlier one."""

    stop: int
    at: int
    share: int


def arrival(odds: Odds, site: int, shares: Row, wanted: int) -> Arrival | None:
    """The first instant by which it has arrived with a share; None within this timetable.

    `shares` are those of the site's calls. A van that is behind the plan arrives later at a call, by what
    `Odds.late` says; before its planned end nothing counts as arrived.
    """
    before = 0
    for k, stop in enumerate(odds.stops[site]):
        here = int(shares[k])
        if before + here >= wanted:
            late = odds.late(stop.run, stop.position)
            late_s = delay_s(late, -(-(wanted - before) * ONE // here))
            share = before + here * punctual(late, late_s) // ONE
            return Arrival(stop=k, at=stop.end_at + late_s, share=share)
        before += here
    return None


def promised(odds: Odds, site: int, shares: Row, wanted: int = DUE) -> Arrival | None:
    """The same as people are told it: not before the announced window ends, rounded up to five minutes."""
    found = arrival(odds, site, shares, wanted)
    if found is None:
        return None
    stop = odds.stops[site][found.stop]
    late_at = odds.timetable.runs[stop.run].calls[stop.position].late_at
    at = max(late_at, -(-found.at // ROUND_S) * ROUND_S)
    before, here = int(shares[: found.stop].sum()), int(shares[found.stop])
    in_time = punctual(odds.late(stop.run, stop.position), at - stop.end_at)
    return Arrival(stop=found.stop, at=at, share=before + here * in_time // ONE)


def arrivals(odds: Odds, site: int, shares: Row, wanted: int, *, told: bool = False) -> Row:
    """The instants of `arrival` (`told`: of `promised`) for many rows of shares at once, NEVER where it does
    not come. `shares` is [case, call at the site]. On an ordinary day: what the road says of calls of today
    is left out."""
    stops = odds.stops[site]
    if not stops:
        return np.full(len(shares), NEVER, dtype=np.int64)
    summed = shares[:, : len(stops)].cumsum(axis=1)
    stop = (summed >= wanted).argmax(axis=1)
    cases = np.arange(len(shares))
    here = shares[cases, stop]
    before = summed[cases, stop] - here
    ends = np.array([one.end_at for one in stops], dtype=np.int64)[stop]
    at: Row = ends + delays_s(odds.chances.late, -(-(wanted - before) * ONE // np.maximum(here, 1)))
    if told:
        calls = [odds.timetable.runs[one.run].calls[one.position] for one in stops]
        late_at = np.array([call.late_at for call in calls], dtype=np.int64)[stop]
        at = np.maximum(late_at, -(-at // ROUND_S) * ROUND_S)
    at[summed[:, -1] < wanted] = NEVER
    return at
