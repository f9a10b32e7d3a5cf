"""Which stops give up their visits: strings of neighbouring halts, around a random stop, on their days.

After the slack induction by string removals of Christiaens and Vanden Berghe (2020), extended to days: a stop
that is removed from one round leaves all its rounds, since it will choose its whole pattern anew. Now and
then a whole neighbourhood gives up all its visits, so that it can change days together.
"""

import math
from typing import NamedTuple

import numpy as np

from routing.engines.periodic.clock import compiled, inlined
from routing.engines.periodic.layout import Layout
from routing.engines.periodic.placing import position_of
from routing.engines.periodic.state import Scratch, Week


class Ruin(NamedTuple):
    """How much is removed in a turn: the mean is drawn between `least` and `most`, small ones more often."""

    least: float
    most: float
    longest: float  # halts in a string; 0: nobody is taken out, only who is not visited is chosen
    middle: int = 0  # a stop
    reach: int = 0  # turns begin at one of so many stops around the middle; 0: at any stop


_KEEP_MIDDLE = 0.5  # how often a string keeps a piece in its middle
_WHOLE = 0.05  # how often a neighbourhood is removed whole
_WHOLE_MOST = 3.0  # how many times `most` it counts at most


@compiled
def choose_removed(p: Layout, w: Week, z: Scratch, ruin: Ruin) -> int:
    """Fill `z.removed` with the stops to take out, mark them, and return how many there are."""
    if ruin.longest == 0.0:
        return _not_visited(p, w, z)
    if np.random.random() < _WHOLE:
        return _whole_neighbourhood(p, z, ruin)
    z.cut[:] = False
    n = len(p.place)
    rounds, halts = 0, 0
    for s in range(len(w.slot)):
        count = w.halts[w.slot[s]]
        if count:
            rounds += 1
            halts += count
    longest = min(ruin.longest, halts / max(1, rounds))
    mean = _between(ruin.least, ruin.most)
    strings = int(np.random.random() * (4.0 * mean / (1.0 + longest) - 1.0) + 1.0)
    seed = _some_stop(p, ruin)
    found, cuts = 0, 0
    for rank in range(n):
        if cuts >= strings:
            break
        stop = seed if rank == 0 else p.near[seed, rank - 1]
        if z.marked[stop]:
            continue
        if p.visits[stop, w.choice[stop]] == 0:
            found = _mark(stop, z, found)
            continue
        s = w.where[stop, _some_day(p, w, stop)]
        if s < 0 or z.cut[s]:
            continue
        found = _cut(w, z, w.slot[s], stop, longest, found)
        z.cut[s] = True
        cuts += 1
    return found


@inlined
def _not_visited(p: Layout, w: Week, z: Scratch) -> int:
    found = 0
    for stop in range(len(p.place)):
        if p.visits[stop, w.choice[stop]] == 0:
            found = _mark(stop, z, found)
    return found


@inlined
def _whole_neighbourhood(p: Layout, z: Scratch, ruin: Ruin) -> int:
    """The stops around a random one, with all their visits."""
    n = len(p.place)
    seed = _some_stop(p, ruin)
    found = _mark(seed, z, 0)
    for rank in range(min(n, int(_between(ruin.least, _WHOLE_MOST * ruin.most))) - 1):
        found = _mark(p.near[seed, rank], z, found)
    return found


@inlined
def _some_stop(p: Layout, ruin: Ruin) -> int:
    """Any stop, or one of those around the middle."""
    if ruin.reach == 0:
        return np.random.randint(0, len(p.place))
    rank = np.random.randint(0, ruin.reach)
    return ruin.middle if rank == 0 else int(p.near[ruin.middle, rank - 1])


@inlined
def _between(least: float, most: float) -> float:
    """A figure drawn so that twice as much comes half as often."""
    return float(least * math.exp(np.random.random() * math.log(most / least)))


@inlined
def _some_day(p: Layout, w: Week, stop: int) -> int:
    """One of the days on which a stop is visited, any day when it is not."""
    visits = p.visits[stop, w.choice[stop]]
    if visits == 0:
        return np.random.randint(0, p.windows.shape[1])
    return int(p.days[stop, w.choice[stop], np.random.randint(0, visits)])


@inlined
def _cut(w: Week, z: Scratch, q: int, stop: int, longest: float, found: int) -> int:
    """Cut a string that holds `stop` out of the round of slot `q`."""
    count, position = w.halts[q], position_of(w, q, stop)
    length = min(count, int(np.random.random() * min(float(count), longest) + 1.0))
    kept = 0
    if 1 < length < count and np.random.random() < _KEEP_MIDDLE:
        kept = 1
        while length + kept < count and np.random.random() < 0.5:
            kept += 1
    total = length + kept
    start = max(0, position - total + 1)
    start += np.random.randint(0, min(position, count - total) - start + 1)
    gap = start + np.random.randint(0, length + 1) if kept else count
    for k in range(start, start + total):
        if not gap <= k < gap + kept:
            found = _mark(w.order[q, k], z, found)
    return found


@inlined
def _mark(stop: int, z: Scratch, found: int) -> int:
    if z.marked[stop]:
        return found
    z.marked[stop] = True
    z.removed[found] = stop
    return found + 1
