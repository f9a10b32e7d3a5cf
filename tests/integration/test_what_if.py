"""What if, over HTTP: hypotheses computed as a run, answered in sentences, with the network left alone."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api.jobs.plan_run import carry_out
from api.service import Service
from api.services.network_records import the_network
from tests.plan_fixtures import shown
from tests.recorded_jobs import RecordedJobs

QUICK = 0.4  # seconds: half for the hypotheses, half for the week as it is
CLOSED = {"kind": "closure", "site": "cassel", "first": "2026-11-30", "last": "2026-12-06"}


def _ask(client: TestClient, plan: UUID, *hypotheses: dict[str, Any]) -> dict[str, Any]:
    body = {"seconds": QUICK, "hypotheses": list(hypotheses)}
    answer = client.post(f"/api/v1/plans/{plan}/what-if", json=body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/v1/plan-runs/{found['id']}"
    return found


def _computed(
    client: TestClient, service: Service, plan: UUID, *hypotheses: dict[str, Any]
) -> dict[str, Any]:
    run = _ask(client, plan, *hypotheses)["id"]
    assert isinstance(service.jobs, RecordedJobs)
    service.jobs.run_all_quickly(service)
    told = client.get(f"/api/v1/plan-runs/{run}").json()
    assert (told["state"], told["plan"], told["problem"]) == ("done", None, "")
    answer = client.get(f"/api/v1/plan-runs/{run}/what-if")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_library_that_closes_is_answered_and_nothing_is_stored(
    camille: TestClient, service: Service, draft: UUID
) -> None:
    plan = shown(camille, draft)
    with service.database.read() as session:
        revision = the_network(session).revision
    told = _computed(camille, service, draft, CLOSED)
    assert "Cassel fermerait du lundi 30" in told["asked"][0]
    before, after = told["before"], told["after"]
    assert before["distance_m"] == plan["totals"]["distance_m"]
    assert before["cents"] == plan["total_cents"]
    assert before["missing"] == plan["missing"]
    # Cassel is owed three visits a week, and gets none.
    lost = sum(visit["site"] == "cassel" for one in plan["rounds"] for visit in one["visits"])
    missing = {one["site"]: one["missing"] for one in told["missing"]}
    assert missing["cassel"] == lost
    assert after["missing"] == sum(missing.values())
    assert sum(one["distance_m"] for one in told["rounds"]) == after["distance_m"]
    days = {one["site"]: one for one in told["other_day"]}
    assert days["cassel"]["now"] == []
    assert any("plus aucun passage" in one for one in told["sentences"])
    assert any("Neuf demandes sur dix" in one for one in told["sentences"])
    assert told["again"]["cents"] <= before["cents"] + 100000
    assert (told["keepable"], told["plan"]) == (False, str(draft))
    with service.database.read() as session:
        assert the_network(session).revision == revision
    assert len(camille.get("/api/v1/plans").json()["items"]) == 1


def test_it_may_be_kept_once_it_is_so(camille: TestClient, service: Service, draft: UUID) -> None:
    run = _ask(camille, draft, CLOSED)["id"]
    assert camille.get(f"/api/v1/plan-runs/{run}/what-if").status_code == 409
    assert isinstance(service.jobs, RecordedJobs)
    service.jobs.run_all_quickly(service)
    refused = camille.post(f"/api/v1/plan-runs/{run}/keep")
    assert refused.status_code == 409
    assert "Changez d'abord le réseau" in refused.json()["detail"]
    closure = {"starts_on": CLOSED["first"], "ends_on": CLOSED["last"], "accepted": True}
    assert camille.post("/api/v1/sites/cassel/closures", json=closure).status_code == 201
    assert camille.get(f"/api/v1/plan-runs/{run}/what-if").json()["keepable"]
    kept = camille.post(f"/api/v1/plan-runs/{run}/keep")
    assert kept.status_code == 201, kept.text
    told = kept.json()
    assert (told["status"], told["parent"]) == ("draft", str(draft))
    assert "cassel" not in {visit["site"] for one in told["rounds"] for visit in one["visits"]}


SENSELESS: dict[str, tuple[dict[str, Any], int]] = {
    "site": ({**CLOSED, "site": "nulle-part"}, 404),
    "week": ({**CLOSED, "first": "2026-08-01", "last": "2026-08-31"}, 422),
    "order": ({**CLOSED, "last": "2026-11-01"}, 422),
    "driver": ({"kind": "extra_van", "like": "C9"}, 404),
    "hours": ({"kind": "new_site", "name": "x", "lon": 2.6, "lat": 50.7, "opening": "jamais"}, 422),
    "kind": ({"kind": "magie"}, 422),
}


@pytest.mark.parametrize("what", SENSELESS)
def test_what_makes_no_sense_is_said_at_once(camille: TestClient, draft: UUID, what: str) -> None:
    hypothesis, status = SENSELESS[what]
    answer = camille.post(f"/api/v1/plans/{draft}/what-if", json={"hypotheses": [hypothesis]})
    assert answer.status_code == status, answer.text
    assert camille.get("/api/v1/plan-runs").json()["items"] == []


def test_it_is_cancelled_like_any_run(camille: TestClient, service: Service, draft: UUID) -> None:
    run = _ask(camille, draft, CLOSED)
    assert (run["purpose"], run["state"]) == ("what_if", "queued")
    assert camille.post(f"/api/v1/plan-runs/{run['id']}/cancel").json()["state"] == "cancelled"
    carry_out(service, run["id"])
    assert camille.get(f"/api/v1/plan-runs/{run['id']}").json()["state"] == "cancelled"
    assert camille.get(f"/api/v1/plan-runs/{run['id']}/what-if").status_code == 409


def test_a_plan_answers_no_hypothesis(camille: TestClient) -> None:
    run = camille.post("/api/v1/plan-runs", json={"week": "2026-W49"}).json()
    assert run["purpose"] == "plan"
    assert camille.get(f"/api/v1/plan-runs/{run['id']}/what-if").status_code == 404
    assert camille.post(f"/api/v1/plan-runs/{run['id']}/keep").status_code == 404
