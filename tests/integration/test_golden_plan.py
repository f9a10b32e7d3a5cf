"""One fixed week, solved by count and not by clock, must come out as it is stored.

A change of engine that changes it is welcome when the week gets cheaper: look at the difference, then write
it anew with `NAVETTE_GOLDEN=write pytest tests/integration/test_golden_plan.py`.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from routing.budget import Budget
from routing.engines.engine import engine_named
from routing.solve import Result, solve
from tests.instances import full_week

GOLDEN = Path(__file__).parents[1] / "golden"
TURNS = {"insertion": 1000, "ortools": 6}


@pytest.mark.parametrize("engine", TURNS)
def test_the_stored_week_comes_out_again(engine: str) -> None:
    told = _told(solve(full_week(), Budget(iterations=TURNS[engine], seed=1), engine_named(engine)))
    path = GOLDEN / f"week_{engine}.json"
    if os.environ.get("NAVETTE_GOLDEN") == "write":
        path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    assert told == json.loads(path.read_text(encoding="utf-8"))


def _told(result: Result) -> dict[str, Any]:
    """What a person would compare: costs, rounds with their hours, visits missing and why."""
    problem = result.problem
    return {
        "cost_mc": asdict(result.cost),
        "rounds": [
            {
                "shift": problem.shifts[shift].id,
                "stops": [problem.stops[halt.stop].id for halt in timed.halts],
                "begins_s": [halt.begin_s for halt in timed.halts],
                "from_to_s": [timed.start_s, timed.end_s],
                "pause": list(timed.pause) if timed.pause else None,
                "load_peak": timed.load_peak,
            }
            for shift, timed in sorted(result.schedules.items())
        ],
        "missing": {
            problem.stops[entry.stop].id: [entry.missing, entry.reason.cause.name, entry.reason.amount]
            for entry in result.unassigned
        },
    }
