"""Databases for tests: SQLite files, and a PostgreSQL server of our own where its programs are installed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
MEMORY, _ROOM = Path("/dev/shm"), 1_500_000_000  # bytes: a server's files, its log of writes, room for others


def has_postgresql() -> bool:
    """Whether Debian's PostgreSQL 15 is here, and somebody may run it: it refuses to be run by root."""
    return (PROGRAMS / "initdb").exists() and (os.getuid() != 0 or shutil.which("setpriv") is not None)


class Server:
    """A PostgreSQL server on a free port of this machine, in a temporary folder, while it is needed."""

    def __init__(self, *, durable: bool = False) -> None:
        self.fsync = "on" if durable else "off"  # what a test stores need not survive a power cut
        self.home = Path(tempfile.mkdtemp(prefix="navette-pg-", dir=None if durable else _roomy_memory()))
        self.port = free_port()
        self.home.chmod(0o777)
        self._run(
            "initdb", "-D", self._data, *["-U", "navette", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        )
        self.start()

    @property
    def _data(self) -> str:
        return str(self.home / "data")

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = (
            f"-p {self.port} -k {self.home} -c listen_addresses=127.0.0.1 "
            f"-c fsync={self.fsync} -c max_connections=200"
        )
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop: « fast » breaks connections off, « immediate » is a crash."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", how, "stop")

    def url(self, name: str) -> str:
        return f"postgresql://navette@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template1") -> str:
        """A new database, as a copy of another; its URL."""
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(name)

    def drop(self, name: str) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.home, ignore_errors=True)

    def _administer(self, statement: str) -> None:
        url = self.url("postgres").replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _run(self, program: str, *arguments: str) -> None:
        as_someone = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        command = [*(as_someone if os.getuid() == 0 else []), str(PROGRAMS / program), *arguments]
        done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


def _roomy_memory() -> Path | None:
    """Where files are kept in memory, if there is room: a database is copied in 25 ms, on a disk in 200."""
    here = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return MEMORY if here and shutil.disk_usage(MEMORY).free > _ROOM else None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Server]:
    """A server that is gone when the block ends; `durable` as in earnest, for measurements."""
    server = Server(durable=durable)
    try:
        yield server
    finally:
        server.close()
