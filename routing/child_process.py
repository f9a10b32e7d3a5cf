"""A child process that is asked once, in JSON, and answers in JSON lines until done, stopped or gone."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from models.errors import EngineError, InputError

_GRACE_S = 3.0  # how long a child that was asked to stop may take to hand in what it has
_INPUT_CODE = 2


class Child:
    """`python -m module`, started by the first look at `lines`. `stop` may come at any time, even before.

    It is told who calls, and ends itself when its caller is gone (see `routing.caller`): the thread that
    looks at `lines` must live until it has seen the last.
    """

    def __init__(self, module: str, request: Mapping[str, Any]) -> None:
        self._module, self.request = module, request
        self.process: subprocess.Popen[str] | None = None
        self._stopped = False

    def lines(self) -> Iterator[dict[str, Any]]:
        """What it says, until it ends; a line that it was killed in is left out.

        A line of kind « error » is raised: InputError where its exit code says so, EngineError else. Whoever
        looks no further ends it.
        """
        # A session of its own: Ctrl-C in the terminal reaches the caller alone, who then calls `stop`.
        with subprocess.Popen(
            [sys.executable, "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as child:
            self.process = child
            if self._stopped:
                self.stop()
            try:
                assert child.stdin
                assert child.stdout
                with contextlib.suppress(BrokenPipeError):
                    child.stdin.write(json.dumps({**self.request, "caller": os.getpid()}))
                    child.stdin.close()
                for text in child.stdout:
                    if not text.endswith("\n"):
                        return
                    line: dict[str, Any] = json.loads(text)
                    if line["kind"] == "error":
                        raise (InputError if child.wait() == _INPUT_CODE else EngineError)(line["message"])
                    yield line
            finally:
                if child.poll() is None and not self._stopped:
                    child.kill()

    def stop(self) -> None:
        """Ask it for what it has; end it if it does not answer within three seconds."""
        self._stopped = True
        child = self.process
        if child is None or child.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGTERM)
        timer = threading.Timer(_GRACE_S, child.kill)
        timer.daemon = True
        timer.start()
