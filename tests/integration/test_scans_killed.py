"""A service killed while facts come in: what was acknowledged is stored, what comes again is stored once."""

import threading
import time
from typing import Any

import httpx2
from sqlmodel import select

from api.service import Service
from models.tables.scans import ScanRecord
from tests.road import ARNEKE, CASSEL, fact, publish
from tests.serving import Serving, serving


def test_what_was_acknowledged_is_stored_whatever_happens(service: Service, database_url: str) -> None:
    with service.database.write() as session:
        publish(session)
    sent: list[dict[str, Any]] = []
    acknowledged: set[str] = set()
    with serving(database_url) as server:
        for goal in (150, 400):  # killed in the thick of it
            writers = [
                threading.Thread(target=_write_until_it_dies, args=(server, sent, acknowledged))
                for _ in range(4)
            ]
            for writer in writers:
                writer.start()
            while len(acknowledged) < goal:
                time.sleep(0.005)
            server.kill()
            for writer in writers:
                writer.join()
            assert acknowledged <= _stored(service)
            server.start()
        with httpx2.Client(base_url=server.address, headers={"x-test-actor": "driver C1"}) as client:
            for k in range(0, len(sent), 500):
                answer = client.post("/api/v1/scans", json={"scans": sent[k : k + 500]}, timeout=30).json()
                assert {one["state"] for one in answer["results"]} <= {"stored", "known"}
        assert _stored(service) == {one["id"] for one in sent}
        assert server.stop() in {0, -15}


def _write_until_it_dies(server: Serving, sent: list[dict[str, Any]], acknowledged: set[str]) -> None:
    with httpx2.Client(base_url=server.address, headers={"x-test-actor": "driver C1"}) as client:
        while True:
            batch = [fact("delivered", CASSEL, crate=f"B{k}") for k in range(10)]
            batch += [fact("picked_up", ARNEKE, count=k) for k in range(10)]
            sent.extend(batch)
            try:
                answer = client.post("/api/v1/scans", json={"scans": batch}, timeout=10)
            except httpx2.HTTPError:
                return
            acknowledged.update(one["id"] for one in answer.json()["results"] if one["state"] == "stored")


def _stored(service: Service) -> set[str]:
    with service.database.read() as session:
        ids = session.exec(select(ScanRecord.id)).all()
    assert len(ids) == len(set(ids))
    return {str(one) for one in ids}
