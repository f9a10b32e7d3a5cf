"""Prove in a child process: the caller stays free, can stop it at any moment, and keeps what is proven."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
from typing import Any

from models.errors import EngineError, InputError
from routing.bound.values import Bound
from routing.codec import dump_problem, dump_solution
from routing.problem import WeekProblem
from routing.solution import Solution

_GRACE_S = 3.0  # how long a child that was asked to stop may take to hand in what it has


class Prover:
    """One proof in one child process. `solution` answers `problem`, the screened one.

    `run` blocks; `stop`, from any thread or signal handler, makes it return what is proven so far. A child
    that dies leaves its last proof.
    """

    def __init__(self, problem: WeekProblem, solution: Solution, seconds: float) -> None:
        self._request = {
            "problem": dump_problem(problem),
            "solution": dump_solution(solution),
            "seconds": seconds,
        }
        self._child: subprocess.Popen[str] | None = None
        self._stopped = False

    def run(self) -> Bound | None:
        """The proof; None when the child was gone before it had any. EngineError when it failed."""
        # A session of its own: Ctrl-C in the terminal reaches the caller alone, who then calls `stop`.
        with subprocess.Popen(
            [sys.executable, "-m", "routing.bound"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as child:
            self._child = child
            if self._stopped:
                self.stop()
            try:
                return self._listen(child)
            finally:
                if child.poll() is None and not self._stopped:
                    child.kill()

    def stop(self) -> None:
        """Ask the child for what it has; end it if it does not answer within three seconds."""
        self._stopped = True
        child = self._child
        if child is None or child.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGTERM)
        timer = threading.Timer(_GRACE_S, child.kill)
        timer.daemon = True
        timer.start()

    def _listen(self, child: "subprocess.Popen[str]") -> Bound | None:
        assert child.stdin
        assert child.stdout
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(json.dumps(self._request))
            child.stdin.close()
        proven: Bound | None = None
        for text in child.stdout:
            if not text.endswith("\n"):  # the child is gone in the middle of a line
                return proven
            line: dict[str, Any] = json.loads(text)
            kind = line.pop("kind")
            if kind == "error":
                raise (InputError if child.wait() == 2 else EngineError)(line["message"])
            if kind == "preparing":
                continue
            proven = Bound(**line)
            if kind == "result":
                child.wait()
                return proven
        return proven
