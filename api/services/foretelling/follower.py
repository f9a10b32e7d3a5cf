"""The thread that foresees: it looks at the table of changes, and at what has changed.

Whatever goes wrong is noted, and looked at again; the thread ends with its service and not before.
"""

import threading
import time

import structlog

from api.repositories import changes
from api.service import Service
from api.services.foretelling.step import look_back, step, tell
from models.errors import NavetteError
from models.tables.base import now

EVERY_S = 0.7
ALWAYS_S = 30.0  # a hint may be missed; a van may be overdue
TOPICS = frozenset({"scans", "positions", "plans"})
_BACK = 200  # numbers that may have been stored out of order
_MOST = 1000
_log = structlog.get_logger("navette.foretelling")


class Foreteller:
    """Foresees from a thread of its own until `stop`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._over = threading.Event()
        self._seen: set[int] = set()
        self._floor: int | None = None
        self._last = 0.0
        self._thread = threading.Thread(target=self._follow, name="foreteller", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Whatever is being foreseen is stored first."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _follow(self) -> None:
        while not (self._over.is_set() or self._service.stopping.is_set()):
            try:
                self.look()
            except NavetteError as error:  # the database is away
                _log.warning("not foreseen", why=str(error))
            except Exception:
                _log.exception("not foreseen")
            self._over.wait(EVERY_S)

    def look(self) -> None:
        """Foresee what has changed; now and then everything of the day, and what became of it."""
        changed = self._changed()
        due = time.monotonic() - self._last >= ALWAYS_S
        if changed or due:
            step(self._service, now())
        if due:
            self._last = time.monotonic()
            look_back(self._service, now())
            tell(self._service, now())

    def _changed(self) -> bool:
        """Whether anything that predictions rest on was hinted at. A lower number may be stored after a
        higher one: each look goes back a little."""
        with self._service.database.read() as session:
            if self._floor is None:
                self._floor = changes.newest_seq(session)
                return True
            found = changes.changes_after(session, max(0, self._floor - _BACK), _MOST)
        fresh = [one for one in found if one.seq not in self._seen and (one.seq or 0) > self._floor - _BACK]
        self._seen = {one.seq or 0 for one in found}
        self._floor = max([self._floor, *self._seen])
        return any(one.topic in TOPICS for one in fresh)
