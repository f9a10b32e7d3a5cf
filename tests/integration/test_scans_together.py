"""Several who tell at once: about the same crates and visits, a fact and its undo, a shipment that leaves."""

import random
import threading
from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import Any

import pytest

from api.service import Service
from api.services.actor import Role
from api.services.road.custody import rebuild_crates
from api.services.road.outcomes import rebuild_visits
from tests.road import REFS, clock, fact, publish
from tests.service_fixtures import ClientAs
from tests.telling import places, stored, tell, visits


@pytest.fixture(autouse=True)
def round_of_tuesday(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with service.database.write() as session:
        publish(session)
    for module in ("api.endpoints.scans", "api.services.road.custody"):
        monkeypatch.setattr(f"{module}.now", lambda: clock("10:30").astimezone(UTC))


def at_once(*works: Callable[[], object]) -> None:
    """Have works begin together; what one of them raises fails the test."""
    failed: list[BaseException] = []
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            work()
        except BaseException as error:  # told in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def told_anew(service: Service) -> tuple[Any, Any]:
    with service.database.write() as session:
        rebuild_crates(session)
        rebuild_visits(session)
    return places(service), visits(service)


def test_six_phones_about_the_same_crates_and_visits(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")

    def phone(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(8):
            facts: list[dict[str, Any]] = []
            for _ in range(6):
                at = f"9:{chance.randrange(10, 60)}"
                kind = chance.choice(["delivered", "picked_up", "empty"])
                facts.append(fact(kind, chance.choice(REFS), at, crate=f"B{chance.randrange(3)}"))
            facts.append(fact("undo", "", "10:00", target=chance.choice(facts)["id"]))
            tell(driver, *chance.sample(facts, len(facts)))

    at_once(*(partial(phone, seed) for seed in range(6)))
    assert len(stored(service)) == 6 * 8 * 7
    kept = places(service), visits(service)
    assert told_anew(service) == kept


def test_a_fact_and_its_undo_in_two_requests_at_once(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    for k in range(12):
        given = fact("delivered", REFS[k % 4], "9:30", crate=f"B{k}")
        undo = fact("undo", "", "9:31", target=given["id"])
        at_once(partial(tell, driver, given), partial(tell, driver, undo))
    assert (places(service), visits(service)) == ({}, {})


def test_a_shipment_leaves_once_and_holds_no_fact_up(service: Service, client_as: ClientAs) -> None:
    driver, desk = client_as(Role.DRIVER, driver="C1"), client_as(Role.COORDINATOR)
    ready = {"origin": "cassel", "crates": 2, "ready_on": "2026-12-01"}
    for _ in range(5):
        made = desk.post("/api/v1/shipments", json=ready).json()
        at_once(*(partial(tell, driver, fact("picked_up", REFS[0], "9:12", count=2)) for _ in range(4)))
        left = desk.get(f"/api/v1/shipments/{made['id']}").json()
        assert (left["state"], left["version"]) == ("carried", 2)
