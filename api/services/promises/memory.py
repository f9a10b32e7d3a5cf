"""What was promised, remembered without holding up whoever asked.

Promises shown are put aside and stored a few seconds later by a thread of their own, many at once: the same
promise shown a thousand times is one row. When the service ends what is left is stored; when the database is
away it waits, as far as there is room.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from uuid_utils.compat import uuid7

from api.db import Database
from api.repositories import promises as repository
from models.errors import NavetteError
from models.tables.base import now

EVERY_S = 5.0
MOST = 20_000  # different promises that may wait
_log = logging.getLogger("navette.promises")


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """What is kept of a promise: a row of `PromiseRecord`, but how often and since when it was shown."""

    origin: str
    destination: str
    pickup: str
    item: str
    ready_at: datetime
    likely_at: datetime
    due_at: datetime
    worst_at: datetime
    chance_permille: int
    basis: str

    @property
    def key(self) -> tuple[object, ...]:
        """Equal keys, one row."""
        return (self.origin, self.destination, self.pickup, self.due_at, self.chance_permille, self.item)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """An answer as JSON with its ETag, and what is remembered each time it is shown."""

    body: bytes
    tag: str
    promised: Promised | None


class Answers:
    """Answers written lately: equal questions of one minute, on an index that still holds, have one."""

    def __init__(self, most: int = 2000) -> None:  # of some three kilobytes each
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Written] = OrderedDict()

    def find(self, key: Hashable) -> Written | None:
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: Hashable, written: Written) -> Written:
        with self._lock:
            self._kept[key] = written
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return written


class Memory:
    """Promises that wait to be stored; its thread begins with the first."""

    def __init__(self, database: Database, every_s: float = EVERY_S) -> None:
        self._database = database
        self._every_s = every_s
        self._lock = threading.Lock()
        self._waiting: dict[tuple[object, ...], tuple[Promised, datetime, int]] = {}
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, promised: Promised) -> None:
        """Remember that this was shown; never waits for the database."""
        with self._lock:
            before = self._waiting.get(promised.key)
            if before is None and len(self._waiting) >= MOST:
                return
            first, at, shown = before or (promised, now(), 0)
            self._waiting[promised.key] = (first, at, shown + 1)
            if self._thread is None and not self._ending.is_set():
                self._thread = threading.Thread(target=self._run, name="promises", daemon=True)
                self._thread.start()

    def flush(self) -> int:
        """Store what waits; how many rows. What cannot be stored now waits on."""
        with self._lock:
            taken, self._waiting = self._waiting, {}
        if not taken:
            return 0
        try:
            with self._database.write() as session:
                repository.remember(session, [_row(*one) for one in taken.values()])
        except NavetteError as error:
            _log.warning("promises are not stored yet: %s", error)
            with self._lock:
                self._waiting = _together(taken, self._waiting)
            return 0
        return len(taken)

    def stop(self) -> None:
        """Store what is left, and end the thread."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()

    def _run(self) -> None:
        while not self._ending.wait(self._every_s):
            try:
                self.flush()
            except Exception:  # whatever it is, the next promises are remembered all the same
                _log.exception("promises were lost")


def _row(promised: Promised, at: datetime, shown: int) -> Mapping[str, Any]:
    return {**asdict(promised), "id": uuid7(), "made_at": at, "shown": shown}


def _together(
    older: Mapping[tuple[object, ...], tuple[Promised, datetime, int]],
    newer: Mapping[tuple[object, ...], tuple[Promised, datetime, int]],
) -> dict[tuple[object, ...], tuple[Promised, datetime, int]]:
    found = dict(older)
    for key, (promised, at, shown) in newer.items():
        first = found.get(key, (promised, at, 0))
        found[key] = (first[0], first[1], first[2] + shown)
    return found
