"""Backups that an earlier Navette made: read into their own schema, then brought to today's."""

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import insert
from sqlmodel import select

from api.db import Database
from api.repositories import whole
from api.schema import config, drift, newest, revision, upgrade
from api.services import backup
from models.custody.facts import ScanKind
from models.errors import Conflict, InputError
from models.tables.demand import CrateRecord
from models.tables.predictions import PromiseRecord
from models.tables.scans import OutcomeRecord, ScanRecord
from tests.databases import Server
from tests.service_fixtures import BOTH

AT = datetime(2026, 12, 1, 9, 30, 0, 123456, tzinfo=UTC)
VISIT = "2026-W49-mar-matin-V1/cassel"
FACT, CRATE, OUTCOME = UUID(int=3), UUID(int=4), UUID(int=5)
ROWS = {
    "scan": {
        "id": FACT, "kind": ScanKind.DELIVERED, "count": 3, "visit": VISIT, "occurred_at": AT, "sent_at": AT,
        "received_at": AT, "round": VISIT[:21], "site": "cassel", "day": date(2026, 12, 1), "notes": ["late"],
    },
    "crate": {"id": CRATE, "version": 1, "code": "B-001", "label": "Bac « été »"},
    "outcome": {
        "id": OUTCOME, "visit": VISIT, "round": VISIT[:21], "site": "cassel", "day": date(2026, 12, 1),
        "state": "done", "began_at": AT, "delivered": 3, "detail": {"visit": VISIT},
    },
}  # fmt: skip


@pytest.fixture(params=BOTH)
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """Two databases of one kind, without any table."""
    if request.param == "sqlite":
        pair = tuple(Database(f"sqlite:///{tmp_path / name}.db") for name in ("old", "fresh"))
        yield pair[0], pair[1]
        for one in pair:
            one.close()
        return
    server: Server = request.getfixturevalue("postgres")
    names = [f"{name}_{uuid4().hex}" for name in ("old", "fresh")]
    pair = tuple(Database(server.create(name)) for name in names)
    yield pair[0], pair[1]
    for name, one in zip(names, pair, strict=True):
        one.close()
        server.drop(name)


def _as_0001(database: Database) -> None:
    """A database as the first schema made it, with a row of three tables."""
    with database.engine.connect() as connection:
        command.upgrade(config(connection), "0001")
        connection.commit()
    with database.write() as session:
        connection = session.connection()
        for table in whole.tables_there(connection):
            if table.name in ROWS:
                known = {column.name: None for column in table.columns if column.nullable}
                given = {**known, **_filled(table.name), **ROWS[table.name]}
                connection.execute(insert(table), {k: v for k, v in given.items() if k in table.c})


def _filled(name: str) -> dict[str, object]:
    """What today's records give where nothing is said."""
    record: Any = {"scan": ScanRecord, "crate": CrateRecord, "outcome": OutcomeRecord}[name]
    found: dict[str, object] = record.model_construct().model_dump()
    return {key: value for key, value in found.items() if key != "seq"} | (
        {"seq": 1} if name == "scan" else {}
    )


def test_an_older_backup_is_restored_and_brought_to_todays_schema(
    two: tuple[Database, Database], tmp_path: Path
) -> None:
    old, fresh = two
    _as_0001(old)
    file = tmp_path / "old.zip"
    made = backup.write(old, file)
    with zipfile.ZipFile(file) as source:
        manifest = json.loads(source.read("manifest.json"))
    assert (manifest["schema"], made.rows) == ("0001", 3)  # what the database was, not what Navette knows
    assert ("promise" in made.tables, newest() > "0001") == (False, True)
    upgrade(fresh)
    assert backup.read(fresh, file) == made
    assert (revision(fresh), drift(fresh)) == (newest(), [])
    with fresh.write() as session:
        fact = session.exec(select(ScanRecord)).one()
        assert (fact.id, fact.count, fact.occurred_at, fact.notes) == (FACT, 3, AT, ["late"])
        assert session.exec(select(CrateRecord)).one().label == "Bac « été »"
        outcome = session.exec(select(OutcomeRecord)).one()
        assert (outcome.began_at, outcome.tally) == (AT, None)  # without a tally all facts are read
        assert session.exec(select(PromiseRecord)).all() == []
        later = ScanRecord(id=uuid4(), kind=ScanKind.LEFT, visit=VISIT, occurred_at=AT, sent_at=AT)
        session.add(later)
        session.flush()
        assert later.seq == 2  # counters go on
    with pytest.raises(Exception, match="a fact is never changed"), fresh.write() as session:
        session.connection().exec_driver_sql("UPDATE scan SET count = 1")


def test_a_damaged_older_backup_leaves_todays_schema_empty(
    two: tuple[Database, Database], tmp_path: Path
) -> None:
    old, fresh = two
    _as_0001(old)
    file, torn = tmp_path / "old.zip", tmp_path / "torn.zip"
    backup.write(old, file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(torn, "w") as into:
        for name in source.namelist():
            into.writestr(name, b"" if name == "tables/outcome.jsonl" else source.read(name))
    upgrade(fresh)
    with pytest.raises(InputError, match="abîmée"):
        backup.read(fresh, torn)
    assert (revision(fresh), drift(fresh)) == (newest(), [])
    with fresh.read() as session:
        assert whole.filled(session.connection()) == []


def test_a_newer_backup_is_refused_with_what_to_do(two: tuple[Database, Database], tmp_path: Path) -> None:
    old, fresh = two
    upgrade(old)
    upgrade(fresh)
    file, newer = tmp_path / "all.zip", tmp_path / "newer.zip"
    assert backup.write(old, file).schema == newest()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(newer, "w") as into:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), "schema": "9999"}).encode()
            into.writestr(name, content)
    with pytest.raises(Conflict, match=r"schéma 9999.*mettez Navette à jour"):
        backup.read(fresh, newer)
