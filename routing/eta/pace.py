"""What the day's legs, or visits, have in common: unknown before the round, known better with each fact.

A round's pace is drawn from N(0, shared_var); what was driven so far pulls it (the normal posterior mean and
variance, residuals Winsorised so that one closed bridge is not a slow driver).
"""

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.special import ndtri

from routing.eta.effects import Effects, Floats

_CLIP = 2.5


def pace(effects: Effects, driven: Iterable[tuple[float, Mapping[str, str]]], uniform: Floats) -> Floats:
    """`driven`: (logarithm of actual over usual, keys) of today → [scenarios] of the day's effect."""
    shared, noise = effects.shared_var, max(effects.noise_var, 1e-9)
    if shared <= 0:
        return np.zeros(uniform.size)
    limit = _CLIP * noise**0.5
    gaps = [float(np.clip(y - effects.mean(keys), -limit, limit)) for y, keys in driven]
    precision = 1 / shared + len(gaps) / noise
    centre = sum(gaps) / noise / precision
    return np.asarray(centre + ndtri(uniform) / precision**0.5, dtype=np.float64)
