"""Fixed scenarios, the same uniform numbers for every prediction: the same facts give the same answer.

Each quantity has every stratum (k + ½)/SCENARIOS once, in an order of its own: Latin hypercube sampling
(McKay, Beckman & Conover 1979). One quantity alone thus has its exact quantiles, and sums are spread as they
should be.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SCENARIOS = 256
_SEED = 20261124
_KINDS = {"travel": 0, "service": 1, "skip": 2, "closed": 3}
_BLOCK = 64


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Uniform numbers in (0, 1): `once` [3, scenarios] for the round (its leaving, pace on the road, pace at
    doors), `each` [4, halts, scenarios] for what happens at each halt."""

    once: NDArray[np.float64]
    each: NDArray[np.float64]

    def of(self, kind: str) -> NDArray[np.float64]:
        """[halts, scenarios] of « travel », « service », « skip » or « closed »."""
        return np.asarray(self.each[_KINDS[kind]], dtype=np.float64)


def draws(halts: int) -> Draws:
    """For a round of at least so many halts; the k-th halt has the same numbers however many follow."""
    return _draws(-(-halts // _BLOCK) * _BLOCK)


@lru_cache(maxsize=8)
def _draws(halts: int) -> Draws:
    rng = np.random.default_rng(_SEED)
    strata = (np.arange(SCENARIOS) + 0.5) / SCENARIOS
    once = np.array([rng.permutation(strata) for _ in range(3)])
    each = np.array([[rng.permutation(strata) for _ in _KINDS] for _ in range(max(halts, _BLOCK))])
    return Draws(once=once, each=np.ascontiguousarray(each.transpose(1, 0, 2)))
