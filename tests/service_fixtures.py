"""A service on a database of its own for each test, filled with the default network, on both databases.

def test_something(service: Service) -> None: ...            # once per database
def test_over_http(client_as: ClientAs) -> None:
    answer = client_as(Role.COORDINATOR).get("/api/v1/network")
"""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api.app import create_app
from api.db import Database
from api.schema import upgrade
from api.service import Service
from api.services.actor import PUBLIC, Actor, Role
from api.services.territory import fill_from_folder
from api.settings import Settings
from models.network.read import default_folder
from tests.credentials import Credentials
from tests.databases import Server, has_postgresql, postgresql
from tests.recorded_jobs import RecordedJobs

BOTH = ("sqlite", "postgresql")
_EMPTY, _FILLED = "template_empty", "template_filled"
_numbers = itertools.count()


class ClientAs(Protocol):
    """A client that is taken for somebody: `client_as(Role.LIBRARY, site="cassel")`."""

    def __call__(self, role: Role, **fields: object) -> TestClient: ...


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of our own."""
    if not has_postgresql():
        pytest.skip("PostgreSQL 15 is not installed (Debian: apt install postgresql-15)")
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the default network, to be copied."""
    path = tmp_path_factory.mktemp("database") / "filled.db"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def filled_server(postgres: Server) -> Server:
    """A PostgreSQL server with a template of the default network."""
    _prepare(postgres.create(_FILLED))
    return postgres


def _prepare(url: str) -> None:
    database = Database(url)
    upgrade(database)
    with database.write() as session:
        fill_from_folder(session, default_folder())
    database.close()


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of this test's own, with the default network in it."""
    if request.param == "sqlite":
        path = tmp_path / "navette.db"
        shutil.copy(request.getfixturevalue("filled_file"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("filled_server")
    name = f"test_{next(_numbers)}"
    yield server.create(name, _FILLED)
    server.drop(name)


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    """A service whose parts live as long as the test."""
    settings = Settings(database=database_url, data=tmp_path, out=tmp_path / "out", jobs=False)
    running = Service(settings=settings, database=Database(database_url), jobs=RecordedJobs())
    yield running
    running.close()


@pytest.fixture(scope="session")
def _app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """One application for all tests: building it takes longer than most of them."""
    return create_app(Settings(data=tmp_path_factory.mktemp("app"), jobs=False))


@pytest.fixture
def app(_app: FastAPI, service: Service) -> FastAPI:
    """The application, over this test's service."""
    _app.state.service = service
    return _app


@pytest.fixture
def client_as(app: FastAPI) -> Iterator[ClientAs]:
    """Makes clients of any role, taken at their word: how people identify themselves is tested elsewhere."""
    known: dict[str, Actor] = {}
    before: Callable[[Request], Actor] | None = getattr(app.state, "identify", None)
    app.state.identify = lambda request: known.get(request.headers.get("x-test-actor", ""), PUBLIC)

    def client(role: Role, **fields: object) -> TestClient:
        name = str(fields.pop("name", f"un essai ({role})"))
        actor = Actor(role=role, name=name, id=uuid4(), **fields)  # type: ignore[arg-type]
        key = str(len(known))
        known[key] = actor
        return TestClient(app, headers={"x-test-actor": key}, raise_server_exceptions=False)

    yield client
    app.state.identify = before


@pytest.fixture
def real(app: FastAPI, service: Service) -> Credentials:
    """Makes credentials for real, and clients that show them."""
    return Credentials(app, service)
