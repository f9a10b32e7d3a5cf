"""`python -m routing.bound`: a week problem as JSON on stdin → JSON lines on stdout, the last one the proof.

    {"problem": …, "solution": …, "seconds": 120}

Lines are {"kind": "preparing"} first, perhaps for half a minute while pricing is compiled; then
{"kind": "progress", …} with each better proof; then {"kind": "result", …}. An interrupt or a termination
signal makes it answer at once with what is proven. Exit codes: 0 answered, 1 internal, 2 input.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from typing import Any

from models.errors import InputError
from routing.bound.bound import lower_bound
from routing.bound.prepare import prepare
from routing.bound.values import Bound
from routing.caller import end_with
from routing.codec import load_problem, load_solution

_YIELDING = 5  # as a calculation of `routing`


def main() -> int:
    os.nice(_YIELDING)
    try:
        request = _request(sys.stdin.read())
        end_with(request.get("caller"))
        problem = load_problem(request["problem"])
    except InputError as error:
        _say({"kind": "error", "message": str(error)})
        return 2
    stopped: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, _: stopped.append(number))
    _say({"kind": "preparing"})
    prepare()
    bound = lower_bound(
        problem,
        seconds=float(request["seconds"]),
        solution=load_solution(request["solution"]) if request.get("solution") else None,
        listener=lambda better: _tell("progress", better),
        cancelled=lambda: bool(stopped),
    )
    _tell("result", bound)
    return 0


def _request(text: str) -> dict[str, Any]:
    try:
        request = json.loads(text)
        if isinstance(request, dict) and request["problem"] and float(request["seconds"]) >= 0:
            return request
    except (ValueError, TypeError, KeyError):
        pass
    raise InputError("Il faut un objet JSON avec « problem » et « seconds » sur l'entrée standard.")


def _tell(kind: str, bound: Bound) -> None:
    _say({"kind": kind, **asdict(bound)})


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
