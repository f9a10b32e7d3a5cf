"""Solve in a child process: the caller stays free, can stop it at any moment, and keeps the best so far."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.errors import EngineError
from routing.child_process import Child
from routing.codec import dump_problem, load_solution
from routing.engines.engine import DEFAULT_ENGINE
from routing.problem import WeekProblem
from routing.screen import screen
from routing.solution import Solution
from routing.solve import Result, judged


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What to solve with: an engine and its budget (see `routing.budget`)."""

    engine: str = DEFAULT_ENGINE
    seconds: float | None = None
    iterations: int | None = None
    seed: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A line of progress: total cost in euros, visits missing, iterations and seconds spent."""

    cost_eur: float
    missing: int
    iterations: int
    spent_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A verified result, and how the child came to it. `interrupted`: it was stopped before its budget."""

    result: Result
    iterations: int
    spent_s: float
    interrupted: bool


class Solver:
    """One solve in one child process.

    `run` blocks and calls `listener` from this thread for every incumbent, `preparing` before the budget
    begins to run if the engine has something to compile. `stop`, from any thread or
    signal handler, makes `run` return the best so far. A child that dies leaves its last incumbent.
    """

    def __init__(
        self,
        problem: WeekProblem,
        asked: Asked,
        listener: Callable[[Told], None] = lambda _: None,
        preparing: Callable[[], None] = lambda: None,
    ) -> None:
        self._problem = problem
        budget = {"seconds": asked.seconds, "iterations": asked.iterations, "seed": asked.seed}
        request = {"problem": dump_problem(problem), "budget": budget, "engine": asked.engine}
        self.child = Child("routing", request)
        self._listener, self._preparing = listener, preparing

    def run(self) -> Run:
        """Solve. EngineError when the child answered nothing or its answer fell before the referee."""
        began = time.monotonic()
        best: Solution | None = None
        ending: dict[str, Any] = {}
        for line in self.child.lines():
            if line["kind"] == "preparing":
                self._preparing()
                continue
            best = load_solution(line["solution"])
            if line["kind"] == "result":
                ending = line
            else:
                self._listener(_told(line))
        if best is None:
            raise EngineError("Le calcul s'est arrêté sans proposer de plan. Relancez-le.")
        screened, reasons = screen(self._problem)
        return Run(
            result=judged(screened, best, reasons),
            iterations=int(ending.get("iterations", 0)),
            spent_s=float(ending.get("spent_s", time.monotonic() - began)),
            interrupted=bool(ending.get("interrupted", True)),
        )

    def stop(self) -> None:
        self.child.stop()


def _told(line: dict[str, Any]) -> Told:
    return Told(
        cost_eur=sum(line["cost"].values()) / 100_000,
        missing=line["missing"],
        iterations=line["iterations"],
        spent_s=line["spent_s"],
    )
