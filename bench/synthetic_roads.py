"""Roads that nobody drew: travel between made-up places, with the length and speed of real roads.

Neighbouring places are linked, each link as winding and as slow as some real pair of places about as far
apart as the crow flies; everything else follows by the fastest way over these links, so that times keep the
triangle inequality and distances are those of the fastest ways. Going through neighbours is longer than real
roads are: at the end all links are shortened and quickened alike, until distances and times are, in the
middle, as far above the crow's flight as the real ones (over flights no longer than those).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from models.values import Coordinates
from routing.travel import TravelMatrix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

_LINKS = 10  # nearest places that each place is linked with, at least
_ALIKE = 30  # real pairs of about the same length, among which a link draws
_NEAR_M = 1.0  # the crow's least flight: no division by zero where two places are one
_ROUNDS = 3  # of setting the middle right: the fastest ways change a little when links do
METRES_PER_DEGREE = 111_195.0
MIDDLE_LAT = 50.7  # degrees north around which made-up places lie, as the real ones


@dataclass(frozen=True, slots=True)
class RoadLaw:
    """Real ordered pairs, shortest flight first: `crow_m`, and per metre of it seconds and metres of road.

    `there` and `back` have shape (pairs, 2): (seconds, metres), each way.
    """

    crow_m: Floats
    there: Floats
    back: Floats

    @property
    def middle(self) -> Floats:
        """The median (seconds, metres) of road per metre of flight."""
        return np.asarray(np.median(np.concatenate([self.there, self.back]), axis=0), np.float64)

    def up_to(self, crow_m: float) -> "RoadLaw":
        """Only pairs no farther apart; the nearest one at least."""
        kept = max(1, int(np.searchsorted(self.crow_m, crow_m, side="right")))
        return RoadLaw(self.crow_m[:kept], self.there[:kept], self.back[:kept])


def law_of(travel: TravelMatrix, places: list[int]) -> RoadLaw:
    """What the roads between these places are like."""
    flat = flattened([travel.points[k] for k in places])
    seconds, metres = (a[np.ix_(places, places)].astype(np.float64) for a in (travel.seconds, travel.metres))
    return _law(flat, seconds, metres)


def flattened(points: list[Coordinates]) -> Floats:
    """Metres east and north of nowhere in particular, shape (n, 2)."""
    lat = np.array([point.lat for point in points])
    lon = np.array([point.lon for point in points])
    east = lon * math.cos(math.radians(MIDDLE_LAT)) * METRES_PER_DEGREE
    return np.stack([east, lat * METRES_PER_DEGREE], axis=1)


def crow(flat: Floats) -> Floats:
    """Straight distances, metres, shape (n, n), never quite zero."""
    apart = flat[:, None, :] - flat[None, :, :]
    return np.maximum(np.hypot(apart[..., 0], apart[..., 1]), _NEAR_M)


def drive(flat: Floats, law: RoadLaw, random: np.random.Generator) -> tuple[Ints, Ints]:
    """(seconds, metres) between all places, int32 of shape (n, n); the same for the same generator."""
    a, b = _linked(crow(flat))
    links = _drawn(crow(flat)[a, b], law, random)
    tails, heads = np.concatenate([a, b]), np.concatenate([b, a])
    for _ in range(_ROUNDS):
        seconds, metres = _fastest(len(flat), tails, heads, np.maximum(1, np.rint(links)))
        if len(flat) < 2:
            break
        links *= law.middle / _law(flat, seconds, metres).up_to(float(law.crow_m[-1])).middle
    return seconds.astype(np.int32), metres.astype(np.int32)


def _law(flat: Floats, seconds: Floats, metres: Floats) -> RoadLaw:
    a, b = np.triu_indices(len(flat), 1)
    flight = crow(flat)[a, b]
    ranked = np.argsort(flight, kind="stable")
    a, b, flight = a[ranked], b[ranked], flight[ranked]
    there = np.stack([seconds[a, b], metres[a, b]], axis=1) / flight[:, None]
    back = np.stack([seconds[b, a], metres[b, a]], axis=1) / flight[:, None]
    return RoadLaw(flight, there, back)


def _linked(flight: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs to link: nearest neighbours, and what it takes to reach everyone (a chain of nearest ones)."""
    size = len(flight)
    wanted = np.zeros((size, size), bool)
    nearest = np.argsort(flight, axis=1, kind="stable")[:, : _LINKS + 1]
    wanted[np.arange(size)[:, None], nearest] = True
    reached = [0] if size else []
    while len(reached) < size:
        waiting = [k for k in range(size) if k not in set(reached)]
        gaps = flight[np.ix_(reached, waiting)]
        i, j = np.unravel_index(int(gaps.argmin()), gaps.shape)
        wanted[reached[int(i)], waiting[int(j)]] = True
        reached.append(waiting[int(j)])
    tails, heads = np.nonzero(np.triu(wanted | wanted.T, 1))
    return tails, heads


def _drawn(flight: Floats, law: RoadLaw, random: np.random.Generator) -> Floats:
    """(seconds, metres) of each link, first all one way, then all the other."""
    at = np.searchsorted(law.crow_m, flight) - _ALIKE // 2 + random.integers(0, _ALIKE, len(flight))
    pair = np.clip(at, 0, len(law.crow_m) - 1)
    turned = random.random(len(flight)) < 0.5
    there = np.where(turned[:, None], law.back[pair], law.there[pair]) * flight[:, None]
    back = np.where(turned[:, None], law.there[pair], law.back[pair]) * flight[:, None]
    return np.concatenate([there, back])


def _fastest(
    size: int, tails: npt.NDArray[np.intp], heads: npt.NDArray[np.intp], links: Floats
) -> tuple[Floats, Floats]:
    """Seconds of the fastest ways over whole-second links, and their metres."""
    roads = csr_array((links[:, 0], (tails, heads)), shape=(size, size))
    length = np.zeros((size, size))
    length[tails, heads] = links[:, 1]
    seconds, before = dijkstra(roads, return_predecessors=True)
    metres = np.zeros((size, size))
    for origin in range(size):
        for place in np.argsort(seconds[origin], kind="stable")[1:]:
            last = before[origin, place]
            metres[origin, place] = metres[origin, last] + length[last, place]
    return np.asarray(seconds, np.float64), metres
