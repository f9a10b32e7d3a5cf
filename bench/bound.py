"""How good a plan could be at best: one JSON line per public instance, or for the default network's week.

    python -m bench bound FILE… [--seconds 300] [--start 20]
    python -m bench bound --house 2026-W49 [--seconds 300] [--start 20]

`start` seconds of planning come first, in a process of their own: they give the plan that the proof starts
from, and the cost that the house's week is measured against; a public instance is measured against its best
known value. `gap` is 100 × (1 − bound / that). Compiling comes before the clock starts. `cpu_s` is what
the processor spent in `seconds`, other processes being at work.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from api.services.assemble import assemble
from api.services.folder import open_folder
from bench.as_week import as_week, scale_of
from bench.formats.bks import read_reference
from bench.formats.read import read_instance
from bench.machine import facts
from models.errors import InputError, NavetteError
from models.network.read import default_folder
from models.service_day import IsoWeek
from routing.bound import lower_bound
from routing.bound.prepare import prepare
from routing.child import Asked, Solver
from routing.engines.engine import DEFAULT_ENGINE, ENGINES
from routing.problem import WeekProblem

_MC_PER_EURO = 100_000


def main() -> int:
    asked = _arguments()
    try:
        if not asked.files and not asked.house:
            raise InputError("Rien à mesurer. Donnez des fichiers, ou --house 2026-W49.")
        prepare()
        machine = facts("ortools", "numba", "numpy")
        print(json.dumps({"what": "machine", **machine, "command": _command(asked)}), flush=True)
        for path in asked.files:
            instance = read_instance(path)
            reference = read_reference(path)
            line = _measure(as_week(instance), asked, 1 / scale_of(instance).distance)
            _say(instance.name, line, "bks", reference.cost if reference else None)
        if asked.house:
            territory = open_folder(default_folder())
            week = assemble(territory.network, territory.travel, IsoWeek.parse(asked.house))
            line = _measure(week.problem, asked, 1 / _MC_PER_EURO)
            _say(f"{territory.network.id} {asked.house}", line, "plan", float(str(line["plan_cost"])))
    except NavetteError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _measure(problem: WeekProblem, asked: argparse.Namespace, per_mc: float) -> dict[str, object]:
    """Plan, then prove; costs in the instance's own unit."""
    result = Solver(problem, Asked(engine=asked.engine, seconds=asked.start, seed=1)).run().result
    began = time.process_time()
    bound = lower_bound(result.problem, seconds=asked.seconds, solution=result.solution)
    return {
        "bound": round(bound.bound_mc * per_mc, 4),
        "plan_cost": round(result.cost.total_mc * per_mc, 4),
        "finished": bound.finished,
        "columns": bound.columns,
        "pricings": bound.pricings,
        "seconds": round(bound.spent_s, 1),
        "cpu_s": round(time.process_time() - began, 1),
        "budget_s": asked.seconds,
        "start_s": asked.start,
        "start_engine": asked.engine,
    }


def _say(instance: str, line: dict[str, object], measured_against: str, cost: float | None) -> None:
    gap = None if not cost else round(100 * (1 - float(str(line["bound"])) / cost), 3)
    told = {"instance": instance, **line, "against": measured_against, "best": cost, "gap": gap}
    print(json.dumps(told, ensure_ascii=False), flush=True)


def _command(asked: argparse.Namespace) -> str:
    """What was asked, without the folders of this machine."""
    house = ["--house", asked.house] if asked.house else []
    options = ["--seconds", f"{asked.seconds:g}", "--start", f"{asked.start:g}", "--engine", asked.engine]
    return " ".join(["python -m bench bound", *(path.name for path in asked.files), *house, *options])


def _arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--house", metavar="WEEK")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--start", type=float, default=20.0)
    parser.add_argument("--engine", default=DEFAULT_ENGINE, choices=list(ENGINES))
    return parser.parse_args(arguments)
