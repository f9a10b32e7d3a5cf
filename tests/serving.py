"""A service in a process of its own, on a real port, whose callers are taken at their word.

`python -m tests.serving URL PORT`: the header `x-test-actor: driver C1` makes a driver of the caller.
"""

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import uvicorn
from fastapi import Request

from api.app import create_app
from api.services.actor import PUBLIC, Actor, Role
from api.settings import Settings

REPO = Path(__file__).parents[1]


def taken_at_their_word(request: Request) -> Actor:
    """« driver C1 », « library cassel », « coordinator »."""
    role, _, whose = request.headers.get("x-test-actor", "").partition(" ")
    if not role:
        return PUBLIC
    kind = Role(role)
    return Actor(
        role=kind,
        name=role,
        driver=whose if kind is Role.DRIVER else None,
        site=whose if kind is Role.LIBRARY else None,
        scopes=frozenset(whose.split()),
    )


class Serving:
    """A running service; `kill` is SIGKILL."""

    def __init__(self, url: str) -> None:
        self._database = url
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-m", "tests.serving", self._database, str(self.port)]
        self.process = subprocess.Popen(command, cwd=REPO, stdout=subprocess.DEVNULL)
        for _ in range(300):
            try:
                httpx2.get(f"{self.address}/healthz", timeout=1)
            except httpx2.HTTPError:
                assert self.process.poll() is None, "the service did not start"
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the service does not answer")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As a system stops a service; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@contextmanager
def serving(url: str) -> Iterator[Serving]:
    """A service on a database, stopped when the block ends."""
    running = Serving(url)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _main() -> None:
    database, port = sys.argv[1:]
    with tempfile.TemporaryDirectory() as data:
        app = create_app(Settings(database=database, data=Path(data), jobs=False))
        app.state.identify = taken_at_their_word
        uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    _main()
