"""How far behind its times a van may be: straight lines between what is known, nothing before the first."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.promise.timetable import Delays

Row = NDArray[np.int64]


def punctual(late: Delays, late_s: int) -> int:
    """How often it is behind by at most so much, in ppm, rounded down."""
    if late_s < late[0][0]:
        return 0
    for (before_s, before), (after_s, after) in pairwise(late):
        if late_s < after_s:
            return before + (after - before) * (late_s - before_s) // (after_s - before_s)
    return late[-1][1]


def delay_s(late: Delays, share: int) -> int:
    """The least delay that it is within with a share (1 to certainty, ppm)."""
    before_s, before = late[0]
    for after_s, after in late:
        if share <= after:
            rise = max(1, after - before)
            return before_s + max(0, -(-(share - before) * (after_s - before_s) // rise))
        before_s, before = after_s, after
    return late[-1][0]


def delays_s(late: Delays, shares: Row) -> Row:
    """`delay_s` of many shares at once."""
    seconds, known = np.array(late, dtype=np.int64).T
    shares = np.minimum(shares, known[-1])
    after = np.searchsorted(known, shares, side="left")
    before = np.maximum(after - 1, 0)
    rise = np.maximum(known[after] - known[before], 1)
    straight = seconds[before] + -(-(shares - known[before]) * (seconds[after] - seconds[before]) // rise)
    found: Row = np.where(after == 0, seconds[0], straight)
    return found
