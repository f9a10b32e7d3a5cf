"""DBOS in this process: jobs carried out, tried again, forgotten in the end."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from api.db import Database
from api.jobs import registry, watch
from api.jobs.queue import DurableJobs
from api.jobs.registry import Body, Job, Queue
from api.jobs.runner import Runner
from api.jobs.schema import prepare
from api.repositories import figures, workers
from api.repositories.plan_runs import get_run
from api.service import Service
from api.settings import Settings
from models.errors import Unavailable
from models.tables.base import now
from models.tables.plans import PlanRunRecord, RunState
from tests.processes import wait_for


class Bodies:
    """What jobs of tests do, and what they were told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.away = 2
        self.let_go = threading.Event()

    def body(self, kind: str) -> Body:
        def carry_out(_: Service, ref: str) -> None:
            self.told.append(f"{kind} {ref}")
            if kind == "away" and self.away:
                self.away -= 1
                raise Unavailable("away")
            if kind == "broken":
                raise ZeroDivisionError
            if kind == "slow":
                self.let_go.wait(20)

        return carry_out


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> Bodies:
    made = Bodies()
    kinds = ("plain", "away", "broken", "slow")
    monkeypatch.setattr(registry, "JOBS", {**registry.JOBS, **{one: Job(where=f"{one}:x") for one in kinds}})
    real = Job.body
    monkeypatch.setattr(
        Job, "body", lambda job: made.body(job.where[:-2]) if job.where.endswith(":x") else real(job)
    )
    monkeypatch.setattr("api.jobs.runner._AWAY_S", (0, 0, 0))
    monkeypatch.setattr("api.jobs.runner._POLL_S", dict.fromkeys(Queue, 0.1))
    monkeypatch.setattr(watch, "BEAT_S", 0.5)
    return made


@pytest.fixture
def working(database_url: str, bodies: Bodies) -> Iterator[tuple[Service, Runner]]:
    """A service that carries out its own jobs."""
    database = Database(database_url)
    prepare(database)
    service = Service(settings=Settings(database=database_url), database=database, jobs=DurableJobs(database))
    runner = Runner(service)
    runner.start()
    yield service, runner
    bodies.let_go.set()
    runner.stop()
    service.close()


def _submit(service: Service, *kinds: str) -> None:
    with service.database.write() as session:
        for kind in kinds:
            service.jobs.submit(session, kind, "it")


def _waiting(service: Service) -> int:
    with service.database.read() as session:
        return sum(figures.jobs_waiting(session).values())


def test_jobs_are_carried_out_and_their_failures_are_their_own(
    working: tuple[Service, Runner], bodies: Bodies
) -> None:
    service, _ = working
    _submit(service, "plain", "away", "broken")
    wait_for(lambda: _waiting(service) == 0, "the end of all jobs")
    # Thrice: the database was away twice. A broken job is not tried again.
    assert sorted(bodies.told) == ["away it"] * 3 + ["broken it", "plain it"]
    assert watch.tidy(now() - timedelta(minutes=5)) == 0
    assert watch.tidy(now() + timedelta(minutes=5)) >= 3


def _run(service: Service, **fields: object) -> UUID:
    """A run that was asked for two minutes ago."""
    asked = {"week": "2026-W49", "engine": "insertion", "iterations": 20, **fields}
    record = PlanRunRecord(created_at=now() - timedelta(minutes=2), **asked)  # type: ignore[arg-type]
    with service.database.write() as session:
        session.add(record)
    return record.id


def _state(service: Service, run: UUID) -> RunState:
    with service.database.read() as session:
        return get_run(session, run).state


def test_runs_without_a_job_get_one_and_runs_whose_job_came_to_nothing_end(
    working: tuple[Service, Runner], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restoration: what was waiting or at work is in no queue."""
    service, _ = working
    monkeypatch.setattr(Job, "body", lambda job: lambda *_: None)  # a job that forgets its run
    forgotten = _run(service)
    wait_for(lambda: _state(service, forgotten) is RunState.FAILED, "an end of what was forgotten")
    monkeypatch.undo()
    waiting = _run(service)
    at_work = _run(service, state=RunState.RUNNING, worker="gone", attempts=1)
    for run in (waiting, at_work):
        wait_for(lambda run=run: _state(service, run) is RunState.DONE, "a plan")  # type: ignore[misc]


def test_an_orderly_stop_waits_for_what_runs_and_takes_nothing_new(
    working: tuple[Service, Runner], bodies: Bodies
) -> None:
    service, runner = working
    with service.database.read() as session:
        assert [one.name for one in workers.list_workers(session)] == [service.name]
    wait_for(lambda: _waiting(service) == 0, "what the clock makes up for, and what that hands on")
    _submit(service, "slow")
    wait_for(lambda: "slow it" in bodies.told, "the slow job")
    stopping = threading.Thread(target=runner.stop)
    stopping.start()
    service.stopping.wait(5)
    _submit(service, "plain")
    stopping.join(timeout=1)
    assert stopping.is_alive()
    bodies.let_go.set()
    stopping.join(timeout=20)
    assert not stopping.is_alive()
    assert bodies.told == ["slow it"]
    assert _waiting(service) == 1  # somebody else's
    with service.database.read() as session:
        assert workers.list_workers(session) == []
