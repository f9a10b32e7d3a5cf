"""How likely it is that something is delivered by each call at its destination."""

from dataclasses import dataclass, field

from routing.promise.timetable import Timetable

ONE = 1_000_000  # certainty: shares are whole parts per million (ppm) inside, permille at the door


@dataclass(frozen=True, kw_only=True, slots=True)
class Chances:
    """Shares in ppm. `run`: a round of the plan is driven at all. `take`: a call of a driven round takes
    along what is ready there; `deliver`: it leaves what it brings (door open, nothing forgotten); by code of
    the site, others as `take_any`, `deliver_any`. `load`: what lies sorted at a depot is loaded on the next
    round that should take it (nothing mislaid, room aboard).

    `late`: (seconds, ppm), rising to (…, ONE): how often a van is behind the plan by at most so much.
    `seen` counts the visits that this was learnt from, 0: nothing was, all of it is assumed.
    """

    run: int = 990_000
    take_any: int = 970_000
    deliver_any: int = 975_000
    load: int = 970_000
    take: dict[str, int] = field(default_factory=dict)
    deliver: dict[str, int] = field(default_factory=dict)
    late: tuple[tuple[int, int], ...] = (
        (0, 500_000),
        (600, 780_000),
        (1200, 900_000),
        (1800, 950_000),
        (2700, 975_000),
        (3600, 988_000),
        (7200, 998_000),
        (10800, ONE),
    )
    seen: int = 0


class Odds:
    """A timetable made ready for questions; made once, then only read, by any number of threads."""

    def __init__(self, timetable: Timetable, chances: Chances) -> None:
        self.timetable = timetable
        self.chances = chances
