"""The rest of a running round, over HTTP: proposed beside the present one, published when accepted."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from tests.on_the_road import tell
from tests.plan_fixtures import shown
from tests.road import ROUND, fact

LATE = ("8:15", "9:40", "9:50", "10:05", "10:15")  # left, then two visits of ten minutes: an hour late


@pytest.fixture
def published(camille: TestClient, draft: UUID) -> dict[str, Any]:
    """The plan of the week, published; its round of Tuesday morning has twelve visits."""
    answer = camille.post(f"/api/v1/plans/{draft}/publish", json={}, headers={"If-Match": '"v1"'})
    assert answer.status_code == 200, answer.text
    return shown(camille, draft)


def _tour(plan: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in plan["rounds"] if one["code"] == ROUND)
    return found


def _drive(driver: TestClient, at: Any, tour: dict[str, Any]) -> None:
    """Two visits, an hour late; one crate more than planned is left behind at the second."""
    first, second = tour["visits"][:2]
    at("10:16")
    tell(
        driver,
        fact("left", f"{ROUND}/depot", LATE[0]),
        fact("arrived", first["ref"], LATE[1]),
        fact("delivered", first["ref"], LATE[2], count=first["deliver"]),
        fact("picked_up", first["ref"], LATE[2], count=first["collect"]),
        fact("left", first["ref"], LATE[2]),
        fact("arrived", second["ref"], LATE[3]),
        fact("delivered", second["ref"], LATE[4], count=second["deliver"] + 1),
        fact("left", second["ref"], LATE[4]),
    )


def _ask(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v1/rounds/{ROUND}/replan", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _accept(client: TestClient, told: dict[str, Any], *, move: bool) -> Any:
    body = {
        "basis": told["basis"],
        "order": [one["ref"] for one in told["proposed"]["visits"]],
        "moved": [one["ref"] for one in told["dropped"] if move and one["tomorrow"]],
    }
    key = {"Idempotency-Key": f"once {told['basis']}"}
    return client.post(f"/api/v1/rounds/{ROUND}/replan/accept", json=body, headers=key)


def test_a_late_round_is_lightened_until_its_driver_is_home(
    camille: TestClient, driver: TestClient, at: Any, published: dict[str, Any]
) -> None:
    tour = _tour(published)
    _drive(driver, at, tour)
    told = _ask(camille)
    refs = [one["ref"] for one in tour["visits"]]
    assert [one["ref"] for one in told["done"]] == refs[:2]
    assert [one["ref"] for one in told["present"]["visits"]] == refs[2:]
    # What left the depot, less what was left, plus what was taken; of the second as planned, nobody told.
    first, second = tour["visits"][:2]
    left = first["deliver"] + second["deliver"] + 1
    assert told["aboard"] == tour["load_start"] - left + first["collect"] + second["collect"]
    assert told["now_s"] == 10 * 3600 + 16 * 60
    late = [*told["present"]["notes"], *(n for one in told["present"]["visits"] for n in one["notes"])]
    assert late
    proposed = told["proposed"]
    assert proposed["notes"] == []
    assert all(one["notes"] == [] for one in proposed["visits"])
    assert proposed["end_s"] <= tour["shift"]["late"]
    dropped = [one["ref"] for one in told["dropped"]]
    assert dropped
    assert sorted([*dropped, *(one["ref"] for one in proposed["visits"])]) == sorted(refs[2:])
    for one in (*proposed["visits"], *told["present"]["visits"]):
        assert told["now_s"] <= one["likely"]["early"] <= one["begin_s"] <= one["likely"]["late"]
    assert told["changed"]
    assert "au lieu de" in told["sentences"][0]
    kept_all = _ask(camille, drop=False)
    assert kept_all["dropped"] == []
    assert len(kept_all["proposed"]["visits"]) == len(refs) - 2
    assert kept_all["proposed"]["end_s"] <= kept_all["present"]["end_s"]
    assert shown(camille, UUID(published["id"]))["status"] == "published"  # nothing was changed


def test_what_is_accepted_is_published_and_what_was_made_stays(
    camille: TestClient, driver: TestClient, at: Any, published: dict[str, Any]
) -> None:
    tour = _tour(published)
    _drive(driver, at, tour)
    told = _ask(camille)
    answer = _accept(camille, told, move=True)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert _accept(camille, told, move=True).json() == made  # sent again, it is published once
    assert made["number"] == published["number"] + 1
    assert shown(camille, UUID(published["id"]))["status"] == "superseded"
    now = shown(camille, UUID(made["plan"]))
    assert (now["status"], now["parent"]) == ("published", published["id"])
    fresh = _tour(now)
    same = ("ref", "begin_s", "announced", "deliver", "collect")
    for was, one in zip(tour["visits"][:2], fresh["visits"][:2], strict=True):
        assert [was[name] for name in same] == [one[name] for name in same]
    assert [one["ref"] for one in fresh["visits"][2:]] == [one["ref"] for one in told["proposed"]["visits"]]
    assert fresh["end_s"] == told["proposed"]["end_s"]
    for one in told["dropped"]:
        if one["tomorrow"]:
            target = next(each for each in now["rounds"] if each["code"] == one["tomorrow"]["round"])
            placed = next(each for each in target["visits"] if each["site"] == one["site"])
            assert abs(placed["number"] - one["tomorrow"]["number"]) < len(told["dropped"])
            assert not target["notes"]
            assert not [note for each in target["visits"] for note in each["notes"]]
        else:
            assert one["site"] in {each["site"] for each in now["unplanned"]}
    # Facts still belong to their visits; the libraries that move by a quarter of an hour hear of it.
    progress = camille.get(f"/api/v1/rounds/{ROUND}/progress").json()
    assert [one["state"] for one in progress["visits"]][:2] == ["done", "done"]
    before = {one["site"]: one["announced"] for one in tour["visits"]}
    far = {
        one["site"]
        for one in fresh["visits"]
        if max(abs(one["announced"][side] - before[one["site"]][side]) for side in ("early", "late")) > 900
    }
    assert far <= set(made["told"])
    assert {one["site"] for one in tour["visits"][:2]}.isdisjoint(made["told"])


def test_a_fact_that_comes_in_between_is_not_overridden(
    camille: TestClient, driver: TestClient, at: Any, published: dict[str, Any]
) -> None:
    tour = _tour(published)
    _drive(driver, at, tour)
    told = _ask(camille)
    at("10:40")
    tell(driver, fact("arrived", tour["visits"][2]["ref"], "10:38"))
    refused = _accept(camille, told, move=False)
    assert refused.status_code == 409
    assert "a avancé depuis cette proposition" in refused.json()["detail"]
    assert shown(camille, UUID(published["id"]))["status"] == "published"
    again = _ask(camille)
    assert again["basis"] != told["basis"]
    assert again["done"][-1]["state"] == "arrived"
    done = {"basis": again["basis"], "order": [tour["visits"][2]["ref"]], "moved": []}
    assert camille.post(f"/api/v1/rounds/{ROUND}/replan/accept", json=done).status_code == 422
    assert _accept(camille, again, move=False).status_code == 200


def test_only_a_round_on_the_road_has_a_rest(
    camille: TestClient, driver: TestClient, at: Any, published: dict[str, Any], service: Service
) -> None:
    at("8:00")
    waiting = camille.post(f"/api/v1/rounds/{ROUND}/replan", json={})
    assert (waiting.status_code, "pas encore partie" in waiting.json()["detail"]) == (409, True)
    assert camille.post("/api/v1/rounds/2026-W49-dim-matin-V9/replan", json={}).status_code == 404
    tour = _tour(published)
    at("12:30")
    tell(
        driver,
        *(fact("delivered", one["ref"], "12:00", count=1) for one in tour["visits"]),
        fact("arrived", f"{ROUND}/depot", "12:20"),
    )
    over = camille.post(f"/api/v1/rounds/{ROUND}/replan", json={})
    assert (over.status_code, "terminée" in over.json()["detail"]) == (409, True)
