"""How well predictions and promises hold in simulated years.

    python -m bench.predict [--seeds 1 2 3] [--weeks 52] [--questions 150] [--out bench/results/NAME.jsonl]

Each year is simulated, then replayed day by day: what is learnt at night and calibrated after each round is
what had been told by then, the truth is held against it afterwards. One JSON line per view of each seed; see
`docs/predictions.md` for what they mean.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import facts
from bench.proof.promises import kept_figures, promise
from bench.proof.replay import replay
from bench.proof.report import figures
from bench.results_file import append
from bench.sim.settings import Settings
from bench.sim.year import Year, simulate


def main() -> None:
    asked = _arguments()
    out = asked.out or Path("bench/results") / f"predict-{datetime.now(UTC).date().isoformat()}.jsonl"
    command = " ".join(["python -m bench.predict", *sys.argv[1:]])
    append(out, {"machine": facts("numpy"), "command": command})
    for seed in asked.seeds:
        began = time.process_time()
        year = simulate(Settings(seed=seed, weeks=asked.weeks))
        for line in _lines(year, asked.questions):
            append(out, {"seed": seed, **line})
            print(json.dumps(line), flush=True)
        spent = {"seed": seed, "view": "spent", "cpu_s": round(time.process_time() - began, 1)}
        append(out, spent)


def _lines(year: Year, questions: int) -> Iterator[dict[str, Any]]:
    for line in figures(replay(year)):
        yield {"what": "arrivals", **line}
    if questions:
        for line in kept_figures(list(promise(year, questions))):
            yield {"what": "promises", **line}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--questions", type=int, default=150, help="promises asked for each week; 0: none")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
