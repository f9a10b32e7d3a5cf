"""One door to every measurement: python -m bench periodic|vrptw|campaign|summary|week|growth|start|roads …"""

import os
import sys
from collections.abc import Callable
from importlib import import_module

# One core, whatever library: said before any of them is loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

_BENCHES = {
    "periodic": "bench.run:periodic",
    "vrptw": "bench.run:vrptw",
    "campaign": "bench.campaign:main",
    "summary": "bench.summary:main",
    "week": "bench.week:main",
    "bound": "bench.bound:main",
    "week-run": "bench.week_run:main",
    "week-table": "bench.week_table:main",
    "growth": "bench.growth:main",
    "start": "bench.start:main",
    "roads": "bench.roads:main",
}


def main() -> int:
    """Exit code 2 for a bench, a file or an option that does not exist."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in _BENCHES:
        print(f"python -m bench {'|'.join(_BENCHES)} …", file=sys.stderr)
        return 2
    sys.argv[:2] = [f"python -m bench {name}"]
    module, _, function = _BENCHES[name].partition(":")
    run: Callable[[], int | None] = getattr(import_module(module), function)
    return run() or 0


if __name__ == "__main__":
    raise SystemExit(main())
