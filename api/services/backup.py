"""Everything that is remembered, in one file: made while the service goes on, read back into an empty
database of either kind, and compared row by row.

A zip of `manifest.json` and of one JSON-lines file per table. The key that encrypts what must be read again
is not in it: it is kept elsewhere, so that a lost backup opens nothing.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from api.db import Database
from api.repositories import whole
from api.schema import is_known, newest, revision_seen, step_back, step_forward
from models.errors import Conflict, InputError

FORMAT, VERSION = "navette-backup", 1
_MANIFEST = "manifest.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What a table holds: how many rows, and the SHA-256 of their lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """What a backup is: of which schema, made when, what it holds."""

    schema: str
    made_at: datetime
    tables: dict[str, Content]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables.values())


def write(database: Database, file: Path) -> Backup:
    """Store everything as it is at this moment. The file is whole, or what stood there still does.

    InputError when the place cannot be written to.
    """
    aside = file.with_name(f".{file.name}.part")
    try:
        aside.touch(mode=0o600)
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as into:
            with whole.one_moment(database.engine) as connection:
                made_at, schema = datetime.now(UTC), revision_seen(connection) or ""
                held = {table.name: _write(into, connection, table) for table in _tables(connection, schema)}
            made = Backup(schema=schema, made_at=made_at, tables=held)
            into.writestr(_MANIFEST, json.dumps(_told(made), indent=1))
        aside.replace(file)
    except OSError as error:
        raise InputError(
            f"Impossible d'écrire « {file} » ({error.strerror}). Rien n'a été remplacé : choisissez un autre "
            "emplacement, ou libérez de la place."
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return made


def read(database: Database, file: Path) -> Backup:
    """Store everything that a backup holds in an empty database, in one transaction, and compare.

    A backup of an earlier schema is read into that one, and brought to today's with what it holds.
    InputError when the file is no backup or damaged; Conflict when the database is not empty, or the backup
    of a newer Navette. The database then is as it was.
    """
    try:
        with zipfile.ZipFile(file) as source:
            backup = _known(source)
            _must_fit(backup)
            with database.write() as session:
                connection = session.connection()
                _must_be_empty(connection)
                if backup.schema != newest():
                    step_back(connection, backup.schema)
                for table in _tables(connection, backup.schema):
                    _read(source, connection, table, backup.tables[table.name])
                step_forward(connection)
                whole.count_forward(connection)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise InputError(
            f"« {file} » n'est pas une sauvegarde de Navette, ou elle est abîmée ({error}). "
            "La base est restée comme elle était."
        ) from error
    return backup


def _tables(connection: Connection, schema: str) -> tuple[Table, ...]:
    return whole.tables() if schema == newest() else whole.tables_there(connection)


def _write(into: zipfile.ZipFile, connection: Connection, table: Table) -> Content:
    count, digest = 0, hashlib.sha256()
    with into.open(_name(table), "w", force_zip64=True) as file:
        for line in _lines(whole.rows(connection, table)):
            file.write(line)
            digest.update(line)
            count += 1
    return Content(rows=count, sha256=digest.hexdigest())


def _read(source: zipfile.ZipFile, connection: Connection, table: Table, promised: Content) -> None:
    with source.open(_name(table)) as file:
        whole.add(connection, table, _parsed(file))
    digest, count = hashlib.sha256(), 0
    for line in _lines(whole.rows(connection, table)):
        digest.update(line)
        count += 1
    if (count, digest.hexdigest()) != (promised.rows, promised.sha256):
        raise ValueError(f"{table.name} : {count} lignes lues, {promised.rows} attendues, ou d'autres")


def _lines(found: Iterable[whole.Row]) -> Iterator[bytes]:
    for row in found:
        yield json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _parsed(file: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in file:
        yield json.loads(line)


def _name(table: Table) -> str:
    return f"tables/{table.name}.jsonl"


def _told(backup: Backup) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "navette": version("navette"),
        "schema": backup.schema,
        "made_at": backup.made_at.isoformat(),
        "tables": {name: {"rows": one.rows, "sha256": one.sha256} for name, one in backup.tables.items()},
    }


def _known(source: zipfile.ZipFile) -> Backup:
    told = json.loads(source.read(_MANIFEST))
    if (told["format"], told["version"]) != (FORMAT, VERSION):
        raise ValueError(f"format {told['format']} {told['version']}")
    return Backup(
        schema=told["schema"],
        made_at=datetime.fromisoformat(told["made_at"]),
        tables={name: Content(**one) for name, one in told["tables"].items()},
    )


def _must_fit(backup: Backup) -> None:
    if not is_known(backup.schema):
        raise Conflict(
            f"Cette sauvegarde vient d'une version plus récente de Navette (schéma {backup.schema}, celle-ci "
            f"connaît jusqu'à {newest()}). Rien n'a été touché : mettez Navette à jour, puis restaurez-la."
        )


def _must_be_empty(connection: Connection) -> None:
    found = whole.filled(connection)
    if found:
        raise Conflict(
            f"La base n'est pas vide (tables {', '.join(found[:5])}…) : rien n'a été touché. "
            "Restaurez dans une base neuve, puis faites-y pointer NAVETTE_DATABASE."
        )
