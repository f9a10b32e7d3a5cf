"""Travel between the places of a network: times, distances, shapes, and where they come from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.values import Coordinates

IntMatrix = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, slots=True)
class TravelStamp:
    """Where travel figures come from. `graph` is a hash of the graph's arcs and weights."""

    graph: str
    source: str
    source_date: str
    speed_profile: str
    licence: str

    @property
    def short(self) -> str:
        """A name that fits on a line: graph hash, date, speed profile."""
        return f"{self.graph[:12]} · {self.source_date} · {self.speed_profile}"


@dataclass(frozen=True, kw_only=True, slots=True)
class TravelMatrix:
    """Directed travel between n places, times and distances of the same fastest paths.

    `seconds[i, j]` and `metres[i, j]` are int32 of shape (n, n), zero on the diagonal, read-only; row i
    leaves `ids[i]`, whose position was `points[i]`. `estimated[i]` says that the figures of place i do
    not come from roads. ValueError when shapes disagree, an id repeats or a figure is negative.
    """

    ids: tuple[str, ...]
    points: tuple[Coordinates, ...]
    seconds: IntMatrix
    metres: IntMatrix
    stamp: TravelStamp
    estimated: tuple[bool, ...] = ()
    index: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        n = len(self.ids)
        if not self.estimated:
            object.__setattr__(self, "estimated", (False,) * n)
        if len(set(self.ids)) != n:
            raise ValueError("a place stands twice in the travel matrix")
        if len(self.points) != n or len(self.estimated) != n:
            raise ValueError("one point and one mark per place")
        for name in ("seconds", "metres"):
            array = np.ascontiguousarray(getattr(self, name), dtype=np.int32)
            if array.shape != (n, n) or (array < 0).any() or array.diagonal().any():
                raise ValueError(f"{name}: want shape ({n}, {n}), no negative figure, a zero diagonal")
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        object.__setattr__(self, "index", {place: i for i, place in enumerate(self.ids)})

    @property
    def fingerprint(self) -> str:
        """A hash of the figures themselves: equal matrices, equal fingerprints."""
        digest = hashlib.sha256("\n".join(self.ids).encode())
        digest.update(self.seconds.tobytes())
        digest.update(self.metres.tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class LegShapes:
    """The road drawn by each fastest path, simplified: `line(a, b)` is a tuple of (lon, lat).

    `lines` holds only known pairs; an unknown pair is drawn straight by `line`, from its two points.
    """

    points: Mapping[str, Coordinates]
    lines: Mapping[tuple[str, str], npt.NDArray[np.float64]]

    def line(self, origin: str, destination: str) -> tuple[tuple[float, float], ...]:
        """The polyline from origin to destination, (lon, lat) in degrees, at least two points."""
        known = self.lines.get((origin, destination))
        if known is not None:
            return tuple((float(lon), float(lat)) for lon, lat in known)
        a, b = self.points[origin], self.points[destination]
        return ((a.lon, a.lat), (b.lon, b.lat))
