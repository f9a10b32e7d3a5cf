"""Navette's own engines on a public instance, in this very process."""

import time
from collections.abc import Callable

import numpy as np

from bench.as_week import as_published, as_week
from bench.instance import Customer, Instance
from bench.peers.week import WeekAnswer
from routing.budget import Budget
from routing.engines.engine import Engine, Prepared, engine_named
from routing.screen import screen


class HouseEngine:
    """An engine by its name, warmed up: what it compiles or loads once is not taken from its time.

    `clock` says what a second is: one on the wall, or one that the processor gives this process.
    """

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._engine: Engine = engine_named(name)
        if isinstance(self._engine, Prepared):
            self._engine.prepare()
        first, _ = screen(as_week(handful()))
        self._engine.solve(first, Budget(seconds=300.0, iterations=3))

    def solve(self, instance: Instance, seconds: float, seed: int) -> WeekAnswer:
        """Turning figures into whole numbers and screening are part of the time, as in a real plan."""
        budget = Budget(seconds=seconds, seed=seed, clock=self._clock)
        problem, _ = screen(as_week(instance))
        solution = self._engine.solve(problem, budget)
        return WeekAnswer(as_published(instance, problem, solution), budget.used)


def handful() -> Instance:
    """Four customers, two days, windows and a limit on durations: a glimpse of everything."""
    places = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [2, 1]], np.float64)
    apart = np.abs(places[:, None] - places[None]).sum(axis=-1)
    patterns = ((0,), (1,), (0, 1))
    customers = tuple(
        Customer(number=k, deliver=1, collect=1, service=1, window=(0, 90), patterns=patterns[:k])
        for k in range(1, 5)
    )
    return Instance(
        name="handful",
        family="pvrptw",
        days=2,
        vehicles=2,
        customers=customers,
        distance=apart,
        capacity=(4.0, 4.0),
        max_duration=(50.0, 50.0),
        horizon=(0.0, 100.0),
    )
