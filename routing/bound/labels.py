"""Labels of pricing: beginnings of rounds, the room they stand in, and what is looked for.

A label is the beginning of a round, up to the beginning of service at its last stop, in a given window. With
windows chosen, the shortest time since leaving, for service that begins at t ≥ `ready`, is
max(length, t − latest): three figures stand for every departure at once (Vidal et al. 2013). Loads follow two
figures: crates taken so far, and the most ever aboard if nobody else were served (what is left at the next
stop has been aboard since the depot).

All figures are int64, prices in the unit of `routing.bound.units`, paid time not yet counted in PRICE.
"""

from typing import NamedTuple

import numpy as np

from routing.bound.ahead import CELLS
from routing.bound.layout import Ints

BUCKETS = 64  # cells of time, by the hour at which labels are ready
READY, LENGTH, LATEST, TAKEN, PEAK, PRICE, MEMORY, BESIDE, ODD = range(9)
NONE = -1


class Worth(NamedTuple):
    """What a pricing looks for: visits earn prizes, and every second visit to a cut's stops pays a fine."""

    prizes: Ints  # [n]
    cuts: Ints  # [n]: the cuts that a stop is in, one bit each
    fines: Ints  # [cuts]
    cutoff: int  # only rounds that cost less than this, prizes earned and fines paid, are looked for
    loose: bool  # forget what a label remembers: fast, but rounds are missed


class Labels(NamedTuple):
    """Room for labels, and the lists that they stand in. A spot is a stop, twice, plus 1 once rested.

    What two labels are compared by lies together in memory.
    """

    now: Ints  # [labels, 9]: READY to ODD; MEMORY and ODD (cuts visited an odd number of times) are bits
    spot: Ints
    parent: Ints
    alive: Ints
    waiting: Ints  # the next in its bucket's queue
    queue: Ints  # [BUCKETS]: the first that is not driven on yet
    first: Ints  # [spots, BUCKETS]: the one least paid for; BESIDE leads to the next
    most: Ints  # [spots, BUCKETS]: a bound on price and paid time of those in it
    end_price: Ints  # [n]: the cheapest round with this last stop
    end_label: Ints  # [n]
    ahead: Ints  # [n, CELLS + 1, 3]: see `routing.bound.ahead`
    state: Ints  # [4]: labels made, bucket at hand, 1 if there was no more room, seconds a cell of `ahead`


def room_for(labels: int, stops: int) -> Labels:
    """Empty room for so many labels and stops."""
    return Labels(
        now=np.zeros((labels, 9), np.int64),
        spot=np.zeros(labels, np.int64),
        parent=np.zeros(labels, np.int64),
        alive=np.zeros(labels, np.int64),
        waiting=np.zeros(labels, np.int64),
        queue=np.zeros(BUCKETS, np.int64),
        first=np.zeros((2 * stops, BUCKETS), np.int64),
        most=np.zeros((2 * stops, BUCKETS), np.int64),
        end_price=np.zeros(stops, np.int64),
        end_label=np.zeros(stops, np.int64),
        ahead=np.zeros((stops, CELLS + 1, 3), np.int64),
        state=np.zeros(4, np.int64),
    )
