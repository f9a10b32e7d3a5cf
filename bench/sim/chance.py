"""Chance with names: what is drawn for one thing does not depend on what is drawn for another."""

import math
from random import Random


def stream(*names: object) -> Random:
    """Draws that are the same for the same names, whatever else was drawn before."""
    return Random("/".join(map(str, names)))


def factor(chance: Random, sd: float) -> float:
    """A lognormal factor with median 1; `sd` of its logarithm."""
    return math.exp(chance.gauss(0.0, sd))


def pareto(chance: Random, least: float, shape: float, most: float) -> float:
    """At least `least`, with a tail that thins as x^-shape, cut at `most`."""
    return min(most, least * math.exp(-math.log(1.0 - chance.random()) / shape))


def poisson(chance: Random, mean: float) -> int:
    """How many events of a mean that is small: by multiplying what is left."""
    if mean <= 0:
        return 0
    limit, product, found = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        found += 1
    return found


def happens(chance: Random, share: float) -> bool:
    return chance.random() < share


def some(chance: Random, among: int, share: float) -> int:
    """How many of so many things, each by itself."""
    return sum(chance.random() < share for _ in range(among))
