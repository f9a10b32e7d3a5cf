"""Real processes that carry out plan runs, killed in the middle: nothing is lost, nothing is done twice."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from api.db import Database
from api.jobs.queue import DurableJobs
from api.jobs.schema import prepare
from api.service import Service
from api.services import plan_runs
from api.services.actor import SYSTEM
from api.services.plan_runs import Wanted
from api.settings import Settings
from models.service_day import IsoWeek
from models.tables.plans import PlanRecord, PlanRunRecord, RunState
from tests.processes import Process, is_alive, navette, wait_for

WEEK = IsoWeek(2026, 49)


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Service]:
    """A service that hands its jobs on for real."""
    database = Database(database_url)
    prepare(database)
    settings = Settings(database=database_url, data=tmp_path, jobs=False)
    running = Service(settings=settings, database=database, jobs=DurableJobs(database))
    yield running
    running.close()


def _ask(service: Service) -> UUID:
    with service.database.write() as session:
        wanted = Wanted(week=WEEK, engine="insertion", seconds=5)
        return plan_runs.ask(session, service.jobs, wanted, SYSTEM).id


def _run(service: Service, run: UUID) -> PlanRunRecord:
    with service.database.read() as session:
        return session.exec(select(PlanRunRecord).where(PlanRunRecord.id == run)).one()


def _plans(service: Service) -> list[PlanRecord]:
    with service.database.read() as session:
        return list(session.exec(select(PlanRecord)))


def _when(service: Service, run: UUID, *states: RunState) -> PlanRunRecord:
    def look() -> PlanRunRecord | None:
        found = _run(service, run)
        return found if found.state in states else None

    return wait_for(look, f"{states}, but it is {_run(service, run).state}")


def _holder(service: Service, run: UUID, *among: Process) -> tuple[Process, int]:
    """Which process has a run in hand, and the solver that it has started."""
    begun = _when(service, run, RunState.RUNNING)
    holder = next(one for one in among if begun.worker.split(":")[1] == str(one.pid))
    return holder, wait_for(holder.children, "a solver")[0]


def _ended_by(service: Service, run: UUID, process: Process) -> None:
    """It was begun again by that process, and one plan came of it."""
    done = _when(service, run, RunState.DONE, RunState.FAILED)
    assert (done.state, done.problem) == (RunState.DONE, "")
    assert (done.attempts, done.worker.split(":")[1]) == (2, str(process.pid))
    assert process.stop() == 0
    assert [plan.run for plan in _plans(service)] == [run]


def test_a_killed_worker_loses_nothing(served: Service, tmp_path: Path) -> None:
    """The one that solves is killed: on PostgreSQL another finishes, on SQLite the same one started again."""
    settings = {"database": served.settings.database, "data": str(tmp_path)}
    with navette("worker", folder=tmp_path, **settings) as first:
        if served.database.on_sqlite:
            run = _ask(served)
            _, solver = _holder(served, run, first)
            first.kill()
            with navette("worker", folder=tmp_path, **settings) as second:
                wait_for(lambda: not is_alive(solver), "the end of the orphan", within_s=5)
                _ended_by(served, run, second)
            return
        with navette("worker", folder=tmp_path, **settings) as second:
            for one in (first, second):
                wait_for(lambda one=one: "working" in one.said(), "two workers")  # type: ignore[misc]
            run = _ask(served)
            holder, solver = _holder(served, run, first, second)
            holder.kill()
            killed = time.monotonic()
            wait_for(lambda: not is_alive(solver), "the end of the orphan", within_s=5)
            _ended_by(served, run, second if holder is first else first)
            assert time.monotonic() - killed < 60
