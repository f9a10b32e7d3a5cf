"""Signs → how long legs and visits took, where clocks can be believed.

Facts keyed in from paper have their hours, but not always true ones; two visits tapped in the same minute
have none. So a leg counts only between a visit that was left and an arrival that was told as such, and
nothing counts that no van could do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from routing.eta.values import Halt, Sign, Told

_LEAST, _MOST = 0.35, 6.0
_TAPPED_S = 20  # two facts closer than this were told by one tap, whatever they say


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Halt `index` took `actual_s` seconds on the leg that leads there, or at the door."""

    index: int
    actual_s: int


def driven_legs(halts: Sequence[Halt], told: Told) -> Iterator[Span]:
    """Legs between neighbours in the plan, both of whose ends were told."""
    for k, halt in enumerate(halts):
        sign = told.visits.get(halt.visit)
        left_at = told.started_at if k == 0 else _left(told.visits.get(halts[k - 1].visit))
        if sign is None or sign.arrived_at is None or left_at is None or not halt.leg_s:
            continue
        span_s = sign.arrived_at - left_at - halt.pause_s
        if _LEAST * halt.leg_s <= span_s <= _MOST * halt.leg_s + 600:
            yield Span(index=k, actual_s=span_s)


def visits_made(halts: Sequence[Halt], told: Told) -> Iterator[Span]:
    """Time at the door, from the beginning to the leaving; not where nobody opened."""
    for k, halt in enumerate(halts):
        sign = told.visits.get(halt.visit)
        if sign is None or sign.closed or sign.arrived_at is None:
            continue
        free_at = sign.free_at
        if free_at is None or halt.service_s <= 0:
            continue
        span_s = free_at - max(sign.arrived_at, halt.opens_at)
        if _TAPPED_S <= span_s <= _MOST * halt.service_s + 1800:
            yield Span(index=k, actual_s=span_s)


def late_start(halts: Sequence[Halt], told: Told) -> int | None:
    """Seconds between the planned and the actual leaving of the depot."""
    if told.started_at is not None:
        return told.started_at - halts[0].leaves_at
    sign = told.visits.get(halts[0].visit)
    return sign.arrived_at - halts[0].arrival_at if sign and sign.arrived_at is not None else None


def ratio(actual_s: int, usual_s: float) -> float:
    """The logarithm of actual over usual."""
    return log(max(actual_s, 1) / max(usual_s, 1.0))


def _left(sign: Sign | None) -> int | None:
    if sign is None or not sign.over:
        return None
    return sign.free_at
