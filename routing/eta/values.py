"""A running round as predictions see it: what is planned, what was told, where the van is, what will be.

Instants are whole seconds since the Unix epoch and end in `_at`; durations end in `_s`, distances in `_m`.
A visit is named by its ref (« round/site », « ~2 » for a second call). Nothing here knows a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.values import Coordinates

PLAN, FACTS, POSITION = "planning", "pointages", "position"


@dataclass(frozen=True, kw_only=True, slots=True)
class Halt:
    """One planned visit and the leg that leads there from `from_site` (the depot before the first).

    `leg_s` is driving alone; `pause_s` the driver's pause taken on that leg. Service does not begin before
    `opens_at`. `crates` is what is planned to change hands there, both ways. The points are needed to make
    use of positions only, and so is `way`, the road between them, both ends included; empty: not known.
    The way home may be given as a last halt at the depot without service.
    ValueError where the clock runs backwards.
    """

    visit: str
    site: str
    from_site: str
    arrival_at: int
    begin_at: int
    end_at: int
    opens_at: int
    leg_s: int
    pause_s: int = 0
    leg_m: int = 0
    crates: int = 0
    point: Coordinates | None = None
    from_point: Coordinates | None = None
    way: tuple[Coordinates, ...] = ()

    def __post_init__(self) -> None:
        if not self.arrival_at <= self.begin_at <= self.end_at:
            raise ValueError(f"{self.visit}: arrives, begins and ends in that order")
        if min(self.leg_s, self.pause_s, self.leg_m, self.crates) < 0:
            raise ValueError(f"{self.visit}: less than nothing")

    @property
    def service_s(self) -> int:
        """Planned seconds at the door."""
        return self.end_at - self.begin_at

    @property
    def leaves_at(self) -> int:
        """When the van is planned to leave `from_site`."""
        return self.arrival_at - self.leg_s - self.pause_s


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """Who carries out a round, with which van: what the start delay is learnt by. Empty: not known."""

    vehicle: str = ""
    driver: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """What those who drive or follow the van told of one visit, corrected; None where they did not.

    `arrived_at`: the fact « arrived » alone. `began_at`: the first fact of any kind at the door. `left_at`:
    the last fact « left ». `last_at`: the last fact. `over`: nothing more is expected there. `closed`: the
    van came and nobody opened. `skipped`: it is known that the visit does not take place. `heard_at`: when
    the last fact reached us; hours later, it was keyed in from paper.
    """

    arrived_at: int | None = None
    began_at: int | None = None
    left_at: int | None = None
    last_at: int | None = None
    over: bool = False
    closed: bool = False
    skipped: bool = False
    heard_at: int | None = None

    @property
    def begun_at(self) -> int | None:
        """The first sign of the van at the door."""
        return self.began_at if self.arrived_at is None else self.arrived_at

    @property
    def free_at(self) -> int | None:
        """When the van was done there; None while it may still be there."""
        return (self.left_at or self.last_at) if self.over or self.left_at else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What is known of a round: when the van left its depot and came home, and its visits by ref."""

    started_at: int | None = None
    home_at: int | None = None
    visits: Mapping[str, Sign] = field(default_factory=dict)

    @property
    def told_at(self) -> int | None:
        """The last instant that is told of."""
        known = [sign.last_at for sign in self.visits.values() if sign.last_at is not None]
        known += [at for at in (self.started_at, self.home_at) if at is not None]
        return max(known, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """Where the van was at an instant."""

    at: int
    point: Coordinates
    accuracy_m: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Eta:
    """When a visit is expected to begin: so many hundredths of the time no later than `p…_at`, in order.

    `skip_permille`: how likely the visit does not take place at all (nobody opens, or the van drives by).
    `basis` is `PLAN`, `FACTS` or `POSITION`, `told_at` the instant of the last fact or position it rests on.
    `ahead_s`: planned seconds between what it rests on and the visit; what calibration goes by.
    """

    visit: str
    p10_at: int
    p50_at: int
    p90_at: int
    skip_permille: int
    basis: str
    told_at: int | None
    p05_at: int
    p95_at: int
    ahead_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedRound:
    """A past round: what was planned, and what was told in the end."""

    halts: tuple[Halt, ...]
    told: Told
    crew: Crew = Crew()

    @property
    def begins_at(self) -> int:
        """When it was planned to leave; ValueError for a round without visits."""
        if not self.halts:
            raise ValueError("a round without visits does not begin")
        return self.halts[0].leaves_at


def begun_at(halt: Halt, sign: Sign | None) -> int | None:
    """When a visit began, what predictions are held against: a van that waits at a closed door has not begun.

    None where « arrived » was not told: other facts are told when leaving, and would teach that all is late.
    """
    at = sign.arrived_at if sign else None
    return None if at is None else max(at, halt.opens_at)
