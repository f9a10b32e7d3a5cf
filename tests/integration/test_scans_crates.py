"""Where crates are, as facts come in any order, with mistakes and clocks of other years."""

import random
from datetime import UTC, timedelta
from typing import Any

import pytest

from api.service import Service
from api.services.actor import Role
from api.services.road.custody import rebuild_crates
from api.services.road.outcomes import rebuild_visits
from tests.road import ARNEKE, BAVINCHOVE, CASSEL, ROUND, clock, fact, publish
from tests.service_fixtures import ClientAs
from tests.telling import places, tell, visits


@pytest.fixture(autouse=True)
def round_of_tuesday(service: Service) -> None:
    with service.database.write() as session:
        publish(session)


@pytest.fixture(autouse=True)
def half_past_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts are heard on the morning of the round."""
    monkeypatch.setattr("api.endpoints.scans.now", lambda: clock("9:30").astimezone(UTC))
    monkeypatch.setattr("api.services.road.custody.now", lambda: clock("9:30").astimezone(UTC))


def test_where_crates_are_follows_the_facts_in_any_order(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    taken = fact("picked_up", CASSEL, "9:12", crate="B1")
    given = fact("delivered", ARNEKE, "9:26", crate="B1")
    tell(driver, given)
    assert places(service)["B1"] == ("site", "arneke", None)
    tell(driver, taken)  # late, and earlier: it does not move the crate, it says that it was full
    assert places(service)["B1"] == ("site", "arneke", False)
    undo = fact("undo", ARNEKE, "9:27", target=given["id"])
    tell(driver, undo)
    assert places(service)["B1"] == ("round", ROUND, False)
    tell(driver, fact("undo", ARNEKE, "9:28", target=undo["id"]))
    assert {ref: one["delivered"] for ref, one in visits(service).items()} == {CASSEL: None, ARNEKE: 1}
    assert places(service)["B1"] == ("site", "arneke", False)
    correction = fact("correction", ARNEKE, "9:29", target=given["id"], crate="B2")
    tell(driver, correction)  # it was another crate
    assert places(service) == {"B1": ("round", ROUND, False), "B2": ("site", "arneke", None)}


def test_a_correction_that_comes_before_its_target(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    given = fact("delivered", ARNEKE, "9:26", crate="B1")
    [result] = tell(driver, fact("correction", ARNEKE, "9:29", target=given["id"], crate="B2"))
    assert result["notes"] == ["unknown_crate", "unknown_target"]
    tell(driver, given)
    assert places(service) == {"B2": ("site", "arneke", None)}


def test_a_fact_of_another_year_does_not_hold_a_crate(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    tell(driver, fact("picked_up", CASSEL, "9:12", crate="B1"))
    future = {**fact("delivered", ARNEKE, crate="B1"), "occurred_at": "2031-01-01T00:00:00Z"}
    tell(driver, future)  # heard at 9:30, so it was at 9:30 at the latest
    assert places(service)["B1"] == ("site", "arneke", False)
    past = {**fact("picked_up", BAVINCHOVE, crate="B1"), "occurred_at": "1970-01-02T00:00:00Z"}
    tell(driver, past)
    assert places(service)["B1"] == ("site", "arneke", False)
    tell(driver, fact("correction", BAVINCHOVE, target=past["id"], retimed_to=clock("9:30").isoformat()))
    tell(driver, fact("undo", ARNEKE, target=future["id"]))
    assert places(service)["B1"] == ("round", ROUND, False)


def test_the_projection_is_the_fold_of_everything(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    chance = random.Random(7)
    told: list[dict[str, Any]] = []
    for _ in range(400):
        day = clock("9:10").date() - timedelta(days=chance.randrange(0, 200))
        at = f"{chance.randrange(8, 18)}:{chance.randrange(0, 60)}"
        kind = chance.choice(["delivered", "picked_up", "picked_up", "empty", "undo", "correction"])
        visit = f"{day.isoformat()}-V1/{chance.choice(['cassel', 'arneke', 'bavinchove'])}"
        more: dict[str, Any] = {}
        if kind in {"undo", "correction"}:
            more["target"] = chance.choice(told)["id"] if told else None
        if kind != "undo":
            more["crate"] = chance.choice(["B1", "B2", "B3", "B4"])
        told.append(fact(kind, visit, at, day=day, **more))
    chance.shuffle(told)
    for k in range(0, 400, 20):
        tell(driver, *told[k : k + 20])
    kept = places(service), visits(service)
    assert len(kept[1]) > 50
    with service.database.write() as session:
        assert rebuild_crates(session) == 4
        rebuild_visits(session)
    assert (places(service), visits(service)) == kept


def test_a_crate_of_which_nothing_stands_is_made_anew_as_none(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    given = [fact("delivered", ARNEKE, "9:26", crate=f"B{k}") for k in range(7)]
    tell(driver, *given, fact("undo", ARNEKE, "9:27", target=given[6]["id"]))
    kept = places(service), visits(service)
    assert set(kept[0]) == {f"B{k}" for k in range(6)}
    with service.database.write() as session:
        assert rebuild_crates(session) == 7
        assert rebuild_visits(session) == 1
    assert (places(service), visits(service)) == kept
