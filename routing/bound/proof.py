"""From any prizes for visits to a bound, in whole numbers: weak prizes prove little, never too much.

Take the covering of visits and the cuts out of the weekly programme; pay a prize for each visit and a fine
for each count of a cut instead (Lagrange). What is left falls apart: each stop takes its cheapest pattern,
prizes paid; each group drives as many as it has of its cheapest round, prizes earned and fines paid, if that
is worth leaving. The sum, less what the cuts allow for nothing, is below the cost of every plan, whatever the
prizes and fines, as long as none is negative.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.bound.cuts import Cut
from routing.bound.groups import Group
from routing.bound.units import PER_CENT, PER_MC
from routing.problem import WeekProblem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prizes:
    """What visits and counts of cuts are worth, in the unit of prices: advice from the programme.

    `visits[i, d]` a visit to stop i on day d, `fines[c]` a count of cut c, `seats[g]` (never positive) what
    the cheapest round of group g is about to cost, prizes earned.
    """

    visits: Floats
    seats: Floats
    fines: Floats

    @classmethod
    def none(cls, problem: WeekProblem, groups: tuple[Group, ...]) -> "Prizes":
        return cls(
            visits=np.zeros((len(problem.stops), problem.days)),
            seats=np.zeros(len(groups)),
            fines=np.zeros(0),
        )

    def towards(self, other: "Prizes", share: float) -> "Prizes":
        """`share` of these, and the rest of the other; cuts that these do not know yet are without fine."""
        fines = np.zeros(len(other.fines))
        fines[: len(self.fines)] = self.fines
        return Prizes(
            visits=share * self.visits + (1 - share) * other.visits,
            seats=share * self.seats + (1 - share) * other.seats,
            fines=share * fines + (1 - share) * other.fines,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """Prizes in whole units, none below zero; `cutoffs[g]` is at most zero."""

    visits: Ints
    cutoffs: Ints
    fines: Ints

    @classmethod
    def of(cls, prizes: Prizes) -> "Whole":
        return cls(
            visits=np.rint(np.maximum(prizes.visits, 0.0)).astype(np.int64),
            cutoffs=np.floor(np.minimum(prizes.seats, 0.0)).astype(np.int64),
            fines=np.rint(np.maximum(prizes.fines, 0.0)).astype(np.int64),
        )


def proven(
    problem: WeekProblem, groups: tuple[Group, ...], cuts: list[Cut], prizes: Whole, least: list[int]
) -> int:
    """The bound; `least[g]` is at most what any round of group g costs, prizes earned and fines paid."""
    days = sum(
        min(p.cents * PER_CENT + sum(int(prizes.visits[i, d]) for d in p.days) for p in stop.patterns)
        for i, stop in enumerate(problem.stops)
    )
    rounds = sum(group.size * min(0, price) for group, price in zip(groups, least, strict=True))
    free = sum(cut.most * int(fine) for cut, fine in zip(cuts, prizes.fines, strict=True))
    return days + rounds - free


def in_mc(units: int) -> int:
    """Thousandths of a cent, rounded up: a plan costs a whole number of them."""
    return -(-units // PER_MC)
