"""What waiting for a plan costs besides the search: importing the core, and the whole of `navette plan`.

    python -m bench start [--week 2026-W49]

One JSON line per measurement: what a fresh interpreter pays to import a module, and `navette plan` with its
default budget, drawing included.
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

from bench.machine import facts

REPEATS = 7


def main() -> None:
    asked = _arguments()
    _say(what="machine", **facts("ortools", "numba", "numpy", "folium", "typst"))
    for module in ("routing", "routing.solve", "api.cli"):
        _say(what=f"import {module}", median_s=_import_s(module), runs=REPEATS)
    _whole(asked.week)


def _import_s(module: str) -> float:
    """Median seconds that importing adds to starting an interpreter."""
    bare = [_run_s("pass") for _ in range(REPEATS)]
    full = [_run_s(f"import {module}") for _ in range(REPEATS)]
    return round(statistics.median(full) - statistics.median(bare), 3)


def _run_s(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def _whole(week: str) -> None:
    """`navette plan` in a process of its own, as a coordinator waits for it."""
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
    parser.add_argument("--week", default="2026-W49")
    return parser.parse_args()
