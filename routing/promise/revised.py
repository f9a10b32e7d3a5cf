"""A timetable some of whose runs go otherwise than planned today, without computing all of it anew."""

from collections.abc import Mapping
from dataclasses import replace

from routing.promise.chances import Odds
from routing.promise.timetable import Run


def revised(odds: Odds, runs: Mapping[int, Run]) -> Odds:
    """The same with other runs at some indices: exactly what `Odds` makes of the whole timetable.

    A run keeps its depots, and each call its site: what does not take place is `off`, and the calls may be in
    another order. Only what departs before the last of these runs is over is computed, the rest is shared
    with `odds`. ValueError where a run calls at other sites.
    """
    if not runs:
        return odds
    known = odds.timetable.runs
    for k, run in runs.items():
        if _sites(run) != _sites(known[k]):
            raise ValueError(f"round {run.code} calls at other sites than it did")
    until_at = max(run.end_at for k, new in runs.items() for run in (known[k], new))
    every = tuple(runs.get(k, run) for k, run in enumerate(known))
    return Odds(replace(odds.timetable, runs=every), odds.chances, odds, until_at)


def _sites(run: Run) -> tuple[int, int, list[int]]:
    return run.start, run.end, sorted(call.site for call in run.calls)
