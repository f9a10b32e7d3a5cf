"""Who is taken for dead: at once where it can be known, after thirty seconds where it cannot."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from api.jobs.watch import Watchman
from api.processes import is_gone, machine, this_process
from api.repositories import workers
from api.service import Service
from models.tables.service import WorkerRecord


def _ended() -> str:
    """The name of a process that has lived on this machine."""
    code = "from api.processes import this_process; print(this_process())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_names_tell_the_living_from_the_gone() -> None:
    mine = this_process()
    assert mine == this_process()
    assert not is_gone(mine)
    assert is_gone(_ended())
    where, pid, started = mine.split(":")
    assert (where, pid) == (machine(), str(os.getpid()))
    assert is_gone(f"{where}:{pid}:{int(started) - 1}")  # a number that was given again
    assert not is_gone(f"elsewhere:{pid}:1")  # who knows
    assert not is_gone("")


@pytest.mark.parametrize(("silent_s", "lives"), [(29, True), (31, False)])
def test_another_machine_is_given_thirty_seconds(service: Service, silent_s: int, lives: bool) -> None:
    name = "elsewhere:12:34"
    with service.database.write() as session:
        workers.beat(session, name)
        at = workers.database_now(session) - timedelta(seconds=silent_s)
        session.connection().execute(
            update(WorkerRecord).where(col(WorkerRecord.name) == name).values(seen_at=at)
        )
    watchman = Watchman(service)
    watchman.register()
    assert watchman.living() == ({service.name, name} if lives else {service.name})
    with service.database.read() as session:
        assert len(workers.list_workers(session)) == 1 + lives


def test_a_process_gone_from_this_machine_is_given_none(service: Service) -> None:
    with service.database.write() as session:
        workers.beat(session, _ended())
    watchman = Watchman(service)
    watchman.register()
    assert watchman.living() == {service.name}
    watchman.leave()
    assert watchman.living() == set()
