"""Real processes that carry out plan runs, killed in the middle: nothing is lost, nothing is done twice."""

import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from api.db import Database
from api.jobs.queue import DurableJobs
from api.jobs.schema import prepare
from api.repositories import workers
from api.schema import upgrade
from api.service import Service
from api.services import plan_runs
from api.services.actor import SYSTEM
from api.services.plan_runs import Wanted
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from models.service_day import IsoWeek
from models.tables.plans import PlanRecord, PlanRunRecord, RunState
from tests.databases import Server, free_port, has_postgresql, postgresql
from tests.processes import Process, answers, is_alive, navette, wait_for

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


def _ask(service: Service, engine: str = "insertion", seconds: float = 5) -> UUID:
    with service.database.write() as session:
        wanted = Wanted(week=WEEK, engine=engine, seconds=seconds)
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
    """On PostgreSQL the worker that solves is killed, another one finishes."""
    if served.database.on_sqlite:
        pytest.skip("on SQLite everything is in one process")
    settings = {"database": served.settings.database, "data": str(tmp_path)}
    with (
        navette("worker", folder=tmp_path, **settings) as first,
        navette("worker", folder=tmp_path, **settings) as second,
    ):
        for one in (first, second):
            wait_for(lambda one=one: "working" in one.said(), "two workers")  # type: ignore[misc]
        run = _ask(served)
        holder, solver = _holder(served, run, first, second)
        holder.kill()
        killed = time.monotonic()
        wait_for(lambda: not is_alive(solver), "the end of the orphan", within_s=5)
        _ended_by(served, run, second if holder is first else first)
        assert time.monotonic() - killed < 60


def test_a_killed_service_goes_on_where_it_was(served: Service, tmp_path: Path) -> None:
    """`navette serve` is killed while it solves, and started again."""
    settings = {"database": served.settings.database, "data": str(tmp_path), "out": str(tmp_path / "out")}
    port = str(free_port())
    with navette("serve", "--port", port, folder=tmp_path, **settings) as first:
        run = _ask(served)
        _, solver = _holder(served, run, first)
        first.kill()
    wait_for(lambda: not is_alive(solver), "the end of the orphan", within_s=5)
    with navette("serve", "--port", port, folder=tmp_path, **settings) as second:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "an answer")
        _ended_by(served, run, second)


def test_a_service_that_is_stopped_hands_in_the_best_it_has(served: Service, tmp_path: Path) -> None:
    settings = {"database": served.settings.database, "data": str(tmp_path), "out": str(tmp_path / "out")}
    with navette("serve", "--port", str(free_port()), folder=tmp_path, **settings) as process:
        run = _ask(served, engine="ortools", seconds=60)
        wait_for(lambda: "cost_eur" in _run(served, run).progress, "a first plan")
        asked = time.monotonic()
        assert process.stop() == 0
        assert time.monotonic() - asked < 20
    assert _run(served, run).state is RunState.DONE
    assert [plan.stamp["interrupted"] for plan in _plans(served)] == [True]
    with served.database.read() as session:
        assert workers.list_workers(session) == []


def test_a_first_start_fills_the_database_and_says_so(tmp_path: Path) -> None:
    settings = {"data": str(tmp_path / "var"), "out": str(tmp_path / "out")}
    port = str(free_port())
    with navette("serve", "--port", port, folder=tmp_path, **settings) as process:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "an answer")
        assert "Base vide : le réseau du dossier" in process.said()
        assert f"http://127.0.0.1:{port}/" in process.said()
        if find_spec("api.services.first_start"):
            assert "usage unique : http" in process.said()
        with navette("serve", "--port", port, folder=tmp_path, **settings) as late:
            assert late.popen.wait(timeout=60) == 2
            assert "--port" in late.said()
        assert process.stop() == 0
    assert (tmp_path / "var" / "navette.db").exists()


def test_a_database_behind_is_refused_on_postgresql(postgres: Server, tmp_path: Path) -> None:
    settings = {"database": postgres.create("behind"), "data": str(tmp_path)}
    for command in (("serve", "--port", str(free_port())), ("worker",)):
        with navette(*command, folder=tmp_path, **settings) as process:
            assert process.popen.wait(timeout=60) == 2
            assert "navette migrate" in process.said()
    for told in ("vide →", "est à jour"):
        with navette("migrate", folder=tmp_path, **settings) as process:
            assert process.popen.wait(timeout=60) == 0
            assert told in process.said()
    with navette("import", str(default_folder()), folder=tmp_path, **settings) as process:
        assert process.popen.wait(timeout=60) == 0
        assert "47 lieux" in process.said()
    with navette("doctor", folder=tmp_path, **settings) as process:
        assert process.popen.wait(timeout=60) == 0
        assert "Tout va bien" in process.said()
    postgres.drop("behind")


def test_a_database_that_goes_away_for_a_while_loses_no_calculation(tmp_path: Path) -> None:
    """PostgreSQL crashes while a worker solves, and is started again: the plan is stored, at one attempt."""
    if not has_postgresql():
        pytest.skip("PostgreSQL 15 is not installed")
    with postgresql() as server:
        database = Database(server.create("away"))
        upgrade(database)
        prepare(database)
        with database.write() as session:
            fill_from_folder(session, default_folder())
        settings = Settings(data=tmp_path, jobs=False)
        service = Service(settings=settings, database=database, jobs=DurableJobs(database))
        run = _ask(service, engine="ortools", seconds=6)
        with navette("worker", folder=tmp_path, database=server.url("away"), data=str(tmp_path)) as worker:
            wait_for(lambda: "cost_eur" in _run(service, run).progress, "a first plan")
            server.stop("immediate")
            time.sleep(2)
            server.start()
            done = _when(service, run, RunState.DONE, RunState.FAILED)
            assert (done.state, done.attempts) == (RunState.DONE, 1)
            assert worker.stop() == 0
        assert len(_plans(service)) == 1
        service.close()
