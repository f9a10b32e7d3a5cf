"""The rounds of the coming weeks as promises read them: sites by index, instants, nothing else.

Instants are whole seconds since the Unix epoch (`*_at`), durations whole seconds (`*_s`). A run goes from a
depot to a depot and halts between them; a halt at a depot is a trunk link: all that is aboard unsorted is
handed over there, and what waits there sorted is taken along.
"""

from dataclasses import dataclass
from enum import StrEnum

NEVER = 2**62  # an instant that does not come


class Basis(StrEnum):
    """What a run is known from."""

    PUBLISHED = "planning publié"
    TEMPLATE = "semaine type"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """From `early_at`, included, to `late_at`, excluded."""

    early_at: int
    late_at: int

    def __post_init__(self) -> None:
        if self.early_at >= self.late_at:
            raise ValueError(f"a span ends before it begins: {self.early_at}, {self.late_at}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A site. `ready`: when somebody there can get a document ready; `opens`: when readers may come. Both
    sorted and apart; None where nobody knows: a document is then ready at once, and when a reader finds it
    is not said."""

    code: str
    depot: bool = False
    ready: tuple[Span, ...] | None = None
    opens: tuple[Span, ...] | None = None


Delays = tuple[tuple[int, int], ...]  # (seconds, ppm), rising to certainty: behind by at most so much


@dataclass(frozen=True, kw_only=True, slots=True)
class Live:
    """What the road says of a call of today. `over`: it is behind the van; `off`: nothing is or was exchanged
    there (door closed, driven by, round over). What it takes along is ready by `by_at`. `missed` is how
    likely it does not take place all the same, in ppm; `late` how far behind the call's times the van may be,
    None where that is not known better than on other days. `announced` are the ends of the window before
    the road moved it."""

    by_at: int
    announced: tuple[int, int]
    over: bool = False
    off: bool = False
    missed: int = 0
    late: Delays | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A halt of a run, at the site of index `site`. `early_at` to `late_at` is the window that was announced,
    or that the road makes of it; crates are exchanged from `begin_at` to `end_at`. Without `room` nothing
    more can be taken aboard."""

    site: int
    ref: str
    early_at: int
    late_at: int
    begin_at: int
    end_at: int
    room: bool = True
    live: Live | None = None

    @property
    def off(self) -> bool:
        return self.live is not None and self.live.off

    def __post_init__(self) -> None:
        if not (self.begin_at < self.end_at and self.early_at <= self.late_at):
            raise ValueError(f"times of {self.ref} are the wrong way round")


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A dated round, from the depot `start` at `start_at` to the depot `end` at `end_at` (indices of sites),
    its calls in order of time. Without `room` nothing more can be loaded when it leaves. `late`: as that of
    `Live`, for its coming home."""

    code: str
    start: int
    end: int
    start_at: int
    end_at: int
    calls: tuple[Call, ...] = ()
    room: bool = True
    basis: Basis = Basis.PUBLISHED
    late: Delays | None = None

    def __post_init__(self) -> None:
        clock = [
            self.start_at,
            *(at for call in self.calls for at in (call.begin_at, call.end_at)),
            self.end_at,
        ]
        if clock != sorted(clock) or self.start_at >= self.end_at:
            raise ValueError(f"the times of round {self.code} do not follow one another")


@dataclass(frozen=True, kw_only=True, slots=True)
class Timetable:
    """Every run known from `from_at` on; nothing is known after `until_at`.

    What is to be taken along at a call is ready `cut_off_s` before its announced window begins. `sorting_s`
    passes between a van's coming to a depot and what it brought being ready to be loaded. `sorts_on_road`:
    the driver hands over what was taken on at an earlier halt of the same run. ValueError where a run names
    a site that is not there, or goes from or to one that is no depot.
    """

    places: tuple[Place, ...]
    runs: tuple[Run, ...]
    cut_off_s: int
    sorting_s: int
    sorts_on_road: bool
    from_at: int
    until_at: int

    def __post_init__(self) -> None:
        if min(self.cut_off_s, self.sorting_s) < 0:
            raise ValueError("cut-off and sorting take no negative time")
        for run in self.runs:
            named = {run.start, run.end, *(call.site for call in run.calls)}
            if not all(0 <= site < len(self.places) for site in named):
                raise ValueError(f"round {run.code} names a site that is not there")
            if not (self.places[run.start].depot and self.places[run.end].depot):
                raise ValueError(f"round {run.code} does not go from depot to depot")


def first_within(spans: tuple[Span, ...] | None, at: int) -> int:
    """The first instant from `at` on that lies in one of some sorted spans; NEVER after the last, `at` where
    they are None."""
    if spans is None:
        return at
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if spans[middle].late_at > at:
            high = middle
        else:
            low = middle + 1
    return max(at, spans[low].early_at) if low < len(spans) else NEVER
