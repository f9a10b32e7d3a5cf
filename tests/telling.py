"""Telling the service of facts, and looking at what became of them."""

import json
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import select

from api.repositories.crates import all_custody
from api.service import Service
from models.tables.scans import OutcomeRecord, ScanRecord

SCANS = "/api/v1/scans"


_TRIES = 12  # of 10 s each at the most: a machine that has much else to do is no fault of the service


def tell(client: TestClient, *facts: Any) -> list[dict[str, Any]]:
    """What a phone does: told that too many write at once, it tells again. Anything else must be stored."""
    body = json.dumps({"scans": facts})  # with its own escapes, also of what is no character
    for _ in range(_TRIES):
        answer = client.post(SCANS, content=body, headers={"content-type": "application/json"})
        if answer.status_code != 503 or "en même temps" not in answer.text:
            break
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def stored(service: Service) -> list[ScanRecord]:
    with service.database.read() as session:
        return list(session.exec(select(ScanRecord).order_by("seq")))


def places(service: Service) -> dict[str, tuple[str, str, bool | None]]:
    with service.database.read() as session:
        return {one.crate: (one.holder.value, one.holder_ref, one.empty) for one in all_custody(session)}


def visits(service: Service) -> dict[str, dict[str, Any]]:
    with service.database.read() as session:
        return {one.visit: one.model_dump(exclude={"id"}) for one in session.exec(select(OutcomeRecord))}
