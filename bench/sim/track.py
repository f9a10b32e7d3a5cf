"""One round as it went → where its phone was, minute by minute, along the roads of the network."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bench.sim.chance import stream
from bench.sim.drive import Driven
from bench.sim.week import territory
from bench.sim.world import World
from models.values import Coordinates

_METRE = 1 / 111_195  # degrees of latitude in a metre
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """Where a phone was; heard as soon as it was sent, a minute later at most."""

    at: datetime
    received_at: datetime
    point: Coordinates
    accuracy_m: int


def track(driven: Driven, world: World) -> tuple[Fix, ...]:
    """Positions from leaving to coming home; of a round that broke down, to its last visit."""
    return tuple(_fixes(driven, world))


def _fixes(driven: Driven, world: World) -> Iterator[Fix]:
    phones = world.settings.phones
    chance = stream(world.settings.seed, "track", driven.tour.id)
    legs = list(_legs(driven))
    if not legs:
        return
    at = driven.tour.day.at
    leg = 0
    for second in range(legs[0].depart_s, legs[-1].arrival_s, phones.position_s):
        while leg + 1 < len(legs) and second >= legs[leg + 1].depart_s:
            leg += 1
        lon, lat = legs[leg].where(second)
        noise = phones.position_noise_m * _METRE
        point = Coordinates(lon=lon + chance.gauss(0, noise) * 1.57, lat=lat + chance.gauss(0, noise))
        heard = second + chance.randint(1, phones.position_s)
        yield Fix(at=at(second), received_at=at(heard), point=point, accuracy_m=chance.randint(4, 30))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Leg:
    """One drive along a line; before it begins and once it is over the van stands at its ends."""

    depart_s: int
    arrival_s: int
    line: Line

    def where(self, second: int) -> tuple[float, float]:
        """(lon, lat), at an even speed."""
        share = (second - self.depart_s) / max(1, self.arrival_s - self.depart_s)
        return along(self.line, min(1.0, max(0.0, share)))


def _legs(driven: Driven) -> Iterator[_Leg]:
    shapes, place, leaves = territory().shapes, driven.tour.start_site, driven.depart_s
    for call in driven.calls:
        if leaves is None or call.arrival_s is None:
            continue
        line = shapes.line(place, call.visit.site)
        yield _Leg(depart_s=leaves, arrival_s=call.arrival_s, line=line)
        place, leaves = call.visit.site, call.leave_s
    if leaves is not None and driven.home_s is not None:
        yield _Leg(depart_s=leaves, arrival_s=driven.home_s, line=shapes.line(place, driven.tour.end_site))


def along(line: Line, share: float) -> tuple[float, float]:
    """The point at a share of a polyline's length, in degrees."""
    narrow = math.cos(math.radians(line[0][1]))
    lengths = [math.hypot((b[0] - a[0]) * narrow, b[1] - a[1]) for a, b in pairwise(line)]
    left = share * sum(lengths)
    for (a, b), length in zip(pairwise(line), lengths, strict=True):
        if left <= length and length:
            part = left / length
            return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
        left -= length
    return line[-1][0], line[-1][1]
