"""Tables of the weeks that `python -m bench week` planned.

    python -m bench week-table RESULTS.jsonl…

Per week and time, an engine a line, cheapest first: medians over seeds of what the week costs and of what it
is made of, the cheapest and the dearest seed, and how many runs did not hold.
"""

import argparse
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.results_file import Line, read_results

_HEADS = (
    "engine",
    "runs",
    "cost, €",
    "cheapest … dearest",
    "beside the best",
    "km",
    "paid hours",
    "rounds",
    "readers' waiting, €",
    "visits missing",
    "runs that do not hold",
)


def main() -> int:
    """Markdown on stdout."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="RESULTS.jsonl")
    print(table_of_weeks(read_results(parser.parse_args().files)))
    return 0


def table_of_weeks(lines: Iterable[Line]) -> str:
    """One table per week and time."""
    cases: defaultdict[tuple[str, float], defaultdict[str, list[Line]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for line in lines:
        cases[line["instance"], float(line["budget_s"])][line["engine"]].append(line)
    tables = []
    for (week, seconds), engines in sorted(cases.items()):
        best = min(_cost(runs) for runs in engines.values())
        ranked = sorted(engines.items(), key=lambda item: _cost(item[1]))
        rows = [_HEADS, ("---",) * len(_HEADS), *(_row(name, runs, best) for name, runs in ranked)]
        body = "\n".join("| " + " | ".join(row) + " |" for row in rows)
        tables.append(f"**{week}, {seconds:g} s**\n\n{body}\n")
    return "\n".join(tables)


def _row(engine: str, runs: Sequence[Line], best: float) -> tuple[str, ...]:
    held = [run for run in runs if run["feasible"]]
    if not held:
        return (engine, str(len(runs)), *("—",) * (len(_HEADS) - 3), str(len(runs)))
    costs = [run["cost"] / 100 for run in held]
    cost = statistics.median(costs)
    return (
        f"`{engine}`",
        str(len(runs)),
        f"{cost:.2f}",
        f"{min(costs):.2f} … {max(costs):.2f}",
        f"{100 * (100 * cost / best - 1):+.2f} %",
        f"{_median(held, 'km'):.1f}",
        f"{_median(held, 'hours'):.2f}",
        f"{_median(held, 'rounds'):g}",
        f"{statistics.median(run['terms'].get('waiting', 0) for run in held) / 100:.2f}",
        f"{_median(held, 'missing'):g}",
        str(len(runs) - len(held)),
    )


def _median(runs: Sequence[Line], figure: str) -> float:
    return float(statistics.median(run[figure] for run in runs))


def _cost(runs: Sequence[Line]) -> float:
    """The median of the runs that hold, cents; infinite when none does."""
    return float(statistics.median([run["cost"] for run in runs if run["feasible"]] or [float("inf")]))
