"""What libraries are used to: the hours told to them, as prices on changing days and hours."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from api.services.assemble import DAYS, WeekAsked
from models.plan import Plan
from routing.problem import Pattern

Told: TypeAlias = Mapping[str, Mapping[int, int]]


def told_by(plan: Plan) -> Told:
    """site → weekday (0: Monday) → the planned second of its first visit on that day."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for tour in plan.rounds:
        for visit in tour.visits:
            hours = found[visit.site]
            day = tour.date.weekday()
            hours[day] = min(visit.begin_s, hours.get(day, visit.begin_s))
    return found


def with_habit(asked: WeekAsked, told: Told) -> WeekAsked:
    """The same week, where moving what was told has its price: `Rules.habit_cents` for each visit whose hour
    moves beyond the tolerance, as much for each that moves to another day.
    """
    price = asked.network.rules.habit_cents
    stops = tuple(
        replace(
            stop,
            announced=tuple(told.get(stop.id, {}).get(day) for day in range(DAYS)),
            habit_cents=price,
            patterns=tuple(_priced(pattern, told.get(stop.id, {}), price) for pattern in stop.patterns),
        )
        for stop in asked.problem.stops
    )
    return replace(asked, problem=replace(asked.problem, stops=stops))


def moved_days(days: frozenset[int], told: frozenset[int]) -> int:
    """How many visits stand on another day than they used to; those added or given up are none."""
    return min(len(told - days), len(days - told))


def _priced(pattern: Pattern, told: Mapping[int, int], price: int) -> Pattern:
    return replace(pattern, habit_cents=price * moved_days(frozenset(pattern.days), frozenset(told)))
