"""Quantiles held to what they say while the world drifts: online conformal calibration, by distance ahead.

Each level q of each bin has one figure θ: what is shown is the model's quantile plus θ times the width of
its own 80 % interval. After each outcome θ moves by step · (1{later than shown} − (1 − q)): the quantile
tracker of conformal PID control (Angelopoulos, Candès & Tibshirani 2023), after adaptive conformal inference
(Gibbs & Candès 2021). Steps grow smaller down to a floor (Angelopoulos, Barber & Bates 2024), so that it
settles when nothing changes and follows when something does. Whatever the outcomes, the share of misses tends
to what was asked, at a pace of bound / (step · outcomes).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.eta.values import PLAN, Eta

LEVELS = np.array([0.05, 0.1, 0.5, 0.9, 0.95])
BINS_S = (600, 1800, 3600, 7200, 14400)
_FIRST, _FLOOR, _LIMIT = 0.1, 0.03, 5.0
_LEAST_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What was shown of a visit, and when it really began."""

    eta: Eta
    begun_at: int


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """`shifts`: bin → θ of each of `LEVELS`; `seen`: bin → outcomes so far. Empty: nothing is changed."""

    shifts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)

    def adjust(self, quantiles: NDArray[np.float64], ahead_s: int, *, waiting: bool) -> NDArray[np.float64]:
        """The model's quantiles at `LEVELS` → those to show, in order."""
        shift = self.shifts.get(bin_of(ahead_s, waiting=waiting))
        if shift is None:
            return quantiles
        width = max(float(quantiles[3] - quantiles[1]), _LEAST_S)
        return np.maximum.accumulate(quantiles + np.array(shift) * width)

    def after(self, outcomes: Iterable[Outcome]) -> "Calibration":
        """With what was learnt from outcomes, in the order in which they became known.

        Those of one round and bin are late together: they move θ as one.
        """
        shifts = {name: np.array(shift) for name, shift in self.shifts.items()}
        seen = dict(self.seen)
        together: dict[tuple[str, str], list[NDArray[np.float64]]] = defaultdict(list)
        for one in outcomes:
            together[_of(one)].append(_slope(one))
        for (name, _), misses in together.items():
            count = seen.get(name, 0)
            step = max(_FLOOR, _FIRST / (1 + count) ** 0.5)
            moved = shifts.get(name, np.zeros(len(LEVELS))) + step * np.mean(misses, axis=0)
            shifts[name], seen[name] = np.clip(moved, -_LIMIT, _LIMIT), count + 1
        told = {name: tuple(float(value) for value in shift) for name, shift in shifts.items()}
        return Calibration(shifts=told, seen=seen)

    def to_json(self) -> dict[str, Any]:
        shifts = {name: [round(value, 4) for value in shift] for name, shift in self.shifts.items()}
        return {"shifts": shifts, "seen": dict(self.seen)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Calibration":
        return cls(shifts={name: tuple(shift) for name, shift in told["shifts"].items()}, seen=told["seen"])


def bin_of(ahead_s: int, *, waiting: bool) -> str:
    """Rounds that have not left are not like rounds on the road."""
    return f"{'waiting' if waiting else 'running'}{bisect_right(BINS_S, ahead_s)}"


def _of(outcome: Outcome) -> tuple[str, str]:
    eta = outcome.eta
    return bin_of(eta.ahead_s, waiting=eta.basis == PLAN), eta.visit.rpartition("/")[0]


def _slope(outcome: Outcome) -> NDArray[np.float64]:
    """Minus the slope of each level's loss: what was met to the second, as when a van waits for an opening,
    was neither too early nor too late."""
    eta = outcome.eta
    shown = np.array([eta.p05_at, eta.p10_at, eta.p50_at, eta.p90_at, eta.p95_at])
    later = np.asarray(outcome.begun_at > shown, dtype=np.float64)
    return np.where(shown == outcome.begun_at, 0.0, later - (1 - LEVELS))
