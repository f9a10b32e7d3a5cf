"""Signs of life, and what to do about those who give none any more."""

import contextlib
import threading
from datetime import datetime, timedelta

import structlog
from dbos import DBOS

from api.jobs.queue import workflow_id
from api.processes import is_gone
from api.repositories import plan_runs as repository
from api.repositories import workers
from api.service import Service
from api.services import plan_runs
from models.errors import NavetteError
from models.tables.base import now

BEAT_S = 5.0
_AN_HOUR = 720  # in beats
KEPT = timedelta(days=30)
_AT_ONCE = 200
SILENT = timedelta(seconds=30)
_ENDED = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})
_log = structlog.get_logger("navette.jobs")


class Watchman:
    """Tells every few seconds that this process lives, and has the jobs of dead ones begun again.

    A process of this machine that is gone is known at once; one of another machine when it has been silent
    for thirty seconds. Should such a one only have been slow, its results are refused, not stored twice.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._over = threading.Event()
        self._looks = 0
        self._thread = threading.Thread(target=self._watch, name="watchman", daemon=True)

    def register(self) -> None:
        """The first sign of life."""
        with self._service.database.write() as session:
            workers.beat(session, self._service.name)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=BEAT_S)

    def leave(self) -> None:
        """This process takes no jobs any more; whatever it left may be taken at once."""
        with contextlib.suppress(NavetteError), self._service.database.write() as session:
            workers.forget(session, [self._service.name])

    def _watch(self) -> None:
        while not self._over.is_set():
            try:
                self.look()
            except NavetteError as error:
                _log.warning("watch failed", why=str(error))
            except Exception:
                _log.exception("watch failed")
            self._over.wait(BEAT_S)

    def look(self) -> None:
        """One round: tell, find who is silent, have their jobs taken over, hand on what was left lying."""
        self.register()
        self._looks += 1
        # In this order: whoever has begun something had told of itself before.
        begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        living = self.living()
        dead = sorted({one.executor_id for one in begun if one.executor_id} - living)
        if dead:
            _log.warning("taking over", workers=dead)
            DBOS._recover_pending_workflows(dead)  # DBOS has no public name for it
        self._mend()
        if self._service.name != min(living, default=""):
            return  # one of the living does the rest
        if self._looks % _AN_HOUR == 1:
            tidy(now() - KEPT)

    def _mend(self) -> None:
        """Runs without a job, as after a restoration, get one; those whose job came to nothing, end."""
        with self._service.database.read() as session:
            names = {workflow_id("plan_run", str(run)): run for run in repository.list_long_open(session)}
        if not names:
            return
        jobs = DBOS.list_workflows(workflow_ids=list(names), load_input=False, load_output=False)
        ended = {one.workflow_id for one in jobs if one.status in _ENDED}
        lost = names.keys() - {one.workflow_id for one in jobs}
        with self._service.database.write() as session:
            for name in lost:
                self._service.jobs.submit(session, "plan_run", str(names[name]))
            for name in ended:
                plan_runs.fail(session, names[name], "Le calcul a été abandonné après plusieurs essais.")

    def living(self) -> set[str]:
        """The names of those who live, as far as can be known; the others are given up."""
        with self._service.database.write() as session:
            moment = workers.database_now(session)
            known = workers.list_workers(session)
            dead = [one.name for one in known if is_gone(one.name) or moment - one.seen_at > SILENT]
            if dead:
                workers.forget(session, dead)
        return {one.name for one in known} - set(dead)


def tidy(before: datetime) -> int:
    """Forget jobs that were handed on before a moment and have ended; how many."""
    gone = 0
    while True:
        old = DBOS.list_workflows(
            status=sorted(_ENDED),
            end_time=before.isoformat(),
            limit=_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if not old:
            return gone
        DBOS.delete_workflows([one.workflow_id for one in old])
        gone += len(old)
