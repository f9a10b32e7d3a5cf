"""VROOM on one day of a shuttle, at its deepest exploration: several windows and pauses are its own words.

It pays for hours on the road, not for waiting or service, and has no prize for a visit: dearer visits get a
higher priority. It has no bound on a duty, no pairs and no positions: those are left to the mending.
"""

from datetime import timedelta
from typing import Any

import numpy as np

from bench.peers.optional import library
from bench.peers.shuttle_day import Orders, ShuttleDay
from routing.problem import Shift

_DEEPEST = 5
_HIGHEST = 100  # VROOM's priorities
_LEAST_S = 0.05


class VroomShuttleDay:
    """Exploration level 5 on one thread. Neither seeds nor starts are known to VROOM: they are left aside."""

    resumes = False

    def __init__(self) -> None:
        self.vroom = library("vroom")

    def solve(
        self, day: ShuttleDay, seconds: float, seed: int, start: Orders | None = None
    ) -> tuple[Orders, int]:
        del seed, start
        answer = self._told(day).solve(
            exploration_level=_DEEPEST, nb_threads=1, timeout=timedelta(seconds=max(_LEAST_S, seconds))
        )
        found = {}
        for route in answer.to_dict()["routes"]:
            stops = tuple(step["id"] for step in route["steps"] if step["type"] == "job")
            if stops:
                found[int(route["vehicle"])] = stops
        return found, 1

    def _told(self, day: ShuttleDay) -> Any:
        """The day in VROOM's words: a vehicle's id is its shift, a job's its stop; locations are places."""
        problem, question = day.problem, self.vroom.Input()
        for index in day.shifts:
            percent = str(problem.shifts[index].speed_percent)
            question.set_durations_matrix(percent, np.array(problem.seconds(index), np.uint32))
            question.set_distances_matrix(percent, problem.travel.metres.astype(np.uint32))
        skills = _skills(day)
        for index in day.shifts:
            has = {skill for allowed, skill in skills.items() if index in allowed}
            question.add_vehicle(self._vehicle(index, problem.shifts[index], has))
        highest = max([1, *day.worth.values()])
        for stop, worth in day.worth.items():
            asked = problem.stops[stop]
            if asked.windows[day.day]:
                job = self.vroom.Job(
                    stop,
                    location=asked.place,
                    default_service=asked.service_s,
                    delivery=[asked.deliver],
                    pickup=[asked.collect],
                    skills={skills[_allowed(day, stop)]},
                    priority=max(0, _HIGHEST * worth // highest),
                    time_windows=[(w.early, w.late) for w in asked.windows[day.day]],
                )
                question.add_job(job)
        return question

    def _vehicle(self, index: int, shift: Shift, skills: set[int]) -> Any:
        rest = shift.pause
        pauses = []
        if rest is not None:
            window = self.vroom.TimeWindow(rest.window.early, rest.window.late)
            pauses.append(self.vroom.Break(index, time_windows=[window], service=rest.length_s))
        return self.vroom.Vehicle(
            index,
            start=shift.start,
            end=shift.end,
            profile=str(shift.speed_percent),
            capacity=[shift.capacity],
            skills=skills,
            time_window=(shift.window.early, shift.window.late),
            breaks=pauses,
            costs=self.vroom.VehicleCosts(
                fixed=shift.fixed_cents, per_hour=shift.hour_cents, per_km=shift.km_cents
            ),
        )


def _skills(day: ShuttleDay) -> dict[frozenset[int], int]:
    """A number for each set of shifts that some visit is allowed."""
    sets = dict.fromkeys(_allowed(day, stop) for stop in day.worth)
    return {allowed: number for number, allowed in enumerate(sets, 1)}


def _allowed(day: ShuttleDay, stop: int) -> frozenset[int]:
    return frozenset(shift for shift in day.shifts if day.problem.allows(stop, shift))
