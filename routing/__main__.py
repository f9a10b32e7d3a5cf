"""`python -m routing`: a week problem as JSON on stdin → JSON lines on stdout, the last one the answer.

    {"problem": …, "budget": {"seconds": 20, "iterations": null, "seed": 1}, "engine": "ortools"}

« caller », where it is given, is the process that this one must not outlive.

Lines are perhaps {"kind": "preparing"} while an engine compiles, before its budget begins to run; then
{"kind": "progress", …} with the incumbent so far; then {"kind": "result", …}. An interrupt or a
termination signal makes it answer at once with the best so far. Exit codes: 0 answered, 1 internal,
2 input. Engines hold Python's global lock for long stretches: that is why they live in this process.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from typing import Any

from models.errors import InputError, NavetteError
from routing.budget import Budget, Progress
from routing.caller import end_with
from routing.codec import dump_solution, load_problem
from routing.engines.engine import DEFAULT_ENGINE, Prepared, engine_named
from routing.screen import screen
from routing.solve import judged

_YIELDING = 5  # a calculation may use every core: whoever serves pages beside it comes first


def main() -> int:
    os.nice(_YIELDING)
    try:
        request = _request(sys.stdin.read())
        end_with(request.get("caller"))
        problem = load_problem(request["problem"])
        engine = engine_named(request.get("engine", DEFAULT_ENGINE))
        _budget(request)  # refuse a bad one before any work
    except InputError as error:
        _say({"kind": "error", "message": str(error)})
        return 2
    if isinstance(engine, Prepared):
        _say({"kind": "preparing"})
        engine.prepare()
    budget = _budget(request)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: budget.cancel())
    screened, reasons = screen(problem)
    try:
        solution = engine.solve(screened, budget)
        judged(screened, solution, reasons)
    except NavetteError as error:
        _say({"kind": "error", "message": str(error)})
        return 1
    _say(
        {
            "kind": "result",
            "solution": dump_solution(solution),
            "iterations": budget.used,
            "spent_s": round(budget.spent_s, 3),
            "interrupted": budget.cancelled,
        }
    )
    return 0


def _request(text: str) -> dict[str, Any]:
    try:
        request = json.loads(text)
        if isinstance(request, dict) and {"problem", "budget"} <= request.keys():
            return request
    except json.JSONDecodeError:
        pass
    raise InputError("Il faut un objet JSON avec « problem » et « budget » sur l'entrée standard.")


def _budget(request: dict[str, Any]) -> Budget:
    try:
        return Budget(**request["budget"], listener=_tell)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"Ce budget n'a pas de sens : {error}. Donnez « seconds » ou « iterations »."
        ) from error


def _tell(progress: Progress) -> None:
    _say(
        {
            "kind": "progress",
            "solution": dump_solution(progress.solution),
            "cost": asdict(progress.cost),
            "missing": progress.missing,
            "iterations": progress.iterations,
            "spent_s": round(progress.spent_s, 3),
        }
    )


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
