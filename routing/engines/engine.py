"""The socket that every engine fits: one method, orders only."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol, runtime_checkable

from models.errors import InputError
from routing.budget import Budget
from routing.problem import WeekProblem
from routing.solution import Solution


class Engine(Protocol):
    """Plans a week as well as its budget allows.

    `solve` is given a screened problem (every day of every pattern can be served alone), and keeps every
    window, load, shift and lock; what does not fit takes a pattern with visits missing. It starts from
    `start` when one is given and never answers worse. It offers each better solution to the budget, looks
    at `budget.over` at least every 100 ms, and answers with its best. The same seed and iterations give the
    same answer.
    """

    def solve(self, problem: WeekProblem, budget: Budget, start: Solution | None = None) -> Solution: ...


@runtime_checkable
class Prepared(Protocol):
    """An engine that has something to do, once, before its first budget runs: compiling, say."""

    def prepare(self) -> None: ...


def _insertion() -> Engine:
    engine: Engine = import_module("routing.engines.insertion").Insertion()
    return engine


def _ortools() -> Engine:
    engine: Engine = import_module("routing.engines.ortools.week").OrtoolsWeek()
    return engine


def _periodic() -> Engine:
    engine: Engine = import_module("routing.engines.periodic.engine").Periodic()
    return engine


# An engine's libraries are loaded when it is chosen, so that naming the others costs nothing.
ENGINES: Mapping[str, Callable[[], Engine]] = {
    "periodic": _periodic,
    "ortools": _ortools,
    "insertion": _insertion,
}
DEFAULT_ENGINE = "periodic"


def engine_named(name: str) -> Engine:
    """The engine of that name; InputError names those that exist."""
    if name not in ENGINES:
        raise InputError(f"Le moteur « {name} » n'existe pas. Choisissez parmi : {', '.join(ENGINES)}.")
    return ENGINES[name]()
