"""How a round may go on, in every fixed scenario: arrays of instants, floats of seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.eta.draws import draws
from routing.eta.learnt import Learnt, door_keys, leg_keys
from routing.eta.values import Halt

Floats: TypeAlias = NDArray[np.float64]
_TAIL = 3.0  # how thin the tail is beyond the last scenario: halved for every 26 % more silence
_SHUT_S = 120.0  # at a closed door
_PAST = 0.4  # of the leg to a halt that is left out: the straight way is 0.7 of two legs (0.4 + 1, halved)


@dataclass(frozen=True, kw_only=True)
class Times:
    """Seconds of each leg and visit, [halts, scenarios]; where a visit is left out, a door shut."""

    legs_s: Floats
    doors_s: Floats
    skipped: NDArray[np.bool_]
    shut: NDArray[np.bool_]


def later_than(at: Floats, now: float, since: float) -> Floats:
    """Instants given that they are not before `now`: each keeps its rank among what is still possible.

    Nothing changes until `now` has passed the earliest. Beyond the latest, waiting has a Pareto tail counted
    from `since`: the longer the silence, the longer it may last.
    """
    earliest = float(at.min())
    if now <= earliest:
        return at
    size = len(at)
    order = np.argsort(at, kind="stable")
    known = at[order]
    ranks = (np.arange(size) + 0.5) / size
    last, tail = float(known[-1]), 0.5 / size
    reach = max(last - since, 60.0)
    passed = (
        float(np.interp(now, known, ranks))
        if now <= last
        else 1 - tail * (1 + (now - last) / reach) ** -_TAIL
    )
    passed = passed - ranks[0] * max(0.0, 1 - (now - earliest) / max(float(known[1]) - earliest, 1.0))
    new = passed + ranks * (1 - passed)
    beyond = last + reach * ((np.maximum(1 - new, 1e-12) / tail) ** (-1 / _TAIL) - 1)
    moved = np.where(new <= 1 - tail, np.interp(new, ranks, known), beyond)
    found = np.empty(size)
    found[order] = np.maximum(np.maximum(moved, now), known)
    return found


def times(halts: Sequence[Halt], learnt: Learnt, pace: tuple[Floats, Floats]) -> Times:
    """For every halt of a round; `pace` [scenarios] is what the day's legs, and visits, have in common."""
    legs, doors = [leg_keys(halt) for halt in halts], [door_keys(halt) for halt in halts]
    return Times(
        legs_s=_column([halt.leg_s for halt in halts])
        * np.exp(
            _column([learnt.travel.mean(keys) for keys in legs])
            + pace[0]
            + _column([learnt.travel.scale(keys) for keys in legs]) * learnt.legs.of(len(halts))
        ),
        doors_s=_column([learnt.service_base_s(halt) for halt in halts])
        * np.exp(
            _column([learnt.service.mean(keys) for keys in doors])
            + pace[1]
            + _column([learnt.service.scale(keys) for keys in doors]) * learnt.doors.of(len(halts))
        ),
        skipped=_happens([learnt.skips.of(one["site"], one["weekday"]) for one in doors], "skip"),
        shut=_happens([learnt.closed.of(one["site"], one["weekday"]) for one in doors], "closed"),
    )


def begins(
    halts: Sequence[Halt], ahead: Sequence[int], free: Floats, arrival: Floats | None, times: Times
) -> Floats:
    """When each halt ahead begins, [len(ahead), scenarios]. The van is free at `free`; where it is known to
    be on its way to the first of them, `arrival` is when it gets there."""
    found = np.empty((len(ahead), free.size))
    for row, k in enumerate(ahead):
        way_s = times.legs_s[k] + halts[k].pause_s
        there = free + way_s if arrival is None or row else arrival
        found[row] = begin = np.maximum(there, halts[k].opens_at)
        door_s = np.where(times.shut[k], np.minimum(times.doors_s[k], _SHUT_S), times.doors_s[k])
        past = free + _PAST * way_s
        free = np.where(times.skipped[k], past, begin + door_s)
    return found


def _column(figures: Sequence[float]) -> Floats:
    return np.array(figures, dtype=np.float64)[:, None]


def _happens(chances: Sequence[float], kind: str) -> NDArray[np.bool_]:
    return np.asarray(draws(len(chances)).of(kind)[: len(chances)] > 1 - _column(chances))
