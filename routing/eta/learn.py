"""Past rounds → what is to be expected of the next ones.

What is old counts less: half as much for every `HALF_LIFE_S`, so that a slow drift is followed. A leg with
few or no drives is drawn towards legs of its length, hour and weekday, see `effects`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.eta.chances import Chances, fit_chances
from routing.eta.effects import Effects, Floats, fit, weighted_quantiles
from routing.eta.learnt import UNTAUGHT, Learnt, door_keys, leg_keys, start_keys
from routing.eta.spans import driven_legs, late_start, ratio, visits_made
from routing.eta.values import RecordedRound

HALF_LIFE_S = 60 * 86_400
_ENOUGH = 30
_MOST_LATE_S = 4 * 3600
_LEAST_WEIGHT = 1e-3


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """One observation of some quantity: its value, what it goes by, its round and what it still counts."""

    y: float
    keys: dict[str, str]
    round: int
    weight: float


def learn(recorded: Iterable[RecordedRound], half_life_s: int = HALF_LIFE_S) -> Learnt:
    """Rounds in any order. What has fewer than thirty observations stays as it is assumed without history."""
    rounds = sorted((one for one in recorded if one.halts), key=lambda one: one.begins_at)
    if not rounds:
        return UNTAUGHT
    until = rounds[-1].begins_at
    weights = [max(_LEAST_WEIGHT, 0.5 ** ((until - one.begins_at) / half_life_s)) for one in rounds]
    setup_s, crate_s = _at_the_door(rounds)
    taught = replace(UNTAUGHT, setup_s=setup_s, crate_s=crate_s, rounds=len(rounds), until_at=until)
    return replace(
        taught,
        travel=_fitted(_legs(rounds, weights), ("length", "leg"), UNTAUGHT.travel),
        service=_fitted(_doors(rounds, weights, taught), ("site",), UNTAUGHT.service),
        start=_fitted(_starts(rounds, weights), (), UNTAUGHT.start),
        skips=_chances(rounds, weights, _passed, UNTAUGHT.skips),
        closed=_chances(rounds, weights, _shut, UNTAUGHT.closed),
    )


def _legs(rounds: Sequence[RecordedRound], weights: Sequence[float]) -> Iterator[_Seen]:
    for number, (one, weight) in enumerate(zip(rounds, weights, strict=True)):
        for span in driven_legs(one.halts, one.told):
            halt = one.halts[span.index]
            yield _Seen(y=ratio(span.actual_s, halt.leg_s), keys=leg_keys(halt), round=number, weight=weight)


def _doors(rounds: Sequence[RecordedRound], weights: Sequence[float], taught: Learnt) -> Iterator[_Seen]:
    for number, (one, weight) in enumerate(zip(rounds, weights, strict=True)):
        for span in visits_made(one.halts, one.told):
            halt = one.halts[span.index]
            y = ratio(span.actual_s, taught.service_base_s(halt))
            yield _Seen(y=y, keys=door_keys(halt), round=number, weight=weight)


def _starts(rounds: Sequence[RecordedRound], weights: Sequence[float]) -> Iterator[_Seen]:
    for number, (one, weight) in enumerate(zip(rounds, weights, strict=True)):
        late_s = late_start(one.halts, one.told)
        if late_s is not None and abs(late_s) <= _MOST_LATE_S:
            keys = start_keys(one.halts[0], one.crew)
            yield _Seen(y=float(late_s), keys=keys, round=number, weight=weight)


def _fitted(seen: Iterable[_Seen], scaled_by: Sequence[str], otherwise: Effects) -> Effects:
    found = list(seen)
    if len(found) < _ENOUGH:
        return otherwise
    names = tuple(found[0].keys)
    keys = {name: np.array([one.keys[name] for one in found], dtype=np.str_) for name in names}
    return fit(
        np.array([one.y for one in found]),
        keys,
        np.array([one.round for one in found], dtype=np.int64),
        np.array([one.weight for one in found]),
        scaled_by=scaled_by,
    )


def _chances(
    rounds: Sequence[RecordedRound],
    weights: Sequence[float],
    happened: Callable[[RecordedRound, int], bool],
    otherwise: Chances,
) -> Chances:
    """Of the halts that the van came to or by."""
    seen = (
        (keys["site"], keys["weekday"], happened(one, k), weight)
        for one, weight in zip(rounds, weights, strict=True)
        for k in range(_last_told(one) + 1)
        for keys in (door_keys(one.halts[k]),)
    )
    return fit_chances(seen, otherwise.usual)


def _last_told(one: RecordedRound) -> int:
    return max((k for k, halt in enumerate(one.halts) if halt.visit in one.told.visits), default=-1)


def _passed(one: RecordedRound, k: int) -> bool:
    sign = one.told.visits.get(one.halts[k].visit)
    return sign is None or sign.skipped


def _shut(one: RecordedRound, k: int) -> bool:
    sign = one.told.visits.get(one.halts[k].visit)
    return sign is not None and sign.closed


def _at_the_door(rounds: Sequence[RecordedRound]) -> tuple[float, float]:
    """Seconds once per visit and per planned crate, by least absolute deviations over medians per count;
    nought and nought where the counts do not differ enough to tell."""
    pairs = [
        (one.halts[span.index].crates, span.actual_s)
        for one in rounds
        for span in visits_made(one.halts, one.told)
    ]
    counts, spans_s = np.array([c for c, _ in pairs]), np.array([s for _, s in pairs], dtype=np.float64)
    if len(pairs) < _ENOUGH or counts.std() < 0.5:
        return 0.0, 0.0
    return _line(counts.astype(np.float64), spans_s)


def _line(counts: Floats, spans_s: Floats) -> tuple[float, float]:
    """A line through the medians (Theil 1950, Sen 1968: the median of slopes), never falling."""
    levels, of = np.unique(counts, return_inverse=True)
    kept = [k for k in range(len(levels)) if (of == k).sum() >= 5]
    if len(kept) < 2:
        return 0.0, 0.0
    medians = np.array([float(np.median(spans_s[of == k])) for k in kept])
    masses = np.array([float((of == k).sum()) for k in kept])
    xs = levels[kept]
    slopes = [
        (float((medians[b] - medians[a]) / (xs[b] - xs[a])), float(masses[a] * masses[b] * (xs[b] - xs[a])))
        for a in range(len(xs))
        for b in range(a + 1, len(xs))
    ]
    values, weights = np.array([slope for slope, _ in slopes]), np.array([weight for _, weight in slopes])
    crate_s = max(0.0, float(weighted_quantiles(values, weights, np.array([0.5]))[0]))
    return max(30.0, float(np.median(spans_s - crate_s * counts))), crate_s
