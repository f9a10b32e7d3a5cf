"""Drafts over HTTP: taken back, by two people at once, begun and ended, listed."""

import threading
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import Role
from models.tables.base import now
from models.tables.plans import PlanStatus
from tests.plan_fixtures import edit, refs_of, shown
from tests.queries import count_queries
from tests.service_fixtures import ClientAs


def test_changes_are_undone_and_done_again(camille: TestClient, draft: UUID) -> None:
    states = [shown(camille, draft)]
    for k in range(3):
        visit = states[-1]["rounds"][k]["visits"][0]["ref"]
        edit(camille, draft, k + 1, {"kind": "take_out", "visit": visit})
        states.append(shown(camille, draft))
    assert states[0]["can_undo"] is False
    seen = 4

    def step(which: str) -> dict[str, Any]:
        nonlocal seen
        answer = camille.post(f"/api/v1/plans/{draft}/{which}", headers={"If-Match": f'"v{seen}"'})
        assert answer.status_code == 200, answer.json()
        seen = answer.json()["version"]
        return shown(camille, draft)

    def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
        keys = ("rounds", "unplanned", "cost_cents", "proof", "days")
        return all(one[key] == other[key] for key in keys)

    assert same(step("undo"), states[2])
    assert same(step("undo"), states[1])
    assert same(step("redo"), states[2])
    assert same(step("undo"), states[1])
    assert same(step("undo"), states[0])
    nothing = camille.post(f"/api/v1/plans/{draft}/undo", headers={"If-Match": f'"v{seen}"'})
    assert nothing.status_code == 409
    # A new change: what was undone cannot be done again.
    visit = states[0]["rounds"][0]["visits"][1]["ref"]
    told = edit(camille, draft, seen, {"kind": "take_out", "visit": visit}).json()
    assert (told["can_undo"], told["can_redo"]) == (True, False)


def test_two_coordinators_at_once(client_as: ClientAs, draft: UUID) -> None:
    clients = [client_as(Role.COORDINATOR, name=name) for name in ("Camille", "Dominique")]
    tour = shown(clients[0], draft)["rounds"][0]
    start, answers = threading.Barrier(2), []

    def work(client: TestClient, ref: str) -> None:
        start.wait()
        answers.append(edit(client, draft, 1, {"kind": "take_out", "visit": ref}))

    threads = [
        threading.Thread(target=work, args=pair) for pair in zip(clients, refs_of(tour)[:2], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (refused["yours"], refused["current"]) == (1, 2)
    assert len(shown(clients[0], draft)["rounds"][0]["visits"]) == len(tour["visits"]) - 1


def test_only_drafts_change_and_only_who_says_from_what(
    camille: TestClient, draft: UUID, service: Service
) -> None:
    ref = shown(camille, draft)["rounds"][0]["visits"][0]["ref"]
    change = {"edits": [{"kind": "take_out", "visit": ref}]}
    assert camille.post(f"/api/v1/plans/{draft}/edits", json=change).status_code == 428
    with service.database.write() as session:
        record = repository.get_plan(session, draft)
        record.status, record.published_at = PlanStatus.PUBLISHED, now()
    answer = edit(camille, draft, 2, {"kind": "take_out", "visit": ref})
    assert answer.status_code == 409
    assert "ne change plus" in answer.json()["detail"]


def test_drafts_begin_copied_or_empty_and_end(camille: TestClient, draft: UUID) -> None:
    before = shown(camille, draft)
    made = camille.post("/api/v1/plans", json={"copy_of": str(draft), "title": "Essai"})
    assert made.status_code == 201
    copied = made.json()
    assert made.headers["location"] == f"/api/v1/plans/{copied['id']}"
    assert (copied["rounds"], copied["parent"], copied["number"]) == (before["rounds"], str(draft), 2)
    empty = camille.post("/api/v1/plans", json={"week": "2026-W50"}).json()
    assert (empty["rounds"], empty["week"], empty["missing"]) == ([], "2026-W50", 71)
    site = empty["unplanned"][0]["site"]
    filled = edit(
        camille, empty["id"], 1, {"kind": "add", "site": site, "round": empty["possible"][0]["code"]}
    )
    assert filled.json()["rounds"][0]["visits"][0]["site"] == site
    renamed = camille.patch(f"/api/v1/plans/{draft}", json={"title": "B"}, headers={"If-Match": '"v1"'})
    assert (renamed.json()["title"], renamed.json()["version"]) == ("B", 2)
    assert camille.delete(f"/api/v1/plans/{draft}", headers={"If-Match": '"v1"'}).status_code == 409
    assert camille.delete(f"/api/v1/plans/{draft}", headers={"If-Match": '"v2"'}).status_code == 204
    listed = camille.get("/api/v1/plans").json()["items"]
    assert [one["number"] for one in listed] == [3, 2]
    again = camille.post(f"/api/v1/plans/{draft}/restore")
    assert (again.status_code, again.json()["number"]) == (201, 4)
    assert camille.post(f"/api/v1/plans/{copied['id']}/restore").status_code == 409
    assert camille.post("/api/v1/plans", json={}).status_code == 422


def test_a_repeated_request_makes_one_draft(camille: TestClient, draft: UUID) -> None:
    sent = {"json": {"copy_of": str(draft)}, "headers": {"Idempotency-Key": "k1"}}
    first, second = (camille.post("/api/v1/plans", **sent) for _ in range(2))  # type: ignore[arg-type]
    assert first.json()["id"] == second.json()["id"]


def test_lists_take_the_same_few_queries(camille: TestClient, draft: UUID, service: Service) -> None:
    def sent() -> int:
        with count_queries(service.database) as statements:
            answer = camille.get("/api/v1/plans", params={"week": "2026-W49", "status": "draft"})
        assert answer.status_code == 200
        return len([one for one in statements if one.startswith("SELECT")])

    few = sent()
    for _ in range(4):
        camille.post("/api/v1/plans", json={"copy_of": str(draft)})
    assert sent() == few == 3
    listed = camille.get("/api/v1/plans", params={"limit": 2}).json()
    assert len(listed["items"]) == 2
    assert listed["next"]
    told = shown(camille, draft)
    assert (
        camille.get("/api/v1/plans").json()["items"][-1]["totals"]["distance_m"]
        == told["totals"]["distance_m"]
    )


def test_a_draft_takes_the_same_few_queries_however_full(
    camille: TestClient, draft: UUID, service: Service
) -> None:
    empty = camille.post("/api/v1/plans", json={"week": "2026-W49"}).json()["id"]

    def sent(plan: object) -> int:
        with count_queries(service.database) as statements:
            assert camille.get(f"/api/v1/plans/{plan}").status_code == 200
        return len([one for one in statements if one.startswith("SELECT")])

    assert sent(draft) == sent(empty) <= 10
    with count_queries(service.database) as statements:
        ref = shown(camille, draft)["rounds"][0]["visits"][0]["ref"]
        edit(camille, draft, 1, {"kind": "take_out", "visit": ref})
    assert len(statements) < 45
