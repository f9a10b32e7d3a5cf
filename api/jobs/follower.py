"""Between a child process and the database: what one tells, the other remembers; what people ask there is
passed on here."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import structlog

from api.service import Service
from api.services import plan_runs
from api.services.planning import Watch
from models.errors import NavetteError
from models.tables.plans import PlanRunRecord, RunState
from routing.bound.child import Prover
from routing.bound.values import Bound
from routing.child import Solver, Told

_LOOK_S = 0.4
_WRITE_S = 1.0
_log = structlog.get_logger("navette.jobs")
_Stoppable: TypeAlias = Solver | Prover


class Follower:
    """Follows one run from a thread of its own: writes its progress once a second at most, and looks whether
    somebody wants it stopped or cancelled. `abandoned`: its result is of no use to anybody any more."""

    def __init__(self, service: Service, run: PlanRunRecord) -> None:
        self._service, self._run = service, run
        self._lock = threading.Lock()
        self._child: _Stoppable | None = None
        self._wanted = True
        self._told: dict[str, Any] = {"phase": "preparing"}
        self._trace: list[Any] = []
        self._news, self._written_at = True, 0.0
        self._over = threading.Event()
        self.abandoned = False

    def watch(self) -> Watch:
        """What the calculation is to call."""
        return Watch(started=self._begun, told=self._better, proving=self._begun, proven=self._proven)

    def told(self) -> plan_runs.Told:
        """The last that was told."""
        with self._lock:
            return plan_runs.Told(dict(self._told), list(self._trace))

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow while the block runs."""
        thread = threading.Thread(target=self._follow, name="follower", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _begun(self, child: _Stoppable) -> None:
        with self._lock:
            self._child = child
            phase = "proving" if isinstance(child, Prover) else self._told["phase"]
            self._told, self._news = {**self._told, "phase": phase}, True
            wanted = self._wanted
        if not wanted:
            child.stop()

    def _better(self, told: Told) -> None:
        with self._lock:
            self._told = {
                **self._told,
                "phase": "solving",
                "cost_eur": round(told.cost_eur, 2),
                "missing": told.missing,
                "iterations": told.iterations,
                "spent_s": told.spent_s,
            }
            self._trace = plan_runs.thinned(
                [*self._trace, [told.spent_s, round(told.cost_eur, 2), told.missing]]
            )
            self._news = True

    def _proven(self, bound: Bound) -> None:
        with self._lock:
            gap = None
            if bound.cents > 0 and "cost_eur" in self._told:
                gap = max(0, round(1000 * (self._told["cost_eur"] * 100 / bound.cents - 1)))
            self._told = {**self._told, "bound_eur": round(bound.cents / 100, 2), "gap_permille": gap}
            self._news = True

    def _follow(self) -> None:
        while not self._over.wait(_LOOK_S):
            try:
                self._heed(self._exchange())
            except NavetteError as error:  # the calculation goes on while the database is away
                _log.warning("progress not stored", why=str(error))
            except Exception:
                _log.exception("progress not stored")
            if self._service.stopping.is_set():
                self._stop()

    def _exchange(self) -> RunState | None:
        with self._lock:
            due = self._news and time.monotonic() - self._written_at >= _WRITE_S
            if due:
                self._news, self._written_at = False, time.monotonic()
        if due:
            with self._service.database.write() as session:
                return plan_runs.tell(session, self._run.id, self._service.name, self.told())
        with self._service.database.read() as session:
            return plan_runs.state_of(session, self._run.id, self._service.name)

    def _heed(self, state: RunState | None) -> None:
        if state is RunState.STOPPING:
            self._stop()
        elif state is not RunState.RUNNING:  # cancelled, or in other hands
            self.abandoned = True
            self._stop()

    def _stop(self) -> None:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            child = self._child
        if wanted and child is not None:
            child.stop()
