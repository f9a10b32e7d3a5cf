"""A child process that does not outlive whoever asked it: a calculation that nobody waits for is nobody's."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with(caller: int | None) -> None:
    """Have the kernel end this process when its caller is gone, even by SIGKILL; None: nobody to end with.

    The kernel does it, not a thread: engines hold Python's global lock for long stretches. Systems other than
    Linux have no such thing; there the process ends with its budget.
    """
    if caller is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != caller:  # it was gone before the kernel knew
        sys.exit(1)
