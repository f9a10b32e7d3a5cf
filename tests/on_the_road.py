"""A round of Tuesday that is driven: the clock of the service, who tells, what is foreseen."""

from datetime import UTC, date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.services.actor import Role
from models.tables.predictions import ForeseenRecord
from tests.road import ROUND, TUESDAY, clock, publish
from tests.service_fixtures import ClientAs


@pytest.fixture
def round_of_tuesday(service: Service) -> None:
    with service.database.write() as session:
        publish(session)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock of the service: `at("9:30")`, on the day of the round or another."""

    def set_clock(text: str, day: date = TUESDAY) -> None:
        for module in (
            "api.endpoints.scans",
            "api.endpoints.progress",
            "api.endpoints.replan",
            "api.services.road.custody",
        ):
            monkeypatch.setattr(f"{module}.now", lambda: clock(text, day).astimezone(UTC))

    set_clock("9:00")
    return set_clock


@pytest.fixture
def driver(client_as: ClientAs) -> TestClient:
    return client_as(Role.DRIVER, driver="C1", name="Dominique")


def tell(client: TestClient, *facts: dict[str, Any]) -> None:
    answer = client.post("/api/v1/scans", json={"scans": list(facts)})
    assert [one["state"] for one in answer.json()["results"]] == ["stored"] * len(facts)


def foresee(service: Service, made: str, **likely: str) -> None:
    """Store when visits are likely to begin: `foresee(service, "9:30", cassel="9:37")`."""
    detail = {}
    for name, text in likely.items():
        second = int(clock(text).timestamp())
        detail[f"{ROUND}/{name.replace('_2', '~2')}"] = [second, second, second, 0]
    with service.database.write() as session:
        session.add(
            ForeseenRecord(round=ROUND, day=TUESDAY, basis="pointages", made_at=clock(made), detail=detail)
        )
