"""Tables and a plot of result files.

    python -m bench summary RESULTS.jsonl… [--beside ENGINE] [--leave-out ENGINE…] [--each] [--plot OUT.svg]

Per set, engine and time: instances, runs, the mean over instances of the median gap over seeds, the worst of
those medians, and how many runs did not hold. `--beside` adds how far an engine's cost is from another's, on
average over the instances that both have solved; `--each` adds a table per instance. The plot shows every
median.
"""

import argparse
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.plot import Row, strips
from bench.results_file import Line, read_results

Case = tuple[str, str, float]  # set, engine, seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How an engine did on a set, medians over seeds by instance: costs, and % above the best known value."""

    runs: int
    broken: int
    costs: Mapping[str, float]
    medians: Mapping[str, float]

    @property
    def mean(self) -> float | None:
        return statistics.fmean(self.medians.values()) if self.medians else None

    def beside(self, other: "Standing | None") -> float | None:
        """% above another's costs, on average over the instances that both have."""
        common = self.costs.keys() & other.costs.keys() if other else set()
        ratios = [100 * (self.costs[name] / other.costs[name] - 1) for name in sorted(common) if other]
        return statistics.fmean(ratios) if ratios else None


def main() -> int:
    """Markdown on stdout."""
    asked = _arguments()
    standings = standings_of(
        line for line in read_results(asked.files) if line["engine"] not in asked.leave_out
    )
    print(table(standings, asked.beside))
    if asked.each:
        print(table_of_each(standings))
    if asked.plot:
        asked.plot.write_text(strips(rows_of(standings)), encoding="utf-8")
    return 0


def standings_of(lines: Iterable[Line]) -> dict[Case, Standing]:
    """Grouped by set, engine and seconds; a run that does not hold has no gap, and is counted as broken."""
    grouped: defaultdict[Case, list[Line]] = defaultdict(list)
    for line in lines:
        grouped[line["set"], line["engine"], float(line["budget_s"])].append(line)
    return {case: _standing(runs) for case, runs in sorted(grouped.items())}


def _standing(runs: Sequence[Line]) -> Standing:
    return Standing(
        runs=len(runs),
        broken=sum(not run["feasible"] for run in runs),
        costs=_medians(runs, "cost"),
        medians=_medians(runs, "gap"),
    )


def _medians(runs: Sequence[Line], figure: str) -> dict[str, float]:
    """Over the seeds of each instance, of the runs that hold."""
    known: defaultdict[str, list[float]] = defaultdict(list)
    for run in runs:
        if run["feasible"] and run[figure] is not None:
            known[run["instance"]].append(run[figure])
    return {instance: statistics.median(figures) for instance, figures in sorted(known.items())}


def table(standings: Mapping[Case, Standing], beside: str | None = None) -> str:
    """One line per set, seconds and engine, best mean first."""
    heads = [
        "set",
        "seconds",
        "engine",
        "instances",
        "runs",
        "mean gap",
        "worst gap",
        "runs that do not hold",
    ]
    heads += [f"cost beside {beside}"] if beside else []
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    ranked = sorted(standings.items(), key=lambda item: (item[0][0], item[0][2], _or_last(item[1].mean)))
    for (folder, engine, seconds), found in ranked:
        worst = max(found.medians.values(), default=None)
        cells = [folder, f"{seconds:g}", engine, len(found.costs), found.runs]
        cells += [_percent(found.mean), _percent(worst), found.broken]
        if beside:
            cells.append(_percent(found.beside(standings.get((folder, beside, seconds)))))
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def table_of_each(standings: Mapping[Case, Standing]) -> str:
    """Per set and time, one line per instance and one column per engine."""
    lines = []
    for folder, seconds in sorted({(folder, seconds) for folder, _, seconds in standings}):
        engines = {e: s for (f, e, t), s in standings.items() if (f, t) == (folder, seconds)}
        lines += ["", f"**{folder}, {seconds:g} s**", "", "| instance | " + " | ".join(engines) + " |"]
        lines.append("|---" * (len(engines) + 1) + "|")
        for instance in sorted({name for standing in engines.values() for name in standing.medians}):
            cells = [_percent(standing.medians.get(instance)) for standing in engines.values()]
            lines.append(f"| {instance} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def rows_of(standings: Mapping[Case, Standing]) -> list[Row]:
    """What the plot shows: a strip per set, time and engine that has a median at all."""
    ranked = sorted(standings.items(), key=lambda item: (item[0][0], item[0][2], _or_last(item[1].mean)))
    return [
        Row(
            title=f"{folder}, {seconds:g} s", name=engine, dots=tuple(found.medians.values()), mean=found.mean
        )
        for (folder, engine, seconds), found in ranked
        if found.mean is not None
    ]


def _or_last(mean: float | None) -> float:
    return float("inf") if mean is None else mean


def _percent(gap: float | None) -> str:
    return "—" if gap is None else f"{round(gap, 2) + 0.0:+.2f} %"  # + 0.0: never « -0.00 »


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="RESULTS.jsonl")
    parser.add_argument("--beside", metavar="ENGINE")
    parser.add_argument("--leave-out", nargs="+", default=[], metavar="ENGINE")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--plot", type=Path, metavar="OUT.svg")
    return parser.parse_args()
