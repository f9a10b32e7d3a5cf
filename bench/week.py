"""How fast and how good the week of the default network is planned.

    python -m bench.week [--seconds 5 20 60] [--seeds 1 2 3] [--week 2026-W49]

One JSON line per measurement: what a fresh interpreter pays to import the core, what each engine reaches in a
given time, and the whole of `navette plan`, drawing included.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from api.services.assemble import assemble
from api.services.folder import open_folder
from bench.machine import facts
from models.network.read import default_folder
from models.service_day import IsoWeek
from routing.child import Asked, Solver

REPEATS = 7


def main() -> None:
    wanted = _arguments()
    week = IsoWeek.parse(wanted.week)
    _say(what="machine", **facts("ortools", "numba", "numpy", "folium", "typst"))
    for module in ("routing", "routing.solve", "api.cli"):
        _say(what=f"import {module}", median_s=_import_s(module), runs=REPEATS)
    _engine(week, Asked(engine="insertion", seconds=60))
    for seconds in wanted.seconds:
        for seed in wanted.seeds:
            for engine in ("periodic", "ortools"):
                _engine(week, Asked(engine=engine, seconds=seconds, seed=seed))
    _whole(wanted.week)


def _import_s(module: str) -> float:
    """Median seconds that importing adds to starting an interpreter."""
    bare = [_run_s("pass") for _ in range(REPEATS)]
    full = [_run_s(f"import {module}") for _ in range(REPEATS)]
    return round(statistics.median(full) - statistics.median(bare), 3)


def _run_s(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def _engine(week: IsoWeek, asked: Asked) -> None:
    territory = open_folder(default_folder())
    question = assemble(territory.network, territory.travel, week)
    began = time.perf_counter()
    run = Solver(question.problem, asked).run()
    schedules = run.result.schedules.values()
    _say(
        what="engine",
        engine=asked.engine,
        budget_s=asked.seconds,
        seed=asked.seed,
        cost_eur=round(run.result.cost.total_mc / 100_000, 2),
        km=round(sum(timed.distance_m for timed in schedules) / 1000, 1),
        hours=round(sum(timed.duty_s for timed in schedules) / 3600, 2),
        rounds=len(run.result.schedules),
        missing=sum(entry.missing for entry in run.result.unassigned),
        iterations=run.iterations,
        process_s=round(time.perf_counter() - began, 2),
    )


def _whole(week: str) -> None:
    """`navette plan` with its default budget, in a process of its own, as a coordinator waits for it."""
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "api.cli", "plan", "--week", week, "--out", out],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        wall = time.perf_counter() - began
        sizes = {path.name: path.stat().st_size for path in (Path(out) / week).iterdir()}
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    _say(what="navette plan", wall_s=round(wall, 1), largest_process_mb=round(peak / 1024), bytes=sizes)


def _say(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, nargs="+", default=[5, 20])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--week", default="2026-W49")
    return parser.parse_args()


if __name__ == "__main__":
    main()
