"""A running round → when each coming visit begins, as quantiles over fixed scenarios.

Each scenario carries the round on from the last fact with its own legs, visits, skips; an opening absorbs delay
through max(), scenario by scenario, so an early van waits and a late one does not. Between facts nothing moves
but what `now` has passed.
"""

from collections.abc import Sequence

import numpy as np

from routing.eta.anchor import Anchor, anchor
from routing.eta.conformal import Calibration
from routing.eta.draws import draws
from routing.eta.learnt import Learnt, door_keys, leg_keys, start_keys
from routing.eta.pace import pace
from routing.eta.scenarios import Floats, Times, begins, later_than, times
from routing.eta.spans import driven_legs, ratio, visits_made
from routing.eta.values import FACTS, PLAN, Crew, Eta, Fix, Halt, Told

LEVELS = np.array([0.05, 0.1, 0.5, 0.9, 0.95])


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

    `halts` are all visits of the round in the order of the plan, `fixes` its positions in any order. Facts and
    positions after `now_at` are the caller's to leave out.
    """
    at = anchor(halts, told)
    if at is None:
        return ()
    usual = times(halts, learnt, _paces(halts, told, learnt))
    free, arrival = _resume(halts, at, usual, now_at, learnt, crew)
    found = begins(halts, at.ahead, free, arrival, usual)
    return _told_etas(halts, at, found, now_at, learnt, calibration)


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
    halts: Sequence[Halt], at: Anchor, usual: Times, now_at: int, learnt: Learnt, crew: Crew
) -> tuple[Floats, Floats | None]:
    """When the van is free where it is, or was; when it reaches the next halt, as far as `now` tells."""
    first, size = at.ahead[0], usual.legs_s.shape[1]
    if at.begun_at is not None and at.free_at is None:
        done = at.begun_at + usual.doors_s[at.reached]
        return later_than(done, now_at, at.begun_at), None
    if at.free_at is None:
        late = learnt.start.mean(start_keys(halts[0], crew)) + learnt.start.noise(draws(1).once[0])
        free, since = halts[0].leaves_at + late, halts[0].leaves_at - 600
    else:
        free, since = np.full(size, float(at.free_at)), at.free_at
    arrival = free + usual.legs_s[first] + halts[first].pause_s
    return free, later_than(arrival, now_at, since)


def _told_etas(  # noqa: PLR0913, PLR0917
    halts: Sequence[Halt], at: Anchor, begin: Floats, now_at: int, learnt: Learnt, calibration: Calibration
) -> tuple[Eta, ...]:
    raw = np.quantile(begin, LEVELS, axis=1).T
    etas = []
    floor = np.full(len(LEVELS), float(now_at))
    for row, k in enumerate(at.ahead):
        halt, ahead_s = halts[k], _ahead_s(halts, at, k)
        shown = calibration.adjust(raw[row], ahead_s, waiting=at.waiting)
        floor = np.maximum(np.maximum(shown, halt.opens_at), floor)
        p05, p10, p50, p90, p95 = (int(round(value)) for value in floor)
        etas.append(
            Eta(
                visit=halt.visit,
                p05_at=p05,
                p10_at=p10,
                p50_at=p50,
                p90_at=p90,
                p95_at=p95,
                skip_permille=_skip_permille(halt, learnt),
                basis=PLAN if at.waiting else FACTS,
                told_at=at.told_at,
                ahead_s=ahead_s,
            )
        )
    return tuple(etas)


def _ahead_s(halts: Sequence[Halt], at: Anchor, k: int) -> int:
    """Planned seconds from what is known to halt `k`: from leaving the depot, or the last halt."""
    if at.reached < 0:
        return max(0, halts[k].begin_at - halts[0].leaves_at)
    planned = halts[at.reached]
    return max(0, halts[k].begin_at - (planned.begin_at if at.free_at is None else planned.end_at))


def _skip_permille(halt: Halt, learnt: Learnt) -> int:
    keys = door_keys(halt)
    kept = (1 - learnt.skips.of(keys["site"], keys["weekday"])) * (
        1 - learnt.closed.of(keys["site"], keys["weekday"])
    )
    return round(1000 * (1 - kept))
