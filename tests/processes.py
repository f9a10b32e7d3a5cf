"""Navette's own processes, for tests: started on a database, watched, killed, and gone in the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx2

Found = TypeVar("Found")


class Process:
    """`navette COMMAND` as a process; what it says goes to a file."""

    def __init__(self, command: list[str], settings: dict[str, str], folder: Path) -> None:
        self.log = folder / f"{command[0]}-{time.monotonic_ns()}.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NAVETTE_")}
        environment |= {f"NAVETTE_{name.upper()}": value for name, value in settings.items()}
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "api.cli", *command], env=environment, stdout=log, stderr=log
            )

    @property
    def pid(self) -> int:
        return self.popen.pid

    def said(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        """As the kernel would, out of memory: no warning, no goodbye."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait(timeout=10)

    def stop(self, within_s: float = 30) -> int:
        """Ask it to end; its exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(timeout=within_s)

    def children(self) -> list[int]:
        """The processes that it has started and that live."""
        return [int(one.name) for one in Path("/proc").glob("[0-9]*") if _parent(one) == str(self.pid)]


def _parent(process: Path) -> str | None:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        return None


@contextmanager
def navette(*command: str, folder: Path, **settings: str) -> Iterator[Process]:
    """A process that is gone when the block ends."""
    process = Process(list(command), settings, folder)
    try:
        yield process
    finally:
        if process.popen.poll() is None:
            process.kill()


def wait_for(look: Callable[[], Found | None], what: str, within_s: float = 60) -> Found:
    """What `look` finds in the end; fails when it finds nothing in time."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {within_s} s in vain for {what}")


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def answers(url: str) -> bool:
    """Whether something answers there, and is well."""
    try:
        return httpx2.get(url, timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False
