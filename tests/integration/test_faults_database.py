"""The database goes away under load and comes back; the disk is full. What was acknowledged is stored, what
was not is told as such, and afterwards all is well again."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import event, text
from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from api.db import Database
from api.jobs.schema import prepare
from api.schema import upgrade
from api.security import tokens
from api.services.territory import fill_from_folder
from models.errors import Unavailable
from models.network.read import default_folder
from models.tables.people import ApiKeyRecord
from models.tables.scans import ScanRecord
from models.tables.service import ChangeRecord
from tests.databases import Server, has_postgresql, postgresql
from tests.processes import navette, wait_for

WRITERS = 4


def filled(url: str) -> tuple[Database, str]:
    """A database with the default network and a key that may tell facts."""
    database, key = Database(url), tokens.new_api_key()
    upgrade(database)
    prepare(database)
    with database.write() as session:
        fill_from_folder(session, default_folder())
        scopes = ["scans:write", "network:read"]
        session.add(
            ApiKeyRecord(name="essai", prefix=key.prefix, secret=tokens.hashed(key.whole), scopes=scopes)
        )
    return database, key.whole


def batch(size: int = 20) -> dict[str, object]:
    at = datetime.now(UTC).isoformat()
    told = {"kind": "arrived", "visit": "2026-W49-mar-matin-V1/cassel", "occurred_at": at, "sent_at": at}
    return {"scans": [{"id": str(uuid7()), **told} for _ in range(size)]}


@dataclass
class Load:
    """Writers that go on whatever happens; what they were told."""

    url: str
    key: str
    acknowledged: set[UUID] = field(default_factory=set)
    answers: list[httpx2.Response] = field(default_factory=list)
    lost: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        with httpx2.Client(base_url=self.url, headers=headers, timeout=30) as client:
            while not self.stopping.is_set():
                try:
                    answer = client.post("/api/v1/scans", json=batch())
                except httpx2.TransportError:
                    self.lost += 1
                    continue
                self.answers.append(answer)
                if answer.status_code == 200:
                    told = answer.json()["results"]
                    self.acknowledged |= {UUID(one["id"]) for one in told if one["state"] != "refused"}
                else:
                    time.sleep(0.05)

    def good(self) -> int:
        return sum(one.status_code == 200 for one in self.answers)


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL server that this test may stop."""
    if not has_postgresql():
        pytest.skip("PostgreSQL 15 is not installed (Debian: apt install postgresql-15)")
    with postgresql() as found:
        yield found


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_postgresql_is_stopped_and_started_again_under_load(server: Server, tmp_path: Path, how: str) -> None:
    database, key = filled(server.create("service"))
    port = free_port()
    settings = {"database": database.url.render_as_string(hide_password=False), "data": str(tmp_path)}
    with navette("serve", "--port", str(port), folder=tmp_path, **settings, draft_day="") as process:
        load = Load(f"http://127.0.0.1:{port}", key)
        wait_for(lambda: answers(f"{load.url}/readyz"), f"a service:\n{process.said()}")
        threads = [threading.Thread(target=load.write) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            wait_for(lambda: load.good() > 20, "writes before")
            server.stop(how)
            wait_for(lambda: any(one.status_code == 503 for one in load.answers), "a refusal")
            assert answers(f"{load.url}/healthz")  # alive, though not ready
            assert not answers(f"{load.url}/readyz")
            server.start()
            before = load.good()
            wait_for(lambda: load.good() > before + 20, "writes after", within_s=30)
            assert answers(f"{load.url}/readyz")
        finally:
            load.stopping.set()
            for thread in threads:
                thread.join()
        assert process.popen.poll() is None
    check(load, database)
    database.close()


def check(load: Load, database: Database) -> None:
    """Nothing but successes and honest refusals; every acknowledged fact is stored."""
    assert {one.status_code for one in load.answers} == {200, 503}
    assert load.lost == 0
    for refusal in [one for one in load.answers if one.status_code == 503]:
        assert refusal.headers["content-type"] == "application/problem+json"
        assert refusal.headers["retry-after"] == "5"
        assert "rien n'a été enregistré" in refusal.json()["detail"]
    with database.read() as session:
        stored = set(session.exec(select(ScanRecord.id)))
    assert load.acknowledged <= stored
    # What was not acknowledged may be stored all the same when the connection broke after the commit, but
    # only whole batches are.
    assert len(stored) % 20 == 0


def answers(url: str) -> bool:
    try:
        return bool(httpx2.get(url, timeout=15).status_code == 200)
    except httpx2.TransportError:
        return False


def free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no right to mount a small disk here: see the test of the page count")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def fill_up(database: Database) -> int:
    """Store blocks of a hundred rows until there is no room; how many blocks went in."""
    for count in range(10_000):
        with database.write() as session:
            session.add_all(ChangeRecord(topic="essai", ref=f"{count}/{k}" + "x" * 500) for k in range(100))
    raise AssertionError("the disk is never full")


def blocks(session: Session) -> list[int]:
    """How many rows each block has."""
    rows = session.exec(select(ChangeRecord.ref).where(ChangeRecord.topic == "essai")).all()
    numbers = [int(ref.partition("/")[0]) for ref in rows]
    return [numbers.count(k) for k in sorted(set(numbers))]


def survives(database: Database, make_room: Callable[[], None]) -> None:
    with pytest.raises(Unavailable, match="disque est plein : rien n'a été enregistré"):
        fill_up(database)
    with database.read() as session:
        assert set(blocks(session)) == {100}  # whole blocks only
        [verdict] = session.connection().execute(text("PRAGMA integrity_check")).one()
    assert verdict == "ok"
    make_room()
    with database.write() as session:
        session.add(ChangeRecord(topic="après"))
    database.close()


def test_a_full_disk_is_told_and_nothing_is_half_written(small_disk: Path, filled_file: Path) -> None:
    shutil.copy(filled_file, small_disk / "navette.db")
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 1_000_000)
    survives(Database(f"sqlite:///{small_disk / 'navette.db'}"), ballast.unlink)


def test_a_full_file_is_told_and_nothing_is_half_written(tmp_path: Path, filled_file: Path) -> None:
    shutil.copy(filled_file, tmp_path / "navette.db")
    database = Database(f"sqlite:///{tmp_path / 'navette.db'}")
    limit = {"pages": filled_file.stat().st_size // 4096 + 200}

    @event.listens_for(database.engine, "begin")
    def _limited(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {limit['pages']}")  # type: ignore[attr-defined]

    survives(database, lambda: limit.update(pages=1_000_000))
