"""How good quantiles are: coverage, sharpness, and scores that reward both (Gneiting & Raftery, « Strictly
proper scoring rules, prediction, and estimation », JASA 102, 2007). All times in seconds."""

import numpy as np
import numpy.typing as npt

from bench.proof.baselines import LEVELS

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
P05, P10, P50, P90, P95 = range(5)
INTERVALS = {80: (P10, P90), 90: (P05, P95)}


def coverage(told: Floats, truth: Floats, percent: int) -> float:
    """The share of truths within the interval, both ends included; `told` is (n, 5)."""
    low, high = INTERVALS[percent]
    return float(np.mean((told[:, low] <= truth) & (truth <= told[:, high])))


def below(told: Floats, truth: Floats, column: int) -> float:
    """The share of truths no later than one quantile."""
    return float(np.mean(truth <= told[:, column]))


def width(told: Floats, percent: int) -> float:
    """The mean width of an interval."""
    low, high = INTERVALS[percent]
    return float(np.mean(told[:, high] - told[:, low]))


def pinball(told: Floats, truth: Floats) -> float:
    """The mean quantile loss over the five levels: lower is better."""
    over = truth[:, None] - told
    levels = np.array(LEVELS)
    return float(np.mean(np.maximum(levels * over, (levels - 1) * over)))


def interval_score(told: Floats, truth: Floats, percent: int) -> float:
    """The width plus 2/α times what the truth lies outside: lower is better."""
    low, high = told[:, INTERVALS[percent][0]], told[:, INTERVALS[percent][1]]
    alpha = 1 - percent / 100
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return float(np.mean(high - low + 2 / alpha * outside))


def brier(share: Floats, happened: Flags) -> float:
    """The mean squared distance between what was told and what came."""
    return float(np.mean((share - happened) ** 2))


def terciles(of: Floats) -> list[Flags]:
    """Three masks of about as many each, from small to large; equal values stay together."""
    low, high = np.quantile(of, [1 / 3, 2 / 3])
    return [of <= low, (of > low) & (of <= high), of > high]
