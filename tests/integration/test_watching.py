"""For those who watch over the service: health, figures, the log."""

import json
import logging
from io import StringIO

import pytest
import structlog
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text

from api import logs
from api.logs import without_secrets
from api.service import Service
from api.services.actor import Role
from api.settings import Settings
from tests.service_fixtures import ClientAs


@pytest.fixture
def anyone(client_as: ClientAs) -> TestClient:
    return client_as(Role.PUBLIC)


def test_ready_is_more_than_alive(anyone: TestClient, service: Service) -> None:
    assert anyone.get("/readyz").status_code == 200
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    told = anyone.get("/readyz")
    assert (told.status_code, told.headers["content-type"]) == (503, "application/problem+json")
    assert "navette migrate" in told.json()["detail"]
    assert anyone.get("/healthz").json() == {"status": "ok"}


def test_who_stops_is_not_ready(anyone: TestClient, service: Service) -> None:
    service.stopping.set()
    assert anyone.get("/readyz").status_code == 503


def test_figures_count_answers_by_pattern_and_ask_the_database(
    anyone: TestClient, client_as: ClientAs, service: Service
) -> None:
    camille = client_as(Role.COORDINATOR)
    run = camille.post("/api/v1/plan-runs", json={"week": "2026-W49", "engine": "insertion"}).json()["id"]
    camille.get(f"/api/v1/plan-runs/{run}")
    told = anyone.get("/metrics").text
    pattern = 'method="GET",route="/api/v1/plan-runs/{run}",status="200"'
    assert f"navette_http_requests_total{{{pattern}}}" in told
    assert 'navette_plan_runs{state="queued"} 1.0' in told
    assert "navette_facts 0.0" in told
    assert "navette_database_up 1.0" in told
    assert run not in told


def test_figures_are_for_this_machine_or_with_a_token(anyone: TestClient, service: Service) -> None:
    assert anyone.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403
    service.settings.metrics_token = SecretStr("a-token-that-is-long")
    assert anyone.get("/metrics").status_code == 403
    assert anyone.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    right = {"Authorization": "Bearer a-token-that-is-long", "X-Forwarded-For": "203.0.113.9"}
    assert anyone.get("/metrics", headers=right).status_code == 200


def test_a_request_has_one_name_everywhere(anyone: TestClient) -> None:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        told = anyone.get("/api/v1/network?password=hidden", headers={"X-Request-Id": "from-the-proxy.1"})
    assert told.headers["x-request-id"] == "from-the-proxy.1"
    line = next(one for one in lines if one["event"] == "request")
    assert (line["request"], line["route"], line["status"]) == ("from-the-proxy.1", "/api/v1/network", 401)
    assert "hidden" not in str(lines)
    made = anyone.get("/healthz", headers={"X-Request-Id": "not one\tof ours" * 9}).headers["x-request-id"]
    assert len(made) == 32


def test_an_unknown_address_is_logged_without_its_long_parts(anyone: TestClient) -> None:
    with structlog.testing.capture_logs() as lines:
        anyone.get("/nulle/part/abcdefghijklmnopqrstuvwxyz234567")
    line = next(one for one in lines if one["event"] == "request")
    assert (line["path"], line["route"]) == ("/nulle/part/…", "—")


def test_the_log_is_json_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    said = StringIO()
    monkeypatch.setattr("sys.stderr", said)
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        logs.configure(Settings(log_format="json"))
        structlog.get_logger("navette.essai").info("hello", password="p", url="postgresql://u:pw@h/d")
        logging.getLogger("elsewhere").warning("postgresql://u:pw@h/d is away", extra={"token": "t"})
    finally:
        root.handlers = before
        root.setLevel(level)
        structlog.reset_defaults()
    first, second = (json.loads(line) for line in said.getvalue().splitlines())
    assert (first["event"], first["password"], first["url"]) == ("hello", "…", "postgresql://u:…@h/d")
    assert (second["event"], second["token"], second["level"]) == (
        "postgresql://u:…@h/d is away",
        "…",
        "warning",
    )


def test_what_is_empty_is_no_secret() -> None:
    assert without_secrets(None, "info", {"token": "", "count": 3}) == {"token": "", "count": 3}
