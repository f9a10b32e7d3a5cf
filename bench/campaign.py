"""Whole sets of instances, run by run; begun again, it goes on where it stopped.

    python -m bench campaign FILE_OR_FOLDER… --engines periodic pyvrp --seconds 60 --seeds 1 2 3
        --out bench/results/NAME.jsonl

Every run is a process of its own on one core, one after the other, each engine in turn on an instance before
the next instance, so that what else the machine does weighs on all alike. A run that the processor left
waiting for more than a tenth of its time is run again, twice at most; with `--clock cpu`, which only our own
engines know, waiting costs nothing, and no run is repeated. Each line is that of
`python -m bench periodic`, with the machine's load when it began and the share of its time that it was given.
A solution below the best known value is kept in `bench/records/`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from bench.machine import facts
from bench.peers.optional import PACKAGES
from bench.records import keep_record
from bench.results_file import Key, Line, append, key_of, read_results
from bench.run import CLOCKS

_FAIR = 0.9  # of its time, what the processor must give a run
_ATTEMPTS = 3
GRACE_S = 600.0  # beyond its budget, before a run is given up: reading, compiling, a loaded machine


def main() -> int:
    """Exit code 1 when some run failed; the others are in the file."""
    asked = _arguments()
    done = {key_of(line) for line in read_results([asked.out])} if asked.out.is_file() else set()
    waiting = [(path, key) for path, key in _runs(asked) if key not in done]
    say(f"{len(waiting)} runs of {asked.seconds:g} s to do, {len(done)} in the file before")
    if waiting:
        append(asked.out, machine_line())
    failed = 0
    for number, (path, key) in enumerate(waiting, 1):
        line = _fair_run(path, key, asked.clock)
        if line is None:
            failed += 1
            continue
        append(asked.out, line)
        named = f"{key[0]}/{key[1]} {key[2]} seed {key[3]}"
        say(f"{number}/{len(waiting)} {named}: {line['cost']} ({line['gap']} %)")
    return 1 if failed else 0


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The instance files named, or in the folders named, by name."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [file for file in inside if file.is_file() and file.suffix not in (".csv", ".md", ".json")]
    return found


def _runs(asked: argparse.Namespace) -> Iterator[tuple[Path, Key]]:
    for seed in asked.seeds:
        for path in files_in(asked.files):
            for engine in asked.engines:
                yield path, (path.resolve().parent.name, path.stem, engine, seed, asked.seconds)


def _fair_run(path: Path, key: Key, clock: str) -> Line | None:
    if clock != "wall":
        return _run(path, key, clock)
    return fair_run(lambda: _run(path, key, clock), f"{key[0]}/{key[1]} {key[2]}")


def fair_run(run: Callable[[], Line | None], named: str) -> Line | None:
    """The first run that was given its time, or the one that was given most; None when one failed."""
    best: Line | None = None
    for _ in range(_ATTEMPTS):
        line = run()
        if line is None:
            return None
        if best is None or line["given"] > best["given"]:
            best = line
        if line["given"] >= _FAIR:
            break
        say(f"{named}: was given {line['given']:.0%} of its time")
    return best


def given_share(line: Line) -> float:
    """What the processor gave a run, reading and loading included, of the seconds that its search took."""
    share: float = min(1.0, line["cpu_s"] / max(line["seconds"], 1e-9))
    return round(share, 3)


def _run(path: Path, key: Key, clock: str) -> Line | None:
    """One run in its own process; None, told on the terminal, when it failed."""
    _, _, engine, seed, seconds = key
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        solution = Path(folder) / "solution.json"
        command = [sys.executable, "-m", "bench", "periodic", str(path), "--engine", engine]
        command += ["--seconds", str(seconds), "--seed", str(seed), "--solution", str(solution)]
        command += ["--clock", clock]
        line = line_of(command, 3 * seconds + GRACE_S)
        if line is None:
            return None
        line |= {"load": round(load, 2), "given": given_share(line)}
        if keep_record(line, solution):
            say(f"a record: {line['set']}/{line['instance']} {line['cost']}, {line['bks']} before")
    return line


def line_of(command: Sequence[str], patience_s: float) -> Line | None:
    """What a run of its own prints; None, told on the terminal, when it failed or took too long."""
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=patience_s)
    except subprocess.TimeoutExpired:
        say(f"given up: {' '.join(command)}")
        return None
    if told.returncode:
        say(f"failed: {' '.join(command)}\n{told.stderr}")
        return None
    line: Line = json.loads(told.stdout)
    return line


def machine_line() -> Line:
    """What a result file says before its runs: machine, versions, state of the code, what was typed."""
    installed = (package for module, package in PACKAGES.items() if find_spec(module))
    versions = facts("numpy", "ortools", *installed)
    return {"what": "machine", **versions, "commit": _commit(), "command": _command()}


def _command() -> str:
    """What was typed, without the places of this machine: of a path, its last two names."""
    words = [sys.argv[0], *("/".join(Path(word).parts[-2:]) for word in sys.argv[1:])]
    return " ".join(words)


def _commit() -> str:
    """Which state of the code is measured; « -dirty » where some of it is not committed."""
    git = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def say(text: str) -> None:
    """On the terminal, at once."""
    print(text, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE_OR_FOLDER")
    parser.add_argument("--engines", nargs="+", default=["periodic"])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--clock", choices=[*CLOCKS], default="wall", help="what a second is")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()
