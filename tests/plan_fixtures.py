"""A draft of an ordinary week, and how a coordinator's page works on it over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.service import Service
from api.services.actor import SYSTEM, Role
from api.services.plans.store import save_plan
from models.plan import Plan
from tests.service_fixtures import ClientAs


@pytest.fixture
def camille(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR, name="Camille")


@pytest.fixture
def draft(service: Service, planned: Plan) -> UUID:
    with service.database.write() as session:
        return save_plan(session, planned, actor=SYSTEM).id


def shown(client: TestClient, plan: UUID) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/plans/{plan}").json()
    return found


def edit(client: TestClient, plan: UUID, seen: int, *edits: dict[str, object], query: str = "") -> Response:
    answer: Response = client.post(
        f"/api/v1/plans/{plan}/edits{query}", json={"edits": list(edits)}, headers={"If-Match": f'"v{seen}"'}
    )
    return answer


def reorder(
    client: TestClient, plan: UUID, seen: int, code: str, refs: list[str], query: str = ""
) -> Response:
    answer: Response = client.put(
        f"/api/v1/plans/{plan}/rounds/{code}/order{query}",
        json={"visits": refs},
        headers={"If-Match": f'"v{seen}"'},
    )
    return answer


def refs_of(tour: dict[str, Any]) -> list[str]:
    return [visit["ref"] for visit in tour["visits"]]


def sites_of(plan: dict[str, Any]) -> list[str]:
    return sorted(visit["site"] for tour in plan["rounds"] for visit in tour["visits"])
