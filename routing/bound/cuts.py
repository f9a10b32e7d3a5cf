"""Cuts: of three stops that are visited so many times in all, how many rounds can have two of them?

Subset-row cuts (Jepsen, Petersen, Spoorendonk & Pisinger 2008), over one day or over the whole week: when the
visits of three stops add up to at most m, at most ⌊m/2⌋ rounds bring two of them together. Rounds of mixtures
often break that by halves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from routing.bound.columns import Column
from routing.bound.groups import Group
from routing.problem import WeekProblem

MOST = 60  # cuts that one group's labels can tell apart
_BROKEN = 0.03  # by how much a cut must be broken to be worth its trouble
_EACH = 12  # cuts added at a time
_WIDE = 60  # stops looked at together: all triples of them are tried


@dataclass(frozen=True, slots=True)
class Cut:
    """Every second visit of a round to `stops`, on one of `days`, counts; counts add up to `most` at most."""

    stops: tuple[int, ...]
    days: tuple[int, ...]
    most: int

    def times(self, column: Column, groups: tuple[Group, ...]) -> int:
        """How often a round counts."""
        if groups[column.group].day not in self.days:
            return 0
        return sum(column.stops.count(stop) for stop in self.stops) // 2


def broken_cuts(
    problem: WeekProblem, groups: tuple[Group, ...], used: list[tuple[Column, float]], known: set[Cut]
) -> list[Cut]:
    """The cuts that a mixture of rounds breaks most, single days and the whole week."""
    spans: list[tuple[int, ...]] = [(day,) for day in range(problem.days)]
    spans += [tuple(range(problem.days))] if problem.days > 1 else []
    found = [entry for days in spans for entry in _broken_in(problem, groups, used, days)]
    found.sort(key=lambda entry: (-entry[0], entry[1].stops, entry[1].days))
    return [cut for _, cut in found if cut not in known][:_EACH]


def _broken_in(
    problem: WeekProblem,
    groups: tuple[Group, ...],
    used: list[tuple[Column, float]],
    days: tuple[int, ...],
) -> Iterable[tuple[float, Cut]]:
    mixed = [(c, share) for c, share in used if groups[c.group].day in days and share < 1 - 1e-6]
    stops = sorted({stop for column, _ in mixed for stop in column.stops})[:_WIDE]
    if len(stops) < 3:
        return
    owed = [max(len(set(p.days) & set(days)) for p in problem.stops[stop].patterns) for stop in stops]
    visits = np.array([[column.stops.count(stop) for stop in stops] for column, _ in mixed], np.int64)
    shares = np.array([share for _, share in mixed])
    triples = np.array([t for t in combinations(range(len(stops)), 3) if sum(owed[k] for k in t) % 2])
    if not len(triples):
        return
    most = np.array([sum(owed[k] for k in t) // 2 for t in triples])
    excess = shares @ (visits[:, triples].sum(axis=2) // 2) - most
    for k in np.flatnonzero(excess > _BROKEN):
        yield float(excess[k]), Cut(tuple(stops[i] for i in triples[k]), days, int(most[k]))
