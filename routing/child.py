"""Solve in a child process: the caller stays free, can stop it at any moment, and keeps the best so far."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.errors import EngineError, InputError
from routing.codec import dump_problem, load_solution
from routing.engines.engine import DEFAULT_ENGINE
from routing.problem import WeekProblem
from routing.screen import screen
from routing.solution import Solution
from routing.solve import Result, judged

_GRACE_S = 3.0  # how long a child that was asked to stop may take to hand in its answer


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
        self._request = {"problem": dump_problem(problem), "budget": budget, "engine": asked.engine}
        self._listener, self._preparing = listener, preparing
        self._child: subprocess.Popen[str] | None = None
        self._stopped = False

    def run(self) -> Run:
        """Solve. EngineError when the child answered nothing or its answer fell before the referee."""
        began = time.monotonic()
        # A session of its own: Ctrl-C in the terminal reaches the caller alone, who then calls `stop`.
        self._child = subprocess.Popen(
            [sys.executable, "-m", "routing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        if self._stopped:
            self.stop()
        try:
            best, ending = self._converse(self._child)
        finally:
            self._end()
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
        """Ask the child for its best so far; end it if it does not answer within three seconds."""
        self._stopped = True
        child = self._child
        if child is None or child.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGTERM)
        timer = threading.Timer(_GRACE_S, child.kill)
        timer.daemon = True
        timer.start()

    def _converse(self, child: "subprocess.Popen[str]") -> tuple[Solution | None, dict[str, Any]]:
        best: Solution | None = None
        ending: dict[str, Any] = {}
        assert child.stdin
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(json.dumps(self._request))
            child.stdin.close()
        while True:
            line = self._next_line(child)
            if line is None:
                return best, ending
            if line["kind"] == "preparing":
                self._preparing()
                continue
            if line["kind"] == "error":
                raise (InputError if child.wait() == 2 else EngineError)(line["message"])
            best = load_solution(line["solution"])
            if line["kind"] == "result":
                ending = line
            else:
                self._listener(_told(line))

    def _next_line(self, child: "subprocess.Popen[str]") -> dict[str, Any] | None:
        assert child.stdout
        text = child.stdout.readline()
        if not text.endswith("\n"):  # the child is gone, perhaps in the middle of a line
            return None
        line: dict[str, Any] = json.loads(text)
        return line

    def _end(self) -> None:
        child = self._child
        if child is not None:
            if child.poll() is None and not self._stopped:
                child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()


def _told(line: dict[str, Any]) -> Told:
    return Told(
        cost_eur=sum(line["cost"].values()) / 100_000,
        missing=line["missing"],
        iterations=line["iterations"],
        spent_s=line["spent_s"],
    )
