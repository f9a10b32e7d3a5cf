"""A cost below the one listed: kept with its solution, beside what it beats.

A list may be behind the literature: whether a record is one is for a person to find out.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from bench.formats.bks import DISTANCE
from bench.results_file import Line, append

_NOISE = 0.01  # listed values have two decimals, not always rounded to the nearest
FOLDER = Path(__file__).parent / "records"


def keep_record(line: Line, solution: Path, folder: Path = FOLDER) -> bool:
    """Keep a run's solution when it holds, is for the distance, and beats all that is known. True when kept.

    `SET-INSTANCE.json` is the solution; `records.jsonl` tells each one's cost, what it beat, how and when.
    """
    if not line["feasible"] or line["bks"] is None or line["bks_objective"] != DISTANCE:
        return False
    log = folder / "records.jsonl"
    known = [line["bks"]]
    if log.is_file():
        entries = [json.loads(text) for text in log.read_text(encoding="utf-8").splitlines()]
        known += [e["cost"] for e in entries if (e["set"], e["instance"]) == (line["set"], line["instance"])]
    if line["cost"] > min(known) - _NOISE:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{line['set']}-{line['instance']}.json").write_bytes(solution.read_bytes())
    told = ("set", "instance", "cost", "bks", "bks_note", "gap", "engine", "budget_s", "seed")
    append(log, {name: line[name] for name in told} | {"date": datetime.now(UTC).date().isoformat()})
    return True
