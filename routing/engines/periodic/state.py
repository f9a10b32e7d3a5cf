"""A week under search, as arrays that the compiled kernel writes.

A round lives in a slot. A turn never writes into the slots it found: it takes spare ones, and a turn that is
not kept gives them back, so that nothing needs to be computed again, and what was remembered of the old
rounds still holds.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.engines.periodic.layout import Floats, Ints, Layout

OPTIONS = 3  # cheapest places remembered for a stop in a round: overlooking two in a row is rare
# Of a stop in a slot: the stamp for which the rest holds; the price below which every place is listed, or is
# dearer than all that are; prices, cheapest first, then DEAR; positions. Together, they fill one line of the
# processor's cache.
KNOWN, LISTED, PRICE = range(3)
AT = PRICE + OPTIONS


class Week(NamedTuple):
    """Q = 2 S slots for S shifts; M halts at most. Figures of a slot are those of the round in it."""

    slot: Ints  # [S]: where the round of a shift is
    spare: Ints  # [S]: free slots
    choice: Ints  # [n]: pattern
    where: Ints  # [n, T]: shift, -1 for none
    order: Ints  # [Q, M]: stops
    halts: Ints  # [Q]: how many
    price: Floats  # [Q]
    duty: Ints  # [Q]: shortest
    work: Ints  # [Q]: driving and serving, the least that a duty can be
    habit: Floats  # [Q]: the part of the price for announced times not kept
    stand: npt.NDArray[np.uint32]  # [Q, M]: places from the first depot to the last; leg k begins at stand k
    leg: Ints  # [Q, M]: seconds to stop k, to the depot for k = halts; 0 without stops
    leg_m: Ints  # [Q, M]: the same in metres
    ready: Ints  # [Q, M]: earliest second at which the first k stops are done
    reach: Ints  # [Q, M]: latest arrival at stop k (at the depot for k = halts) that keeps the rest
    before: Ints  # [Q, M, 3]: duration, earliest, latest start of the first k stops; of timed shifts only
    after: Ints  # [Q, M, 3]: the same from stop k home
    highest: Ints  # [Q, M, 2]: most aboard up to the k-th departure, and from it on
    stamp: Floats  # [Q]: a whole number that changes whenever the round in a slot does
    last_stamp: Floats  # [1]
    options: Floats  # [n, Q, 8]: cheapest places of a stop in a slot, see `KNOWN` and the others


class Incumbent(NamedTuple):
    """The cheapest week met."""

    order: Ints  # [S, M]
    halts: Ints  # [S]
    choice: Ints  # [n]


class Scratch(NamedTuple):
    """Room for one turn, so that nothing is allocated in compiled code."""

    removed: Ints  # [n]
    marked: npt.NDArray[np.bool_]  # [n]
    key: Floats  # [n]
    was: Ints  # [n]: pattern before the turn, of those removed
    was_where: Ints  # [n, T]: shift before the turn, on the days of that pattern
    cut: npt.NDArray[np.bool_]  # [S]
    changed: npt.NDArray[np.bool_]  # [S]
    touched: Ints  # [S]: shifts
    left: Ints  # [S]: the slots they leave
    day_price: Floats  # [T]
    day_place: Ints  # [T, 2]: shift, position
    unsure: Ints  # [S]: shifts to look at once more
    line: Ints  # [M]: an order that is tried
    begins: Ints  # [M]
    openings: Ints  # [M]
    legs: Ints  # [M]
    blink: Ints  # [1]: how many looks until the next is averted
    taste: Floats  # [T]: how many times dearer than it is a visit on each day is taken for


def empty_week(layout: Layout) -> Week:
    """A week without rounds, every stop at its first pattern, the one without more visits than pinned."""
    (n, days), shifts = layout.windows.shape, len(layout.day)
    slots, most = 2 * shifts, n + 3
    return Week(
        slot=np.arange(shifts, dtype=np.int64),
        spare=np.arange(shifts, slots, dtype=np.int64),
        choice=np.zeros(n, np.int64),
        where=np.full((n, days), -1, np.int64),
        order=np.zeros((slots, most), np.int64),
        halts=np.zeros(slots, np.int64),
        price=np.zeros(slots, np.float64),
        duty=np.zeros(slots, np.int64),
        work=np.zeros(slots, np.int64),
        habit=np.zeros(slots, np.float64),
        stand=np.zeros((slots, most), np.uint32),
        leg=np.zeros((slots, most), np.int64),
        leg_m=np.zeros((slots, most), np.int64),
        ready=np.zeros((slots, most), np.int64),
        reach=np.zeros((slots, most), np.int64),
        before=np.zeros((slots, most, 3), np.int64),
        after=np.zeros((slots, most, 3), np.int64),
        highest=np.zeros((slots, most, 2), np.int64),
        stamp=np.zeros(slots, np.float64),
        last_stamp=np.zeros(1, np.float64),
        options=np.full((n, slots, 2 + 2 * OPTIONS), -1.0, np.float64),
    )


def empty_incumbent(layout: Layout) -> Incumbent:
    n, shifts = len(layout.place), len(layout.day)
    return Incumbent(
        order=np.zeros((shifts, n), np.int64),
        halts=np.zeros(shifts, np.int64),
        choice=np.zeros(n, np.int64),
    )


def scratch_for(layout: Layout) -> Scratch:
    (n, days), shifts = layout.windows.shape, len(layout.day)
    most = n + 3
    return Scratch(
        removed=np.zeros(n, np.int64),
        marked=np.zeros(n, np.bool_),
        key=np.zeros(n, np.float64),
        was=np.zeros(n, np.int64),
        was_where=np.zeros((n, days), np.int64),
        cut=np.zeros(shifts, np.bool_),
        changed=np.zeros(shifts, np.bool_),
        touched=np.zeros(shifts, np.int64),
        left=np.zeros(shifts, np.int64),
        day_price=np.zeros(days, np.float64),
        day_place=np.zeros((days, 2), np.int64),
        unsure=np.zeros(shifts, np.int64),
        line=np.zeros(most, np.int64),
        begins=np.zeros(most, np.int64),
        openings=np.zeros(most, np.int64),
        legs=np.zeros(most, np.int64),
        blink=np.zeros(1, np.int64),
        taste=np.ones(days, np.float64),
    )
