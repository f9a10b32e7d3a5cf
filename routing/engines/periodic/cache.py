"""Keep compiled code true to its sources.

numba compiles these functions into one another, but looks for changes only in the file of the outermost one:
after an update, an old loop could go on with old parts inside. So when any source of the kernel has changed,
what was compiled before is thrown away.
"""

import contextlib
import hashlib
from importlib.metadata import version
from pathlib import Path

_HERE = Path(__file__).parent


def forget_if_changed(sources: Path = _HERE) -> bool:
    """Throw compiled code away if it is not of these sources; True when there was something to forget.

    A folder that cannot be written to is left alone: nothing was compiled into it either.
    """
    digest = hashlib.sha256(version("numba").encode())
    for source in sorted(sources.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    compiled = sources / "__pycache__"
    mark = compiled / "kernel.sha256"
    if mark.is_file() and mark.read_text() == digest.hexdigest():
        return False
    with contextlib.suppress(OSError):
        for old in compiled.glob("*.nb[ci]"):
            old.unlink(missing_ok=True)
        compiled.mkdir(exist_ok=True)
        mark.write_text(digest.hexdigest())
    return True
