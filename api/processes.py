"""Which process this is, how it holds memory, and whether another one still lives, as far as can be told."""

import contextlib
import ctypes
import os
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_M_ARENA_MAX = -8  # glibc's malloc.h


@cache
def machine() -> str:
    """This machine since it was started, as its processes see it: another word in every container.

    Empty where the system does not tell; then nothing is said of other processes.
    """
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot[:8]}{(_PROC / 'self/ns/pid').stat().st_ino:x}"
    except OSError:
        return ""


def this_process() -> str:
    """A name that no other process has or had, here or elsewhere: « machine:pid:start »."""
    pid = os.getpid()
    return f"{machine()}:{pid}:{_started(pid) or os.urandom(6).hex()}"


def is_gone(name: str) -> bool:
    """Whether a process is surely gone. One of another machine never is, as far as we know."""
    where, _, rest = name.partition(":")
    pid, _, started = rest.partition(":")
    if not machine() or where != machine() or not pid.isdecimal():
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str | None:
    """When a process of this machine began, in ticks since boot; None when there is none, or a zombie."""
    try:
        # The name in brackets may hold anything, brackets and spaces too.
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def few_arenas() -> None:
    """Have the C library share two heaps among all threads, where it is glibc: one for each thread, as it
    would have it, keeps a fifth of a long-running service's memory for nothing."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
