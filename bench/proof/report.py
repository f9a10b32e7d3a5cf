"""Samples → the figures that are told: coverage, sharpness, scores, by what they may depend on."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from bench.proof import scores
from bench.proof.samples import Samples
from bench.proof.scores import Flags

Figures = dict[str, Any]
WARM_UP_DAYS = 28  # nothing is known of a network in its first four weeks
_HORIZONS_S = (0, 900, 1800, 3600, 7200, 10**9)


def figures(samples: Samples) -> Iterator[Figures]:
    """One line per view: overall, by tercile, by month, by horizon; both baselines beside the model."""
    begun = samples.begun
    warm = begun.where(begun.day >= begun.day.min() + WARM_UP_DAYS)
    yield {"view": "all", **_line(warm)}
    yield {"view": "first four weeks", **_line(begun.where(begun.day < begun.day.min() + WARM_UP_DAYS))}
    yield {"view": "before leaving", **_line(warm.where(warm.waiting))}
    yield {"view": "on the road", **_line(warm.where(~warm.waiting))}
    for name, of in {"time ahead": warm.ahead, "load": warm.crates}.items():
        for k, mask in enumerate(scores.terciles(of), start=1):
            spread = [round(float(of[mask].min())), round(float(of[mask].max()))]
            yield {"view": f"{name}, tercile {k}", "from_to": spread, **_line(warm.where(mask))}
    for month, mask in _months(begun).items():
        yield {"view": f"month {month}", **_line(begun.where(mask))}
    yield {"view": "already begun, untold", **_untold(samples)}
    yield {"view": "skips", **_skips(samples)}
    yield from _by_horizon(warm)


def _line(some: Samples) -> Figures:
    if not len(some):
        return {"n": 0}
    told = {"model": some.model, "timetable": some.timetable, "margin": some.margin}
    found: Figures = {"n": len(some), "rounds": some.rounds}
    for name, quantiles in told.items():
        found[name] = {
            "coverage_80": _percent(scores.coverage(quantiles, some.truth, 80)),
            "coverage_90": _percent(scores.coverage(quantiles, some.truth, 90)),
            "below_p10": _percent(scores.below(quantiles, some.truth, scores.P10)),
            "below_p50": _percent(scores.below(quantiles, some.truth, scores.P50)),
            "below_p90": _percent(scores.below(quantiles, some.truth, scores.P90)),
            "width_80_min": _minutes(scores.width(quantiles, 80)),
            "width_90_min": _minutes(scores.width(quantiles, 90)),
            "pinball_s": round(scores.pinball(quantiles, some.truth), 1),
            "score_80_min": _minutes(scores.interval_score(quantiles, some.truth, 80)),
            "score_90_min": _minutes(scores.interval_score(quantiles, some.truth, 90)),
            "error_p50_min": _minutes(float(np.median(np.abs(some.truth - quantiles[:, scores.P50])))),
        }
    return found


def _months(some: Samples) -> Mapping[str, Flags]:
    months = np.array([date.fromordinal(int(day)).isoformat()[:7] for day in some.day])
    return {str(month): months == month for month in sorted(set(months))}


def _by_horizon(some: Samples) -> Iterator[Figures]:
    for low, high in pairwise(_HORIZONS_S):
        part = some.where((some.ahead >= low) & (some.ahead < high))
        name = f"ahead {low // 60}-{high // 60} min" if high < 10**9 else f"ahead {low // 60} min or more"
        yield {"view": name, **_line(part)}


def _untold(samples: Samples) -> Figures:
    """What was shown of visits that had begun, as nobody had told so."""
    mask = np.array([row.already for row in samples.rows])
    return {"n": int(mask.sum()), "percent": _percent(float(mask.mean()))}


def _skips(samples: Samples) -> Figures:
    """Of visits to come: how often they did not take place, beside what was told."""
    some = samples.where(np.array([not row.already for row in samples.rows]))
    share, missed = some.skip_share, some.missed
    by_fifth = []
    for chunk in np.array_split(np.argsort(share, kind="stable"), 5):
        told, came = float(share[chunk].mean()), float(missed[chunk].mean())
        by_fifth.append({"n": len(chunk), "told_percent": _percent(told), "came_percent": _percent(came)})
    usual = np.full(len(share), float(missed.mean()))
    return {
        "n": len(some),
        "told_percent": _percent(float(share.mean())),
        "came_percent": _percent(float(missed.mean())),
        "brier": round(scores.brier(share, missed), 4),
        "brier_of_the_mean": round(scores.brier(usual, missed), 4),
        "fifths": by_fifth,
    }


def _percent(share: float) -> float:
    return round(100 * share, 1)


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 1)
