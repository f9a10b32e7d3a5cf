"""Delays between all pairs of sites, asked at every hour of a week."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.promise.chances import Odds
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
    raise NotImplementedError


def _typical(at: Instants, asked_at: Sequence[int]) -> Instants:
    waits = at - np.array(asked_at, dtype=np.int64)[:, None, None]
    waits[at >= NEVER] = NEVER
    middle: Instants = np.sort(waits, axis=0)[len(asked_at) // 2]
    return middle
