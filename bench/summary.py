"""Tables and a plot of result files.

    python -m bench summary RESULTS.jsonl… [--each] [--plot OUT.svg]

Per set, engine and time: instances, runs, the mean over instances of the median gap over seeds, the worst of
those medians, and how many runs did not hold. `--each` adds a table per instance. The plot shows every
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
    """How an engine did on a set: `medians` by instance, in % above the best known value."""

    runs: int
    broken: int
    medians: Mapping[str, float]

    @property
    def mean(self) -> float | None:
        return statistics.fmean(self.medians.values()) if self.medians else None


def main() -> int:
    """Markdown on stdout."""
    asked = _arguments()
    standings = standings_of(read_results(asked.files))
    print(table(standings))
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
    gaps: defaultdict[str, list[float]] = defaultdict(list)
    for run in runs:
        if run["feasible"] and run["gap"] is not None:
            gaps[run["instance"]].append(run["gap"])
    return Standing(
        runs=len(runs),
        broken=sum(not run["feasible"] for run in runs),
        medians={instance: statistics.median(known) for instance, known in sorted(gaps.items())},
    )


def table(standings: Mapping[Case, Standing]) -> str:
    """One line per set, seconds and engine, best mean first."""
    lines = [
        "| set | seconds | engine | instances | runs | mean gap | worst gap | runs that do not hold |",
        "|---|---|---|---|---|---|---|---|",
    ]
    ranked = sorted(standings.items(), key=lambda item: (item[0][0], item[0][2], _or_last(item[1].mean)))
    for (folder, engine, seconds), found in ranked:
        worst = max(found.medians.values(), default=None)
        cells = [folder, f"{seconds:g}", engine, len(found.medians), found.runs]
        cells += [_percent(found.mean), _percent(worst), found.broken]
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
    return "—" if gap is None else f"{gap:+.2f} %"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="RESULTS.jsonl")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--plot", type=Path, metavar="OUT.svg")
    return parser.parse_args()
