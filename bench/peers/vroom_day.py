"""VROOM on one day, at its deepest exploration. It stops by itself, usually long before its time is up.

VROOM has no limit on a tour's duration, waiting included. Where there is one, and tours break it, each
vehicle gets a window as long as the limit: around the tours of the answer before, several times over, and
spread evenly over the day.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from bench.as_week import Scale, scale_of, span_of
from bench.instance import Instance
from bench.peers.day import NOTHING, Day, DayAnswer, Rows, length
from bench.peers.fixed_days import clock_of
from bench.peers.optional import library
from bench.referee import TOLERANCE, shortest_duration

_DEEPEST = 5
_MOVES = 4  # how often vehicles' windows follow their tours
_LEAST_S = 0.05  # no less is worth asking
_THOUSANDTHS = 1000  # as VROOM's own benchmarks

Span = tuple[int, int]  # a vehicle's window


class VroomDay:
    """Exploration level 5 on one thread. Neither seeds nor starts are known to VROOM: they are left aside."""

    resumes = False

    def __init__(self) -> None:
        self.vroom = library("vroom")

    def solve(self, day: Day, seconds: float, seed: int, start: Sequence[Rows] | None = None) -> DayAnswer:
        del seed, start
        if not day.rows:
            return NOTHING
        found = list(self._answers(day, seconds))
        best = min(found, key=lambda answer: answer.rank)
        return DayAnswer(best.tours, best.cost, best.feasible, len(found))

    def _answers(self, day: Day, seconds: float) -> Iterator[DayAnswer]:
        """Without a limit on durations, and while that limit is broken, with windows that keep it."""
        instance, scale = day.instance, vroom_scale(day.instance)
        whole = (scale.up(instance.horizon[0]), scale.down(span_of(instance)))
        left = clock_of(seconds)
        answer, driven = self._drive(day, scale, [whole] * instance.vehicles, left())
        yield answer
        limit = instance.max_duration[day.day]
        if answer.feasible or math.isinf(limit):
            return
        spread = evenly(whole, scale.down(limit), instance.vehicles)
        yield self._drive(day, scale, spread, max(_LEAST_S, left()))[0]
        for _ in range(_MOVES):
            if left() <= 0:
                return
            around = [centred(span, scale.down(limit), whole) for span in driven]
            answer, driven = self._drive(day, scale, around + spread[len(around) :], left())
            yield answer

    def _drive(
        self, day: Day, scale: Scale, spans: Sequence[Span], seconds: float
    ) -> tuple[DayAnswer, list[Span]]:
        """What VROOM makes of vehicles with these windows, and when each of its tours leaves and is home."""
        told = self._told(day, scale, spans).solve(
            exploration_level=_DEEPEST, nb_threads=1, timeout=timedelta(seconds=seconds)
        )
        answer = told.to_dict()
        tours, driven = [], []
        for route in answer["routes"]:
            steps = route["steps"]
            tours.append(tuple(step["id"] for step in steps if step["type"] == "job"))
            driven.append((steps[0]["arrival"], steps[-1]["arrival"]))
        whole = not answer["unassigned"] and all(_short_enough(day, tour) for tour in tours)
        return DayAnswer(tuple(tours), length(day.instance.distance, tours), whole), driven

    def _told(self, day: Day, scale: Scale, spans: Sequence[Span]) -> Any:
        """The day in VROOM's words: location 0 is the depot, a job's id is its row."""
        vroom, instance = self.vroom, day.instance
        scaled = instance.distance[np.ix_([0, *day.rows], [0, *day.rows])] * scale.distance
        question = vroom.Input()
        question.set_durations_matrix("car", np.ceil(scaled - 1e-6))
        question.set_costs_matrix("car", np.rint(scaled))
        capacity = math.floor(min(instance.capacity[day.day], _asked(instance)) * scale.load + 1e-6)
        for k, span in enumerate(spans):
            question.add_vehicle(vroom.Vehicle(k, start=0, end=0, capacity=[capacity], time_window=span))
        for k, row in enumerate(day.rows, 1):
            customer = instance.customers[row - 1]
            late = min(customer.window[1], span_of(instance))
            job = vroom.Job(
                row,
                location=k,
                default_service=scale.up(customer.service),
                delivery=[math.ceil(customer.deliver * scale.load - 1e-6)],
                pickup=[math.ceil(customer.collect * scale.load - 1e-6)],
                time_windows=[(scale.up(customer.window[0]), scale.down(late))],
            )
            question.add_job(job)
        return question


def vroom_scale(instance: Instance) -> Scale:
    """Thousandths of distance; loads in whole numbers."""
    return Scale(_THOUSANDTHS, scale_of(instance).load)


def evenly(whole: Span, limit: int, vehicles: int) -> list[Span]:
    """Windows of length `limit` spread over the day, one per vehicle."""
    room = max(0, whole[1] - whole[0] - limit)
    begins = [whole[0] + room * k // max(1, vehicles - 1) for k in range(vehicles)]
    return [(begin, min(begin + limit, whole[1])) for begin in begins]


def centred(span: Span, limit: int, whole: Span) -> Span:
    """A window of length `limit` around the middle of a tour, inside the day."""
    begin = (span[0] + span[1] - limit) // 2
    begin = max(whole[0], min(begin, whole[1] - limit))
    return begin, min(begin + limit, whole[1])


def _short_enough(day: Day, tour: Rows) -> bool:
    duration = shortest_duration(day.instance, tour)
    return duration is not None and duration <= day.instance.max_duration[day.day] + TOLERANCE


def _asked(instance: Instance) -> float:
    """More than any vehicle could ever be asked to hold."""
    return 2 * sum(max(customer.deliver, customer.collect) for customer in instance.customers)
