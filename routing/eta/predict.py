"""A running round → when each coming visit begins, as quantiles over fixed scenarios.

Each scenario carries the round on from the last fact with its own legs, visits, skips; an opening absorbs
delay through max(), scenario by scenario, so an early van waits and a late one does not. Between facts
nothing moves but what `now` has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.eta.anchor import Anchor, anchor
from routing.eta.conformal import LEVELS, Calibration
from routing.eta.draws import draws
from routing.eta.learnt import Learnt, door_keys, leg_keys, start_keys
from routing.eta.pace import pace
from routing.eta.place import driven_share
from routing.eta.scenarios import Floats, Times, begins, later_than, times
from routing.eta.spans import driven_legs, ratio, visits_made
from routing.eta.values import FACTS, PLAN, POSITION, Crew, Eta, Fix, Halt, Told

_EARLY_S = 600  # a van seen on its way this long before the plan has left


def predict(  # noqa: PLR0913, PLR0917
    halts: Sequence[Halt],
    told: Told,
    fixes: Sequence[Fix],
    now_at: int,
    learnt: Learnt,
    calibration: Calibration,
    crew: Crew = Crew(),  # noqa: B008
) -> tuple[Eta, ...]:
    """The visits to come, in order; none where the round is over. Same arguments, same answer.

    `halts` are all visits of the round in the order of the plan, `fixes` its positions in any order. Facts
    after `now_at` are the caller's to leave out.
    """
    at = anchor(halts, told)
    if at is None:
        return ()
    usual = times(halts, learnt, _paces(halts, told, learnt))
    start = _resume(halts, at, usual, fixes, now_at, learnt, crew)
    found = begins(halts, at.ahead, start.free, start.arrival, usual)
    return _told_etas(halts, at, start, found, now_at, learnt, calibration)


@dataclass(frozen=True, kw_only=True)
class _Start:
    """When the van is free where it is; when it gets to the next halt, None while it stands at one.
    `fix_at`: the position that says so, `share` of the leg is then behind it."""

    free: Floats
    arrival: Floats | None
    fix_at: int | None = None
    share: float = 0.0


def _paces(halts: Sequence[Halt], told: Told, learnt: Learnt) -> tuple[Floats, Floats]:
    once = draws(len(halts)).once
    legs = [
        (ratio(one.actual_s, halts[one.index].leg_s), leg_keys(halts[one.index]))
        for one in driven_legs(halts, told)
    ]
    doors = [
        (ratio(one.actual_s, learnt.service_base_s(halts[one.index])), door_keys(halts[one.index]))
        for one in visits_made(halts, told)
    ]
    return pace(learnt.travel, legs, once[1]), pace(learnt.service, doors, once[2])


def _resume(  # noqa: PLR0913, PLR0917
    halts: Sequence[Halt],
    at: Anchor,
    usual: Times,
    fixes: Sequence[Fix],
    now_at: int,
    learnt: Learnt,
    crew: Crew,
) -> _Start:
    """From the last fact, or the last position since, as far as `now` tells."""
    first, size = at.ahead[0], usual.legs_s.shape[1]
    if at.begun_at is not None and at.free_at is None:
        done = at.begun_at + usual.doors_s[at.reached]
        return _Start(free=later_than(done, now_at, at.begun_at), arrival=None)
    if at.free_at is None:
        late = learnt.start.mean(start_keys(halts[0], crew)) + learnt.start.noise(draws(1).once[0])
        free, since = halts[0].leaves_at + late, halts[0].leaves_at - _EARLY_S
    else:
        free, since = np.full(size, float(at.free_at)), at.free_at
    way_s = usual.legs_s[first] + halts[first].pause_s
    place = driven_share(halts[first], fixes, since, now_at) if first == at.reached + 1 else None
    if place is None:
        return _Start(free=free, arrival=later_than(free + way_s, now_at, since))
    fix_at, share = place
    if share == 0.0:  # still there: it leaves later than that
        free = later_than(free, fix_at, since) if at.free_at is None else np.maximum(free, float(fix_at))
        return _Start(free=free, arrival=later_than(free + way_s, now_at, since), fix_at=fix_at)
    arrival = later_than(fix_at + (1 - share) * usual.legs_s[first], now_at, fix_at)
    return _Start(free=np.minimum(free, float(fix_at)), arrival=arrival, fix_at=fix_at, share=share)


def _told_etas(  # noqa: PLR0913, PLR0917
    halts: Sequence[Halt],
    at: Anchor,
    start: _Start,
    begin: Floats,
    now_at: int,
    learnt: Learnt,
    calibration: Calibration,
) -> tuple[Eta, ...]:
    ordered = np.sort(begin, axis=1)
    floor = np.full(len(LEVELS), float(now_at))
    waiting, told_at = at.waiting and start.fix_at is None, max(at.told_at or 0, start.fix_at or 0) or None
    basis = PLAN if waiting else FACTS if start.fix_at is None else POSITION
    etas = []
    for row, k in enumerate(at.ahead):
        halt, ahead_s = halts[k], _ahead_s(halts, at, k, start.share)
        shown = calibration.adjust(quantiles(ordered[row]), ahead_s, waiting=waiting)
        floor = np.maximum(np.maximum(shown, halt.opens_at), floor)
        p05, p10, p50, p90, p95 = np.rint(floor).astype(np.int64).tolist()
        etas.append(
            Eta(
                visit=halt.visit,
                p05_at=p05,
                p10_at=p10,
                p50_at=p50,
                p90_at=p90,
                p95_at=p95,
                skip_permille=_skip_permille(halt, learnt),
                basis=basis,
                told_at=told_at,
                ahead_s=ahead_s,
            )
        )
    return tuple(etas)


def quantiles(ordered: Floats) -> Floats:
    """A sorted sample at `LEVELS`, interpolated between the middles of its steps."""
    places = LEVELS * len(ordered) - 0.5
    below = places.astype(np.int64)
    share = places - below
    return np.asarray(ordered[below] * (1 - share) + ordered[below + 1] * share, dtype=np.float64)


def _ahead_s(halts: Sequence[Halt], at: Anchor, k: int, share: float) -> int:
    """Planned seconds from what is known to halt `k`: from leaving the depot, or the last halt, less the
    share of the first leg that is driven."""
    planned = halts[at.reached]
    if at.reached < 0:
        since = halts[0].leaves_at
    else:
        since = planned.begin_at if at.free_at is None else planned.end_at
    return max(0, halts[k].begin_at - since - round(share * halts[at.ahead[0]].leg_s))


def _skip_permille(halt: Halt, learnt: Learnt) -> int:
    site, weekday = halt.site, door_keys(halt)["weekday"]
    return round(1000 * (1 - (1 - learnt.skips.of(site, weekday)) * (1 - learnt.closed.of(site, weekday))))
