"""What a junction costs, in milliseconds, to a van that arrives at it along each segment.

Slowing from the cruising speed v to a crossing speed u and back up to v, with brakes d and engine a,
loses (v − u)²/2v · (1/a + 1/d) seconds against driving on at v. A wait comes on top. Crossing speeds:

- signals: half the drivers stop. A cycle of 60 s, half of it red: 30²/(2·60) = 7.5 s of mean wait,
  and half the loss of a full stop;
- entering a roundabout: 20 km/h, and 2 s for who is in the ring (France: the ring has priority);
- from a lesser road to a greater one: 8 km/h (a rolling stop) and 3 s for a gap, well inside the 10 s
  of control delay that the Highway Capacity Manual calls level of service A;
- between equals, where three arms or more of the greatest class arrive: priority to the right
  (R415-5), 20 km/h to look, and 1 s;
- staying on the greater road, and merging from a slip road: nothing.

Which way the van leaves is not known to a segment: turns are not told apart.
"""

import numpy as np

from routing.road.classes import RoadClass
from routing.road.streets import Bools, Floats, Ints, Streets

ACCELERATION_MS2 = 1.0  # a loaded van, driven gently: crates are not strapped
BRAKING_MS2 = 1.5
SIGNALS_WAIT_S = 7.5
RING = (20, 2.0)  # crossing speed in km/h, wait in seconds
GIVE_WAY = (8, 3.0)
EQUALS = (20, 1.0)

# Who gives way to whom: a smaller figure is a greater road. Slip roads end at the road they lead to.
_RANK = np.array([0, 1, 2, 3, 4, 5, 5, 5, 5, 5, 6, 6, 6, 7, 8], np.int64)
_LINKS = (RoadClass.MOTORWAY_LINK, RoadClass.TRUNK_LINK)
_FAST_RANK = int(_RANK[RoadClass.TRUNK])


def loss_s(speed_kmh: Ints, crossing_kmh: int) -> Floats:
    """Seconds lost by slowing to `crossing_kmh` and speeding up again; 0 when already slower."""
    v = speed_kmh / 3.6
    drop = np.maximum(0.0, v - crossing_kmh / 3.6)
    return np.asarray(drop**2 / (2 * v) * (1 / ACCELERATION_MS2 + 1 / BRAKING_MS2), np.float64)


def stop_ms(streets: Streets, speed_kmh: Ints) -> Ints:
    """The cost of the junction at the head of each segment, whole milliseconds."""
    rank = _RANK[streets.road_class]
    arms, greatest, equals, ringed = _junctions(streets, rank)
    here = streets.head
    crossing = arms[here] >= 3
    merging = np.isin(streets.road_class, _LINKS) & (greatest[here] <= _FAST_RANK)
    enters = crossing & ringed[here] & ~streets.ring
    free = streets.ring | merging
    gives_way = crossing & ~enters & ~free & (rank > greatest[here])
    peers = crossing & ~enters & ~free & (rank == greatest[here]) & (equals[here] >= 3) & (rank > _FAST_RANK)
    seconds = np.zeros(len(rank))
    for kind, (crossing_kmh, wait_s) in ((enters, RING), (gives_way, GIVE_WAY), (peers, EQUALS)):
        seconds[kind] = loss_s(speed_kmh, crossing_kmh)[kind] + wait_s
    lit = streets.signals[here]
    seconds[lit] = SIGNALS_WAIT_S + loss_s(speed_kmh, 0)[lit] / 2
    return np.rint(seconds * 1000).astype(np.int64)


def _junctions(streets: Streets, rank: Ints) -> tuple[Ints, Ints, Ints, Bools]:
    """Per point: arms (neighbours), greatest rank that arrives, arms of it that arrive, and rings.

    Only what arrives can be in the way: where an island parts a road in two, three arms of one class
    meet and nobody yields.
    """
    n = streets.points
    tail, head = streets.tail, streets.head
    neighbours = np.unique(np.concatenate([head * n + tail, tail * n + head]))
    arms = np.bincount(neighbours // n, minlength=n)
    # One arriving arm per neighbour, with its greatest road: sort by arm then rank, keep the first of each.
    arm = head * n + tail
    sorting = np.lexsort((rank, arm))
    first = np.unique(arm[sorting], return_index=True)[1]
    at, best = head[sorting][first], rank[sorting][first]
    greatest = np.full(n, rank.max(initial=0) + 1, np.int64)
    np.minimum.at(greatest, at, best)
    equals = np.bincount(at[best == greatest[at]], minlength=n)
    ringed = np.zeros(n, np.bool_)
    ringed[tail[streets.ring]] = True
    ringed[head[streets.ring]] = True
    return arms, greatest, equals, ringed
