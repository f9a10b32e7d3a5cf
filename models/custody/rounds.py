"""Planned visits and what is known of them → how far a round has got, and when it will be where.

The delay of a round is read off its last visit with a fact. It is carried forward leg by leg as the plan has
them: a planned wait absorbs it, a pause moves with it. Nothing is predicted before now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.custody.visits import VisitProgress, VisitState


class RoundState(StrEnum):
    """`ended`: every visit is over, or the van is told to be home."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """One planned visit. `leg_s` leads there from the visit before, the driver's pause on it included."""

    visit: str
    arrival_at: datetime
    begin_at: datetime
    end_at: datetime
    opens_at: datetime
    announced_late_at: datetime
    leg_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """When a visit is expected to begin, and what that rests on."""

    visit: str
    begin_at: datetime
    delay_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundProgress:
    """How far a round has got. `delay_s` (negative: ahead) is None before the first fact.

    `skipped` have no fact though a later visit has; `late` begun after their announced window;
    `unexpected` have facts and are not in the plan. `ahead` are the visits to come, in order.
    """

    state: RoundState
    started_at: datetime | None
    ended_at: datetime | None
    last_visit: str
    last_at: datetime | None
    delay_s: int | None
    done: tuple[str, ...]
    closed: tuple[str, ...]
    late: tuple[str, ...]
    skipped: tuple[str, ...]
    unexpected: tuple[str, ...]
    ahead: tuple[Expectation, ...]


def round_progress(
    expected: Sequence[Expected],
    known: Mapping[str, VisitProgress],
    now: datetime,
    *,
    start: str = "",
    end: str = "",
) -> RoundProgress:
    """`known` are all visits of the round that facts tell of; `start` and `end` the refs of its depots."""
    halts = [known.get(one.visit) or VisitProgress(visit=one.visit) for one in expected]
    touched = [k for k, halt in enumerate(halts) if halt.state is not VisitState.NOTHING]
    reached = max((k for k in touched if halts[k].began_at), default=-1, key=lambda k: _last(halts[k]))
    home = known.get(end)
    ended_at = home.arrived.at if home and home.arrived else None
    out = known.get(start)
    started_at = out.left.at if out and out.left else None
    delay_s = _delay(expected, halts, reached, started_at)
    over = [one.visit for one, halt in zip(expected, halts, strict=True) if halt.over]
    moments = [halt for halt in known.values() if halt.clocked_at]
    last = max(moments, key=_last, default=None)
    ended = bool(expected and len(over) == len(expected)) or (ended_at is not None and bool(touched))
    return RoundProgress(
        state=RoundState.ENDED if ended else RoundState.RUNNING if last else RoundState.WAITING,
        started_at=started_at or min((h.began_at for h in known.values() if h.began_at), default=None),
        ended_at=ended_at or (last.clocked_at if last and ended else None),
        last_visit=last.visit if last else "",
        last_at=last.clocked_at if last else None,
        delay_s=delay_s,
        done=tuple(h.visit for h in halts if h.state in {VisitState.DONE, VisitState.LEFT}),
        closed=tuple(h.visit for h in halts if h.state is VisitState.CLOSED),
        late=tuple(_late(expected, halts)),
        skipped=tuple(h.visit for k, h in enumerate(halts) if k < reached and not h.last_at),
        unexpected=tuple(sorted(set(known) - {one.visit for one in expected} - {start, end, ""})),
        ahead=() if ended else tuple(_ahead(expected, halts, reached, delay_s, now)),
    )


def _last(halt: VisitProgress) -> datetime:
    assert halt.clocked_at is not None
    return halt.clocked_at


def _delay(
    expected: Sequence[Expected], halts: Sequence[VisitProgress], reached: int, started_at: datetime | None
) -> int | None:
    """Seconds behind the plan at the last visit with a fact: at its end where it is over, else its begin."""
    if reached < 0:
        if started_at is None or not expected:
            return None
        leaves = expected[0].arrival_at - timedelta(seconds=expected[0].leg_s)
        return _seconds(started_at - leaves)
    halt, planned = halts[reached], expected[reached]
    if halt.over:
        return _seconds(_last(halt) - planned.end_at)
    began = halt.began_at or _last(halt)
    return _seconds(max(began, planned.opens_at) - planned.begin_at)


def _late(expected: Sequence[Expected], halts: Sequence[VisitProgress]) -> list[str]:
    return [
        one.visit
        for one, halt in zip(expected, halts, strict=True)
        if halt.began_at and halt.began_at > one.announced_late_at
    ]


def _ahead(
    expected: Sequence[Expected],
    halts: Sequence[VisitProgress],
    reached: int,
    delay_s: int | None,
    now: datetime,
) -> list[Expectation]:
    found: list[Expectation] = []
    free_at: datetime | None = None
    if reached >= 0 and delay_s is not None:
        free_at = expected[reached].end_at + timedelta(seconds=delay_s)
        if not halts[reached].over:
            free_at = max(free_at, now)
    for one, halt in list(zip(expected, halts, strict=True))[reached + 1 :]:
        if halt.over:
            continue
        if free_at is None:
            arrival = one.arrival_at + timedelta(seconds=max(0, delay_s or 0))
        else:
            arrival = free_at + timedelta(seconds=one.leg_s)
        begin = max(arrival, one.opens_at, now)
        found.append(Expectation(visit=one.visit, begin_at=begin, delay_s=_seconds(begin - one.begin_at)))
        free_at = begin + (one.end_at - one.begin_at)
    return found


def _seconds(span: timedelta) -> int:
    return span // timedelta(seconds=1)
