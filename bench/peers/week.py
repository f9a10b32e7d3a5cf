"""A week in a peer's hands: a pattern for each customer, tours for each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.instance import Instance, Week
from bench.peers.day import Day, DayAnswer


@dataclass(frozen=True, slots=True)
class WeekAnswer:
    """What a peer answers: tours by customer number, and how many of its own iterations it took."""

    week: Week
    iterations: int


class Peer(Protocol):
    """Plans a whole instance in `seconds`, on one core."""

    def solve(self, instance: Instance, seconds: float, seed: int) -> WeekAnswer: ...


def days_by_choice(instance: Instance, choice: Sequence[int]) -> list[Day]:
    """The days that follow from a pattern index per customer."""
    chosen = [customer.patterns[k] for customer, k in zip(instance.customers, choice, strict=True)]
    return [
        Day(instance, day, tuple(k + 1 for k, pattern in enumerate(chosen) if day in pattern))
        for day in range(instance.days)
    ]


def as_answer(instance: Instance, days: Sequence[DayAnswer], iterations: int) -> WeekAnswer:
    """Rows of the matrix → the file's customer numbers."""
    week = tuple(
        tuple(tuple(instance.customers[row - 1].number for row in tour) for tour in day.tours) for day in days
    )
    return WeekAnswer(week, iterations)


def rank(days: Sequence[DayAnswer]) -> tuple[int, float]:
    """Days that do not hold, then total distance: the least is the best."""
    return sum(not day.feasible for day in days), sum(day.cost for day in days)
