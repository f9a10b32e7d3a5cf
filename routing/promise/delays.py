"""How long documents take between all pairs of sites, whenever readers ask: medians and nine in ten."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.promise.chances import Odds
from routing.promise.timetable import NEVER, Place

HOUR_S = 3600
HALF, NINE_TENTHS = 0.5, 0.9
Seconds = NDArray[np.int64]
Weights = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Delays:
    """By [origin, destination], both in the order of `sites`: seconds after which one in two documents, nine
    in ten, have arrived. NEVER where so many do not come within the timetable; the diagonal is NEVER too."""

    sites: tuple[str, ...]
    median_s: Seconds
    ninety_s: Seconds


def delays(odds: Odds, hours_at: Sequence[int], sites: Sequence[str]) -> Delays:
    """A document is asked for at an hour when its reader's library, the destination, is open: each such hour
    of `hours_at` counts alike. Without known hours, or open at none of them, all count.

    Exact, as far as the chances are: from all hours and all calls at the destination, each with its share,
    the moments of arrival are mixed, and the quantiles read off. A van's own lateness, some minutes, is left
    out. KeyError for a site that the timetable does not have.
    """
    index = {place.code: k for k, place in enumerate(odds.timetable.places)}
    rows = [index[site] for site in sites]
    found = np.full((2, len(rows), len(rows)), NEVER, dtype=np.int64)
    asked_at = np.array(hours_at, dtype=np.int64)
    weights = [_weights(odds.timetable.places[row], hours_at) for row in rows]
    for a, origin in enumerate(rows):
        if odds.reach.pickups[origin]:
            which = _pickups(odds, origin, hours_at)
            shares = odds.waiting[origin]  # [pickup, destination, call]; after the last: nothing
            for b, destination in enumerate(rows):
                if a != b and odds.stops[destination]:
                    found[:, a, b] = _pair(odds, destination, shares, (which, asked_at, weights[b]))
    return Delays(sites=tuple(sites), median_s=found[0], ninety_s=found[1])


def _pair(
    odds: Odds, destination: int, shares: NDArray[np.int32], asked: tuple[NDArray[np.intp], Seconds, Weights]
) -> tuple[int, int]:
    which, asked_at, weights = asked
    counted = weights > 0
    ends = np.array([stop.end_at for stop in odds.stops[destination]], dtype=np.int64)
    arrived = shares[which[counted], destination, : len(ends)] * weights[counted, None]
    waits = ends[None, :] - asked_at[counted, None]
    some = arrived > 0
    mass, seconds = arrived[some], waits[some]
    order = np.argsort(seconds, kind="stable")
    summed = np.cumsum(mass[order]) / 1_000_000
    return _at(summed, seconds[order], HALF), _at(summed, seconds[order], NINE_TENTHS)


def _at(summed: Weights, seconds: Seconds, wanted: float) -> int:
    place = int(np.searchsorted(summed, wanted - 1e-9))
    return int(seconds[place]) if place < len(seconds) else NEVER


def _weights(place: Place, hours_at: Sequence[int]) -> Weights:
    """What each hour counts at a library: as long as it is open within it."""
    open_s = np.zeros(len(hours_at))
    for span in place.opens or ():
        for k, at in enumerate(hours_at):
            open_s[k] += max(0, min(span.late_at, at + HOUR_S) - max(span.early_at, at))
    total = open_s.sum()
    return open_s / total if total else np.full(len(hours_at), 1 / len(hours_at))


def _pickups(odds: Odds, origin: int, hours_at: Sequence[int]) -> NDArray[np.intp]:
    """The index of the pickup that serves each hour; one past the last where none does."""
    reach = odds.reach
    found = [reach.pickup(origin, reach.ready_at(origin, at)) for at in hours_at]
    return np.array([len(reach.pickups[origin]) if one is None else one for one in found], dtype=np.intp)
