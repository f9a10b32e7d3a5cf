"""Carrying out jobs in this process: DBOS launched and stopped, its queues, its schedules, signs of life."""

import logging
import threading
import time
from collections.abc import Callable

import structlog
from dbos import DBOS, DBOSConfig

from api.jobs import schedules
from api.jobs.leaving import HandedOver
from api.jobs.queue import APPLICATION, SCHEMA, VERSION, WORKFLOW
from api.jobs.registry import Queue, job
from api.jobs.schema import prepare
from api.jobs.watch import Watchman
from api.service import Service
from models.errors import Unavailable

_POLL_S = {Queue.PLANS: 0.5, Queue.QUICK: 0.5}
_TOGETHER = {Queue.PLANS: 1, Queue.QUICK: 4}
_RECORDING_S = 5  # for DBOS to note the ends of jobs, once they have ended
_AWAY_S = (1, 2, 5, 10, 30, 60, 120)  # the database is away: how long to wait before each further try
_log = structlog.get_logger("navette.jobs")


class Runner:
    """The jobs of one process. There is one runner in a process at most: DBOS is one."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._watchman = Watchman(service)
        self._running = 0
        self._ended = threading.Condition()

    def start(self) -> None:
        """Begin. On SQLite DBOS's tables are brought to what it needs first; on PostgreSQL they must be
        there, as `navette migrate` leaves them."""
        _quieten()
        if self._service.database.on_sqlite:
            prepare(self._service.database)
        self._watchman.register()  # before any job can be ours, so that none is taken for a dead one's
        DBOS(config=_config(self._service))
        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=10)(self._job())
        fire = DBOS.workflow(name=schedules.WORKFLOW)(schedules.firing(self._service))
        DBOS.launch()
        for queue in Queue:
            DBOS.register_queue(
                queue.value, worker_concurrency=_TOGETHER[queue], polling_interval_sec=_POLL_S[queue]
            )
        schedules.apply(self._service, fire)
        self._watchman.start()

    def stop(self, grace_s: float = 20) -> None:
        """Take nothing new, give what runs some time to hand in what it has, and go."""
        self._service.stopping.set()
        with self._ended:
            self._ended.wait_for(lambda: self._running == 0, timeout=grace_s)
        self._watchman.stop()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=_RECORDING_S)
        self._watchman.leave()

    def _job(self) -> Callable[[str, str], None]:
        def carry_out(kind: str, ref: str) -> None:
            with self._ended:
                self._running += 1
            try:
                with structlog.contextvars.bound_contextvars(job=kind, ref=ref, worker=self._service.name):
                    self._try(kind, ref)
            finally:
                with self._ended:
                    self._running -= 1
                    self._ended.notify_all()

        return carry_out

    def _try(self, kind: str, ref: str) -> None:
        """Once more after each time that the database was away; any other error ends the job."""
        began = time.monotonic()
        for wait_s in (*_AWAY_S, None):
            if self._service.stopping.is_set():
                raise HandedOver
            try:
                job(kind).body()(self._service, ref)
            except Unavailable:
                if wait_s is None:
                    raise
                _log.warning("database away", wait_s=wait_s)
                self._service.stopping.wait(wait_s)
            except Exception:
                _log.exception("job failed", took_s=round(time.monotonic() - began, 3))
                raise
            else:
                _log.info("job done", took_s=round(time.monotonic() - began, 3))
                return


def _config(service: Service) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": service.database.url.render_as_string(hide_password=False),
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": service.name,
        "run_migrations": False,
        "sys_db_pool_size": 5,
        "log_level": "WARNING",
        "scheduler_polling_interval_sec": 30.0,
    }


def _quieten() -> None:
    """DBOS's words go where ours go: it adds an outlet of its own only where there is none."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
