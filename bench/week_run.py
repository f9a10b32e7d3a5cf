"""One engine on one week: one JSON line, all judged alike by `routing.check` and `routing.objective`.

    python -m bench week-run --engine periodic --seconds 20 --seed 1 [--week 2026-W49 | --sites 450 --land 1]

`cost` is in cents, and `terms` says of what; `missing` counts visits owed and not planned; `waits_h` are the
driver's hours in front of closed doors, `hours` all that is paid. What is compiled or loaded once is not
taken from an engine's time; screening, which all engines are spared, is.
"""

import argparse
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import fields
from functools import partial

from bench.peers.shuttle_names import SHUTTLE_PEERS
from bench.week_case import Case, case_of
from models.errors import InputError, NavetteError
from routing.budget import Budget
from routing.check import complaints
from routing.engines.engine import ENGINES, Engine, Prepared, engine_named
from routing.objective import MC, Cost, cost_of
from routing.problem import WeekProblem
from routing.schedule import schedule
from routing.screen import screen
from routing.solution import Cause, Reason, Solution, Unassigned

_WARM_SITES, _WARM_S = 6, 300.0


def main() -> int:
    """Exit code 2 for an engine or a week that does not exist."""
    asked = arguments().parse_args()
    try:
        case = case_of(asked.week, asked.sites, asked.land)
        engine = warmed(asked.engine)
        print(json.dumps(line_of(case, asked.engine, engine, Budget(seconds=asked.seconds, seed=asked.seed))))
    except NavetteError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", default="periodic", help=", ".join([*ENGINES, *SHUTTLE_PEERS]))
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--week", default="2026-W49")
    parser.add_argument("--sites", type=int, help="a synthetic week of so many sites")
    parser.add_argument("--land", type=int, default=1, help="the seed of the synthetic week")
    return parser


def warmed(name: str) -> Engine:
    """An engine or a peer with all that it compiles or loads once behind it; InputError names them all."""
    engines: dict[str, Callable[[], Engine]] = {**SHUTTLE_PEERS}
    engines |= {known: partial(engine_named, known) for known in ENGINES}
    if name not in engines:
        raise InputError(f"Le moteur « {name} » n'existe pas. Choisissez parmi : {', '.join(engines)}.")
    engine = engines[name]()
    if isinstance(engine, Prepared):
        engine.prepare()
    small, _ = screen(case_of("2026-W49", _WARM_SITES, 1).problem)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        engine.solve(small, Budget(seconds=_WARM_S if name in ENGINES else 0.5, iterations=3))
    return engine


def line_of(case: Case, name: str, engine: Engine, budget: Budget) -> dict[str, object]:
    """Solve and judge; the budget's clock has hardly begun."""
    began, spent = time.perf_counter(), _cpu_s()
    budget = Budget(seconds=budget.seconds, seed=budget.seed)
    problem, reasons = screen(case.problem)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyVRP warns of penalties at their ceiling: the referee will see
        solution = engine.solve(problem, budget)
    seconds, cpu = time.perf_counter() - began, _cpu_s() - spent
    line: dict[str, object] = {
        "set": case.folder,
        "instance": case.name,
        "engine": name,
        **told(problem, solution, reasons),
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu, 2),
        "iterations": budget.used,
        "seed": budget.seed,
        "budget_s": budget.seconds,
        "bks": None,
        "gap": None,
    }
    return line


def told(problem: WeekProblem, solution: Solution, reasons: dict[int, Reason]) -> dict[str, object]:
    """What the referee makes of an answer to a screened problem."""
    clocks = {route.shift: schedule(problem, route) for route in solution.routes}
    missing = {
        k: stop.patterns[choice].missing
        for k, (stop, choice) in enumerate(zip(problem.stops, solution.patterns, strict=True))
        if stop.patterns[choice].missing
    }
    nowhere = Reason(Cause.NO_ROOM)
    unassigned = tuple(
        Unassigned(stop=k, missing=count, reason=reasons.get(k, nowhere)) for k, count in missing.items()
    )
    found = complaints(problem, solution, clocks, unassigned)
    cost = cost_of(problem, solution, clocks)
    halts = [halt for clock in clocks.values() for halt in clock.halts]
    line: dict[str, object] = {
        "cost": round(cost.total_mc / MC, 1),
        "feasible": not found,
        "km": round(sum(clock.distance_m for clock in clocks.values()) / 1000, 1),
        "hours": round(sum(clock.duty_s for clock in clocks.values()) / 3600, 2),
        "waits_h": round(sum(halt.wait_s for halt in halts) / 3600, 2),
        "rounds": len(clocks),
        "visits": len(halts),
        "missing": sum(missing.values()),
        "terms": _terms(cost),
    }
    return line | ({"complaints": found[:3]} if found else {})


def _terms(cost: Cost) -> dict[str, int]:
    """Whole cents, for every term that is not nothing."""
    named = {field.name.removesuffix("_mc"): getattr(cost, field.name) for field in fields(cost)}
    return {name: round(figure / MC) for name, figure in named.items() if figure}


def _cpu_s() -> float:
    """Of this process and of those that it has waited for."""
    return sum(os.times()[:4])
