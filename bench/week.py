"""The week of the shuttle, engine beside engine in equal time; begun again, it goes on where it stopped.

    python -m bench week --seconds 5 20 60 --seeds 1 2 3 4 5 --engines periodic ortools insertion pyvrp vroom
        [--week 2026-W49 | --sites 450 --land 1] [--out bench/results/NAME.jsonl]

Every run is a process of its own (`python -m bench week-run`), one after the other, each engine in turn
before the next seed, so that what else the machine does weighs on all alike; one that the processor left
waiting is run again, as in `bench.campaign`. Lines go to `--out`, to stdout without it. An
engine that draws nothing at random is run with the first seed alone. `python -m bench week-table` makes
tables of the file.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.campaign import GRACE_S, fair_run, given_share, line_of, machine_line, say
from bench.results_file import Key, Line, append, key_of, read_results
from bench.week_case import case_names

_SAME_EVERY_TIME = {"insertion"}


def main() -> int:
    """Exit code 1 when some run failed; the others are told."""
    asked = _arguments()
    done = (
        {key_of(line) for line in read_results([asked.out])} if asked.out and asked.out.is_file() else set()
    )
    waiting = [key for key in _runs(asked) if key not in done]
    say(f"{len(waiting)} runs to do, {len(done)} in the file before")
    if waiting:
        _keep(asked.out, machine_line())
    failed = 0
    for number, key in enumerate(waiting, 1):
        named = f"{key[1]} {key[2]} {key[4]:g} s seed {key[3]}"
        line = fair_run(partial(_run, asked, key), named)
        if line is None:
            failed += 1
            continue
        _keep(asked.out, line)
        say(f"{number}/{len(waiting)} {named}: {line['cost'] / 100:.2f} €, {line['missing']} missing")
    return 1 if failed else 0


def _runs(asked: argparse.Namespace) -> Iterator[Key]:
    folder, name = case_names(asked.week, asked.sites, asked.land)
    for seconds in asked.seconds:
        for seed in asked.seeds:
            for engine in asked.engines:
                if engine not in _SAME_EVERY_TIME or seed == asked.seeds[0]:
                    yield folder, name, engine, seed, seconds


def _run(asked: argparse.Namespace, key: Key) -> Line | None:
    """One run in its own process; None, told on the terminal, when it failed."""
    _, _, engine, seed, seconds = key
    command = [sys.executable, "-m", "bench", "week-run", "--engine", engine]
    command += ["--seconds", str(seconds), "--seed", str(seed), "--week", asked.week]
    if asked.sites is not None:
        command += ["--sites", str(asked.sites), "--land", str(asked.land)]
    load = os.getloadavg()[0]
    line = line_of(command, seconds + GRACE_S)
    return None if line is None else line | {"load": round(load, 2), "given": given_share(line)}


def _keep(out: Path | None, line: Line) -> None:
    if out is None:
        print(json.dumps(line, ensure_ascii=False), flush=True)
    else:
        append(out, line)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, nargs="+", default=[5.0, 20.0, 60.0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--engines", nargs="+", default=["periodic", "ortools", "insertion"])
    parser.add_argument("--week", default="2026-W49")
    parser.add_argument("--sites", type=int, help="a synthetic week of so many sites")
    parser.add_argument("--land", type=int, default=1, help="the seed of the synthetic week")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
