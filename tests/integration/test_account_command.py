"""`navette compte`: for whoever is locked out, and stands before the machine."""

import argparse
from pathlib import Path

import pytest
from sqlmodel import select

from api.commands.account import add
from api.db import Database
from api.french import FrenchParser
from api.schema import upgrade
from api.security.tokens import hashed
from api.settings import Settings
from models.errors import Conflict, NotFound
from models.tables.people import AccountRole, InvitationRecord


def _run(*arguments: str) -> int:
    parser = FrenchParser(prog="navette")
    add(parser.add_subparsers(parser_class=FrenchParser), Settings())
    wanted: argparse.Namespace = parser.parse_args(["compte", *arguments])
    return int(wanted.run(wanted))


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("NAVETTE_DATA", str(tmp_path))
    monkeypatch.setenv("NAVETTE_DATABASE", "")
    monkeypatch.setenv("NAVETTE_PUBLIC_URL", "https://navette.example")
    return Database(Settings().database_url)


def test_a_link_is_printed_that_counts(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(database)
    assert _run() == 0
    told = capsys.readouterr().out
    assert "24 heures" in told
    link = told.strip().splitlines()[-1]
    assert link.startswith("https://navette.example/invitation/")
    with database.read() as session:
        record = session.exec(select(InvitationRecord)).one()
    assert record.token == hashed(link.rsplit("/", 1)[1])
    assert (record.role, record.account) == (AccountRole.COORDINATOR, None)
    database.close()


def test_an_unknown_login_and_a_database_that_is_not_ready_are_told(database: Database) -> None:
    with pytest.raises(Conflict, match="navette migrate"):
        _run()
    upgrade(database)
    with pytest.raises(NotFound, match="« nobody »"):
        _run("--login", "nobody")
    database.close()
