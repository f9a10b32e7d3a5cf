"""A quantity as a sum of effects, each drawn towards nothing as far as its history is thin.

y = base + Σ group effects + what a whole round shares + scale · noise. Effects are estimated by backfitting
(Breiman & Friedman 1985) on Winsorised residuals (Huber 1964), each group's by empirical Bayes: the mean of a
key with n rounds keeps the share τ² / (τ² + σ²/n), the spread between keys τ² by moments (DerSimonian & Laird
1986; Morris 1983). The noise is kept as it was, as quantiles: no tail is assumed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Keys: TypeAlias = Mapping[str, NDArray[np.str_]]

LEVELS: Floats = np.array([0, 1, 2.5, 5, 10, 15, *range(20, 85, 5), 85, 90, 95, 97.5, 99, 100]) / 100
_SWEEPS, _CLIP = 6, 2.5


@dataclass(frozen=True, kw_only=True)
class Effects:
    """`groups`: name of group → key → effect. `scales`: the same, logarithms, on the size of the noise.

    `nodes` are the quantiles of the noise at `LEVELS`; `shared_var` is the variance of what one round has in
    common, `noise_var` that of the (Winsorised) noise. `seen` says how many observations it rests on.
    """

    base: float
    groups: Mapping[str, Mapping[str, float]]
    nodes: tuple[float, ...]
    scales: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shared_var: float = 0.0
    noise_var: float = 1.0
    seen: int = 0

    def mean(self, keys: Mapping[str, str]) -> float:
        """Base and effects; keys never met have none."""
        return self.base + sum(found.get(keys.get(name, ""), 0.0) for name, found in self.groups.items())

    def scale(self, keys: Mapping[str, str]) -> float:
        """How much larger than usual the noise is."""
        total = sum(found.get(keys.get(name, ""), 0.0) for name, found in self.scales.items())
        return float(np.exp(total))

    def noise(self, uniform: Floats) -> Floats:
        """Uniform numbers in (0, 1) → noise of scale 1, of the same shape."""
        return np.asarray(np.interp(uniform, LEVELS, np.array(self.nodes)), dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        return {
            "base": round(self.base, 4),
            "groups": _rounded(self.groups),
            "nodes": [round(node, 4) for node in self.nodes],
            "scales": _rounded(self.scales),
            "shared_var": round(self.shared_var, 6),
            "noise_var": round(self.noise_var, 6),
            "seen": self.seen,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Effects":
        """KeyError, TypeError or ValueError where it was not written by `to_json`."""
        return cls(**{**told, "nodes": tuple(told["nodes"])})


def _rounded(groups: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Without what would be nothing."""
    return {
        name: {key: round(effect, 4) for key, effect in found.items() if abs(effect) >= 5e-4}
        for name, found in groups.items()
    }


def fit(
    y: Floats,
    keys: Keys,
    rounds: NDArray[np.int64],
    weights: Floats,
    *,
    scaled_by: Sequence[str] = (),
) -> Effects:
    """`y[k]` observed with `keys[group][k]`, in round `rounds[k]`. Groups are fitted in their order.

    ValueError without observations.
    """
    if not len(y):
        raise ValueError("nothing to learn from")
    base, groups = _backfit(y, keys, rounds, weights)
    residual = y - base - sum((_of(groups[name], keys[name]) for name in keys), np.zeros(len(y)))
    clipped, spread = _winsorised(residual, weights)
    shared = _shrunken(clipped, np.unique(rounds, return_inverse=True)[1], np.arange(len(y)), weights)
    noise = residual - shared.means[shared.of]
    size = np.log(np.maximum(np.abs(noise), 0.05 * spread))
    chosen = {name: keys[name] for name in scaled_by}
    scales = _backfit(size, chosen, rounds, weights)[1] if chosen else {}
    scale = np.exp(sum((_of(scales[name], keys[name]) for name in scales), np.zeros(len(y))))
    return Effects(
        base=base,
        groups=groups,
        nodes=tuple(float(node) for node in weighted_quantiles(noise / scale, weights, LEVELS)),
        scales=scales,
        shared_var=shared.between,
        noise_var=max(shared.within, 1e-9),
        seen=len(y),
    )


def weighted_quantiles(values: Floats, weights: Floats, levels: Floats) -> Floats:
    """Quantiles of a weighted sample, interpolated between the middles of its steps."""
    order = np.argsort(values, kind="stable")
    steps = np.cumsum(weights[order])
    middles = (steps - weights[order] / 2) / steps[-1]
    return np.asarray(np.interp(levels, middles, values[order]), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class _Shrunken:
    means: Floats
    of: NDArray[np.int64]
    between: float
    within: float


def _backfit(
    y: Floats, keys: Keys, rounds: NDArray[np.int64], weights: Floats
) -> tuple[float, dict[str, dict[str, float]]]:
    coded = {name: np.unique(column, return_inverse=True) for name, column in keys.items()}
    fitted = {name: np.zeros(len(names)) for name, (names, _) in coded.items()}
    base = float(weighted_quantiles(y, weights, np.array([0.5]))[0])
    for _ in range(_SWEEPS):
        for name, (_, codes) in coded.items():
            known = sum((fitted[one][coded[one][1]] for one in coded), np.zeros(len(y)))
            # Pulled in about what is known of its key: a leg that is always slow is no outlier.
            clipped = _winsorised(y - base - known, weights)[0] + fitted[name][codes]
            fitted[name] = _shrunken(clipped, codes, rounds, weights).means
        total = sum((fitted[one][coded[one][1]] for one in coded), np.zeros(len(y)))
        base = float(weighted_quantiles(y - total, weights, np.array([0.5]))[0])
    groups = {
        name: dict(zip((str(one) for one in names), (float(v) for v in fitted[name]), strict=True))
        for name, (names, _) in coded.items()
    }
    return base, groups


def _shrunken(
    values: Floats, codes: NDArray[np.int64], rounds: NDArray[np.int64], weights: Floats
) -> _Shrunken:
    """Means by code, shrunk. What one round tells of a code is one observation: it is not independent."""
    pairs, of_pair = np.unique(codes * (int(rounds.max()) + 1) + rounds, return_inverse=True)
    code = pairs // (int(rounds.max()) + 1)
    mass = np.bincount(of_pair, weights)
    mean = np.bincount(of_pair, weights * values) / mass
    weight = mass / np.bincount(of_pair)
    total = np.bincount(code, weight)
    average = np.bincount(code, weight * mean) / total
    count = total**2 / np.bincount(code, weight**2)
    spare = max(len(pairs) - len(total), 1)
    within = (
        float(np.sum((mean - average[code]) ** 2)) / spare if len(pairs) > len(total) else float(np.var(mean))
    )
    within = max(within, 1e-12)
    between = _between(average, count / within)
    average = average - float((count * average).sum() / count.sum())  # what all share is the base's
    return _Shrunken(
        means=average * between / (between + within / count), of=codes, between=between, within=within
    )


def _between(means: Floats, precisions: Floats) -> float:
    """The variance between groups, by the method of moments; none for a single group."""
    total = float(precisions.sum())
    spare = total - float((precisions**2).sum()) / total
    if len(means) < 2 or spare <= 0:
        return 0.0
    centre = float((precisions * means).sum()) / total
    excess = float((precisions * (means - centre) ** 2).sum()) - (len(means) - 1)
    return max(0.0, excess / spare)


def _winsorised(values: Floats, weights: Floats) -> tuple[Floats, float]:
    """Values pulled in to 2.5 robust standard deviations of their median, and that deviation."""
    centre = float(weighted_quantiles(values, weights, np.array([0.5]))[0])
    deviation = weighted_quantiles(np.abs(values - centre), weights, np.array([0.5]))[0]
    spread = max(1.4826 * float(deviation), 1e-6)
    return np.clip(values, centre - _CLIP * spread, centre + _CLIP * spread), spread


def _of(effects: Mapping[str, float], column: Iterable[str]) -> Floats:
    return np.array([effects[str(key)] for key in column])
