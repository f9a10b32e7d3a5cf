"""Every endpoint, asked whatever its description allows: no failure of ours, no answer that is not described.

Few examples for each, the same at every run: this walks wide. What single endpoints do is tested where they
are at home.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import booleans
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.db import Database
from api.service import Service
from api.services.actor import Actor, Role
from api.settings import Settings
from models.plan import Plan
from models.tables.demand import CrateRecord, TransferSourceRecord
from models.tables.service import WebhookRecord
from tests.published import publish
from tests.recorded_jobs import RecordedJobs
from tests.routes import endpoints

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCOPES = frozenset(
    f"{what}:{how}"
    for what in ("network", "plans", "scans", "transfers", "reports")
    for how in ("read", "write")
)
WHO = {
    Role.COORDINATOR: Actor(role=Role.COORDINATOR, name="Camille", id=UUID(int=1)),
    Role.INTEGRATOR: Actor(role=Role.INTEGRATOR, name="Orphée", id=UUID(int=2), scopes=SCOPES),
}
ENDLESS = ("text/event-stream",)
_FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

_ONCE = settings(_FEW, max_examples=1)  # a door that stays closed answers the same to everything


# What most made-up names miss: things that are there. Every other example is about these.
THERE = {"site": "cassel", "vehicle": "V1", "driver": "C1", "day": "2026-12-01", "week": "2026-W49"}


@pytest.fixture
def app(filled_file: Path, tmp_path: Path, planned: Plan) -> Iterator[FastAPI]:
    """The whole service on a database of its own, with a published plan; jobs are only written down."""
    shutil.copy(filled_file, tmp_path / "navette.db")
    url = f"sqlite:///{tmp_path / 'navette.db'}"
    wanted = Settings(database=url, data=tmp_path, out=tmp_path / "out", jobs=False)
    service = Service(settings=wanted, database=Database(url), jobs=RecordedJobs())
    record = publish(service, planned)
    app = create_app(wanted, service)
    app.state.there = {**THERE, "plan": str(record.id), "round": planned.rounds[0].id, **_made(service)}
    yield app
    service.close()


def _made(service: Service) -> dict[str, str]:
    """A crate, a webhook, a source of transfers: what they are called."""
    with service.database.write() as session:
        webhook = WebhookRecord(url="https://exemple.fr/", secret="", events=["plan.published"])
        source = TransferSourceRecord(name="Orphée", kind="csv")
        session.add_all((CrateRecord(code="B0001"), webhook, source))
    return {"crate": "B0001", "webhook": str(webhook.id), "source": str(source.id)}


def name_what_is_there(case: Any, there: dict[str, str]) -> None:
    """Have an example ask about something that exists, in the version that it has."""
    for name in case.path_parameters or {}:
        if name == "code":
            case.path_parameters[name] = there["round" if "/rounds/" in case.path else _kind(case.path)]
        elif name in there:
            case.path_parameters[name] = there[name]
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = '"v1"'


def _kind(path: str) -> str:
    """What a path's code is the code of."""
    return next((one for one in ("vehicle", "driver", "crate", "site") if f"/{one}s/" in path), "site")


def endless(operation: Any) -> bool:
    """Whether an answer never ends: live updates are tested elsewhere."""
    return any(kind in str(operation.definition.raw.get("responses")) for kind in ENDLESS)


def ask_a_little(operation: Any, there: dict[str, str], how: settings = _FEW) -> tuple[bool, str]:
    """Some examples of one operation: whether one succeeded, and what did not keep to the description."""
    statuses: list[int] = []

    @how
    @given(case=operation.as_strategy(), known=booleans())
    def ask(case: Any, known: bool) -> None:
        if known:
            name_what_is_there(case, there)
        answer = case.call()
        statuses.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    try:
        ask()
    except BaseException as error:  # groups of failures too: all are told at once
        return False, " ".join(str(error).split())[:600]
    return any(status < 300 for status in statuses), ""


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.INTEGRATOR])
def test_every_endpoint_keeps_to_its_description(app: FastAPI, role: Role) -> None:
    app.state.identify = lambda _: WHO[role]
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    open_ = {str(one) for one in endpoints(app) if one.roles & {role, Role.PUBLIC}}
    found = {
        name: ask_a_little(one, app.state.there, _FEW if name in open_ else _ONCE)
        for one in operations
        for name in [f"{one.method.upper()} {one.path}"]
        if not endless(one)
    }
    wrong = [f"{name}: {told}" for name, (_, told) in found.items() if told]
    assert not wrong, "\n\n".join(wrong)
    assert len(found) > 60
    # A walk that only meets closed doors shows nothing: most that a coordinator can read was read.
    closed = [name for name, (opened, _) in found.items() if name.startswith("GET") and not opened]
    if role is Role.COORDINATOR:
        assert len(closed) < 0.4 * sum(name.startswith("GET") for name in found), closed
