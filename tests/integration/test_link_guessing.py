"""Wrong personal links wait, by page and by program alike; right ones are let in from the same address."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.service import Service
from models.tables.base import now
from models.tables.people import ThrottleRecord
from tests.credentials import Credentials

MINE = "/api/v1/sites/cassel/arrivals"
FREE = 30


def _tried(client: TestClient, path: str, times: int) -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


@pytest.mark.parametrize("header", ["authorization", "x-navette-link"])
def test_wrong_links_of_programs_wait(header: str, service: Service, real: Credentials) -> None:
    wrong = real.nobody()
    wrong.headers[header] = "Bearer rien" if header == "authorization" else "rien"
    # 30 are free; the next one is still told, and begins the wait.
    assert _tried(wrong, MINE, FREE + 3) == [401] * (FREE + 1) + [429] * 2
    held = wrong.get(MINE)
    assert held.headers["retry-after"] in {"1", "2"}
    assert "Attendez" in held.json()["detail"]
    assert real.library("cassel").get(MINE).status_code == 200
    with service.database.write() as session:
        session.exec(select(ThrottleRecord)).one().until = now() - timedelta(seconds=1)
    assert wrong.get(MINE).status_code == 401


def test_pages_and_programs_are_counted_together(real: Credentials) -> None:
    wrong = real.bearer("rien")
    assert set(_tried(real.nobody(), "/b/rien", FREE)) == {404}
    assert _tried(wrong, MINE, 2) == [401, 429]
    assert real.nobody().get("/b/rien").status_code == 429
    assert real.nobody().get(f"/b/{real.link_token('cassel')}").status_code == 200


def test_keys_and_phones_that_were_revoked_hold_nobody_up(real: Credentials) -> None:
    for token in ("nvk_abcdefgh_" + "x" * 43, "nvd_" + "x" * 43):
        assert set(_tried(real.bearer(token), MINE, FREE + 3)) == {401}
    assert real.bearer("rien").get(MINE).status_code == 401
