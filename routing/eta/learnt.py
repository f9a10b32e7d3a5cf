"""What was learnt from past rounds, or is assumed where there are none; small, with its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.service_day import PARIS
from routing.eta.chances import Chances
from routing.eta.draws import SCENARIOS, draws
from routing.eta.effects import LEVELS, Effects
from routing.eta.values import Crew, Halt

VERSION = 1
_LENGTHS_S = (240, 480, 900, 1500)


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """`travel`: logarithm of actual over planned seconds of a leg. `service`: the same at the door, over what
    `setup_s` and `crate_s` make of the planned crates (the planned time where they are unknown, 0). `start`:
    seconds between the planned and the actual leaving of the depot. `skips` and `closed`: the van drives by;
    nobody opens. `rounds` it rests on, up to `until_at`.
    """

    travel: Effects
    service: Effects
    start: Effects
    skips: Chances
    closed: Chances
    setup_s: float = 0.0
    crate_s: float = 0.0
    rounds: int = 0
    until_at: int = 0

    @cached_property
    def legs(self) -> "Noises":
        """The noise of legs for every scenario, as the fixed draws have it."""
        return Noises(self.travel, "travel")

    @cached_property
    def doors(self) -> "Noises":
        return Noises(self.service, "service")

    def service_base_s(self, halt: Halt) -> float:
        """What service would take at a site like any other; 0 where none is planned."""
        if halt.service_s <= 0:
            return 0.0
        return self.setup_s + self.crate_s * halt.crates if self.setup_s else float(halt.service_s)

    def to_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "travel": self.travel.to_json(),
            "service": self.service.to_json(),
            "start": self.start.to_json(),
            "skips": self.skips.to_json(),
            "closed": self.closed.to_json(),
            "setup_s": round(self.setup_s, 1),
            "crate_s": round(self.crate_s, 2),
            "rounds": self.rounds,
            "until_at": self.until_at,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Learnt":
        """ValueError where another version wrote it, so that it is learnt anew."""
        if told.get("version") != VERSION:
            raise ValueError(f"not learnt by this version: {told.get('version')}")
        return cls(
            travel=Effects.from_json(told["travel"]),
            service=Effects.from_json(told["service"]),
            start=Effects.from_json(told["start"]),
            skips=Chances.from_json(told["skips"]),
            closed=Chances.from_json(told["closed"]),
            setup_s=told["setup_s"],
            crate_s=told["crate_s"],
            rounds=told["rounds"],
            until_at=told["until_at"],
        )


class Noises:
    """The noise of a quantity in every fixed scenario, by place in the round; made when asked."""

    def __init__(self, effects: Effects, kind: str) -> None:
        self._effects = effects
        self._kind = kind
        self._made = np.empty((0, SCENARIOS))

    def of(self, halts: int) -> NDArray[np.float64]:
        """[halts, scenarios], of scale 1."""
        made = self._made
        if len(made) < halts:
            self._made = made = self._effects.noise(draws(halts).of(self._kind))
        return made[:halts]


@lru_cache(maxsize=4096)
def local(at: int) -> tuple[str, str]:
    """Weekday (0 is Monday) and two-hour band (0 to 11) of an instant, in Paris."""
    moment = datetime.fromtimestamp(at, PARIS)
    return str(moment.weekday()), str(moment.hour // 2)


def leg_keys(halt: Halt) -> dict[str, str]:
    """What the time of the leg to a halt goes by."""
    weekday, hour = local(halt.arrival_at)
    length = str(sum(halt.leg_s > limit for limit in _LENGTHS_S))
    return {"length": length, "hour": hour, "weekday": weekday, "leg": f"{halt.from_site}>{halt.site}"}


def door_keys(halt: Halt) -> dict[str, str]:
    """What the time at the door of a halt goes by."""
    return {"site": halt.site, "weekday": local(halt.begin_at)[0]}


def start_keys(halt: Halt, crew: Crew) -> dict[str, str]:
    """What leaving late goes by; `halt` is the first of the round."""
    weekday, _ = local(halt.leaves_at)
    return {"depot": halt.from_site, "vehicle": crew.vehicle, "driver": crew.driver, "weekday": weekday}


def _nodes(low: tuple[float, ...], levels: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(float(node) for node in np.interp(LEVELS, levels, low))


_FEW = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)

# Assumed until there is history: wide rather than wrong. Legs between 0.7 and 1.45 times the plan nine times
# out of ten, visits between half and double, leaving between 5 min early and 20 min late.
UNTAUGHT = Learnt(
    travel=Effects(
        base=0.0,
        groups={},
        nodes=_nodes((-0.5, -0.33, -0.24, -0.11, 0.0, 0.12, 0.26, 0.37, 0.9), _FEW),
        shared_var=0.004,
        noise_var=0.03,
    ),
    service=Effects(
        base=0.0,
        groups={},
        nodes=_nodes((-1.2, -0.7, -0.5, -0.25, 0.0, 0.28, 0.55, 0.75, 1.5), _FEW),
        shared_var=0.02,
        noise_var=0.15,
    ),
    start=Effects(
        base=0.0,
        groups={},
        nodes=_nodes((-600.0, -300.0, -180.0, -30.0, 120.0, 360.0, 780.0, 1200.0, 3600.0), _FEW),
        noise_var=90_000.0,
    ),
    skips=Chances(usual=0.01),
    closed=Chances(usual=0.01),
)
