"""Backups: of one moment while others write, read back into either database, equal to the last byte."""

import json
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import func, select

from api.db import Database
from api.repositories import whole
from api.schema import upgrade
from api.service import Service
from api.services import backup
from models.custody.facts import ScanKind
from models.errors import Conflict, InputError
from models.tables.demand import CrateRecord
from models.tables.network import ClosureRecord
from models.tables.plans import PlanKind, PlanRecord, PlanRunRecord
from models.tables.scans import IncidentRecord, PhotoRecord, ScanRecord
from models.tables.service import ChangeRecord
from tests.databases import Server
from tests.service_fixtures import BOTH

AT = datetime(2026, 12, 1, 9, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of either kind, whatever the one that is backed up is."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        upgrade(database)
        yield database
        database.close()
        return
    server: Server = request.getfixturevalue("postgres")
    name = f"empty_{uuid4().hex}"
    database = Database(server.create(name))
    upgrade(database)
    yield database
    database.close()
    server.drop(name)


def _fact(k: int) -> ScanRecord:
    return ScanRecord(
        id=uuid4(),
        kind=ScanKind.DELIVERED,
        count=k,
        visit="2026-W49-mar-matin-V1/cassel",
        occurred_at=AT,
        sent_at=AT,
    )


def _remember(service: Service) -> None:
    """One of everything that is hard to carry over: bytes, accents, nothing, a plan made from a later one."""
    with service.database.write() as session:
        session.add(CrateRecord(code="B-001", label="Bac « été » — n° 1\n", home="cassel"))
        session.add(ClosureRecord(site=None, starts_on=date(2026, 12, 25), ends_on=date(2027, 1, 3)))
        incident = IncidentRecord(text="Volet bloqué", occurred_at=AT)
        session.add(incident)
        session.flush()
        session.add(
            PhotoRecord(
                incident=incident.id, media_type="image/webp", content=bytes(range(256)), width=1, height=1
            )
        )
        first = PlanRecord(
            number=1, week="2026-W49", kind=PlanKind.WEEK, network_code="escapade", cost_cents={"hours": 12}
        )
        later = PlanRecord(
            number=2,
            week="2026-W49",
            network_code="escapade",
            proof={"cents": 3, "finished": True, "spent_s": 0.1},
        )
        first.id, later.id = UUID(int=1), UUID(int=2)
        session.add_all([first, later])
        session.flush()
        first.parent = later.id  # earlier by key, but made from the other
        session.add(
            PlanRunRecord(
                week="2026-W49", engine="insertion", seconds=0.1, base=later.id, trace=[[0.1, 2.5, 1]]
            )
        )
        session.add(ChangeRecord(topic="plans"))
        session.add_all(_fact(k) for k in range(1200))


def _all(database: Database) -> dict[str, list[whole.Row]]:
    with whole.one_moment(database.engine) as connection:
        return {table.name: list(whole.rows(connection, table)) for table in whole.tables()}


def test_what_is_read_back_is_what_was_there(service: Service, empty: Database, tmp_path: Path) -> None:
    _remember(service)
    file = tmp_path / "all.zip"
    made = backup.write(service.database, file)
    assert made.tables["scan"].rows == 1200
    assert backup.read(empty, file) == made
    assert _all(empty) == _all(service.database)
    with empty.write() as session:  # counters go on where they were, nothing collides
        session.add(_fact(0))
        session.add(ChangeRecord(topic="plans"))
        session.add(CrateRecord(code="B-002"))
        session.flush()
        assert session.exec(select(func.max(ScanRecord.seq))).one() == 1201
        assert session.exec(select(func.max(ChangeRecord.seq))).one() == 2
    with pytest.raises(Exception, match="a fact is never changed"), empty.write() as session:
        session.connection().exec_driver_sql("UPDATE scan SET count = 1")


def test_a_backup_is_of_one_moment_while_others_write(
    service: Service, empty: Database, tmp_path: Path
) -> None:
    """Writers store a crate and a fact together, again and again: never one without the other in the file."""
    over = threading.Event()
    stored = 0

    def work(who: int) -> None:
        nonlocal stored
        k = 0
        while not over.is_set():
            with service.database.write() as session:
                session.add(CrateRecord(code=f"{who}-{k}"))
                session.add(_fact(k))
            k += 1
            stored += 1

    threads = [threading.Thread(target=work, args=(who,)) for who in range(2)]
    for thread in threads:
        thread.start()
    held = []
    for n in range(3):
        file = tmp_path / f"{n}.zip"
        before = stored
        made = backup.write(service.database, file)
        assert made.tables["crate"].rows == made.tables["scan"].rows
        held.append((before, made.tables["scan"].rows))
    over.set()
    for thread in threads:
        thread.join()
    assert all(rows >= before for before, rows in held)
    assert held[-1][1] > held[0][1]  # they did write meanwhile
    assert backup.read(empty, tmp_path / "2.zip").tables["scan"].rows == held[-1][1]


def test_only_an_empty_database_is_restored_into(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    backup.write(service.database, file)
    before = _all(service.database)
    with pytest.raises(Conflict, match="n'est pas vide"):
        backup.read(service.database, file)
    assert _all(service.database) == before


def _altered(file: Path, name: str, change: bytes | None) -> Path:
    """A copy with one member otherwise, or without it."""
    altered = file.with_name("altered.zip")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(altered, "w") as into:
        for one in source.namelist():
            if one != name:
                into.writestr(one, source.read(one))
            elif change is not None:
                into.writestr(one, change)
    return altered


def test_a_damaged_backup_leaves_the_database_empty(
    service: Service, empty: Database, tmp_path: Path
) -> None:
    file = tmp_path / "all.zip"
    backup.write(service.database, file)
    with zipfile.ZipFile(file) as source:
        drivers = source.read("tables/driver.jsonl")
        manifest = json.loads(source.read("manifest.json"))
    damaged = [
        _altered(file, "tables/driver.jsonl", b""),
        _altered(file, "tables/driver.jsonl", drivers.replace(b'"hours":"', b'"hours":"x', 1)),
        _altered(file, "tables/driver.jsonl", None),
        _altered(file, "manifest.json", b"{}"),
    ]
    for one in damaged:
        with pytest.raises(InputError, match="abîmée"):
            backup.read(empty, one)
    torn = tmp_path / "torn.zip"
    torn.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(InputError, match="abîmée"):
        backup.read(empty, torn)
    other = _altered(file, "manifest.json", json.dumps({**manifest, "schema": "0000"}).encode())
    with pytest.raises(Conflict, match="schéma 0000"):
        backup.read(empty, other)
    assert all(not rows for rows in _all(empty).values())


def test_a_backup_that_cannot_be_written_replaces_nothing(service: Service, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Impossible d'écrire"):
        backup.write(service.database, tmp_path / "nowhere" / "all.zip")
    file = tmp_path / "all.zip"
    first = backup.write(service.database, file)
    assert backup.write(service.database, file).tables == first.tables  # a later one takes its place
    assert (file.stat().st_mode & 0o777, list(tmp_path.glob(".*.part"))) == (0o600, [])
