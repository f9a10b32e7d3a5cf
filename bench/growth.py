"""How the time of a turn grows with the size of the week, for an engine that counts its turns.

    python -m bench growth [--sites 45 90 180 360 720] [--seconds 10] [--repeats 3]
        [--out bench/results/NAME.jsonl] [--plot OUT.svg]

Synthetic weeks, begun from the house's insertion, so that turns alone are measured: from the engine's first
look at its budget to its last, in seconds that the processor gave this process (all its threads, not its
children), so that what else the machine does hardly counts. One JSON line per run, then a table of medians,
and by which power of the size the time of a turn grows: 0 where it is as long whatever the size, 1 where it
is in proportion.
"""

import argparse
import json
import math
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from bench.campaign import machine_line, say
from bench.growth_plot import Point, curve
from bench.results_file import Line, append
from bench.synthetic import synthetic_week
from bench.week_run import warmed
from routing.budget import Budget
from routing.engines.insertion import Insertion
from routing.screen import screen


class Watched(Budget):
    """A budget that notes when turns were counted, in processor seconds."""

    def __init__(self, *, seconds: float, seed: int) -> None:
        super().__init__(seconds=seconds, seed=seed)
        self.noted: list[tuple[float, int]] = []

    def step(self, iterations: int = 1) -> None:
        super().step(iterations)
        self.noted.append((time.process_time(), self.used))

    @property
    def pace(self) -> float:
        """Turns per second between first and last; 0.0 when they were counted less than twice."""
        if len(self.noted) < 2:
            return 0.0
        (began, first), (ended, last) = self.noted[0], self.noted[-1]
        return (last - first) / max(1e-9, ended - began)


def main() -> int:
    """A table in Markdown on stdout."""
    asked = _arguments()
    engine = warmed(asked.engine)
    if asked.out:
        append(asked.out, machine_line())
    paces: dict[int, list[float]] = defaultdict(list)
    for sites in asked.sites:
        problem, _ = screen(synthetic_week(sites))
        start = Insertion().solve(problem, Budget(seconds=asked.start_seconds))
        for seed in range(1, asked.repeats + 1):
            budget = Watched(seconds=asked.seconds, seed=seed)
            engine.solve(problem, budget, start)
            line: Line = {
                "what": "growth",
                "method": asked.engine,
                "sites": sites,
                "shifts": len(problem.shifts),
                "seed": seed,
                "budget_s": asked.seconds,
                "turns": budget.used,
                "turns_per_cpu_s": round(budget.pace, 1),
            }
            paces[sites].append(budget.pace)
            say(json.dumps(line))
            if asked.out:
                append(asked.out, line)
    medians = {sites: statistics.median(found) for sites, found in paces.items()}
    print(table_of_growth(medians))
    if asked.plot:
        asked.plot.write_text(_picture(medians), encoding="utf-8")
    return 0


def table_of_growth(turns_per_s: Mapping[int, float]) -> str:
    """One line per size; the power tells how the time of a turn grew since the size before."""
    lines = ["| sites | turns a processor second | µs a turn | power |", "|---|---|---|---|"]
    powers = ["", *(f"{power:.2f}" for power in powers_of(turns_per_s))]
    for (sites, pace), power in zip(sorted(turns_per_s.items()), powers, strict=True):
        lines.append(f"| {sites} | {pace:.0f} | {1e6 / pace:.1f} | {power} |")
    slope = slope_of(turns_per_s)
    if slope is not None:
        lines += ["", f"Over all sizes, the time of a turn grows with their power {slope:.2f}."]
    return "\n".join(lines) + "\n"


def powers_of(turns_per_s: Mapping[int, float]) -> list[float]:
    """By which power of the size the time of a turn grew, from each size to the next."""
    return [
        math.log(before / after) / math.log(larger / smaller)
        for (smaller, before), (larger, after) in pairwise(sorted(turns_per_s.items()))
    ]


def slope_of(turns_per_s: Mapping[int, float]) -> float | None:
    """The one power that fits all sizes best (least squares of logarithms); None for a single size."""
    if len(turns_per_s) < 2:
        return None
    sizes = [math.log(sites) for sites in turns_per_s]
    times = [-math.log(pace) for pace in turns_per_s.values()]
    return statistics.linear_regression(sizes, times).slope


def _picture(turns_per_s: Mapping[int, float]) -> str:
    points = [Point(x=sites, y=1e6 / pace) for sites, pace in sorted(turns_per_s.items())]
    return curve(points, across="sites", up="µs a turn, both axes logarithmic; dotted: in proportion")


def _arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, nargs="+", default=[45, 90, 180, 360, 720])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--start-seconds", type=float, default=120.0, help="for the insertion, at most")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--engine", default="periodic")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plot", type=Path)
    return parser.parse_args(words)
