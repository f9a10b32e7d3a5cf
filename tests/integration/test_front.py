"""The front between kilometres and readers' waiting: plans weighed otherwise, told at one price."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.services.assemble import assemble
from api.services.folder import Territory
from api.services.plans.front import PERCENTS, repriced, weighed
from models.plan import Plan
from tests.recorded_jobs import RecordedJobs


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here depends on which
def test_points_are_runs_and_their_plans_can_be_compared(camille: TestClient, service: Service) -> None:
    answer = camille.post("/api/v1/plan-runs/front", json={"week": "2026-W49", "points": 3, "seconds": 0.3})
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert [one["reader_percent"] for one in told["points"]] == list(PERCENTS[3])
    assert {one["state"] for one in told["points"]} == {"queued"}
    assert isinstance(service.jobs, RecordedJobs)
    service.jobs.run_all_quickly(service)
    done: dict[str, Any] = camille.get(answer.headers["location"]).json()
    assert [one["run"] for one in done["points"]] == [one["run"] for one in told["points"]]
    plans = [one["plan"] for one in done["points"]]
    for one in done["points"]:
        run = camille.get(f"/api/v1/plan-runs/{one['run']}").json()
        assert (run["plan"], run["front"], run["state"]) == (one["plan"], told["front"], "done")
        plan = camille.get(f"/api/v1/plans/{one['plan']}").json()
        assert plan["status"] == "draft"
        figures = one["figures"]
        assert figures["distance_m"] == plan["totals"]["distance_m"]
        assert figures["cents"] == plan["total_cents"] == sum(plan["cost_cents"].values())
        terms = plan["cost_cents"]
        assert figures["driving_cents"] == terms["rounds"] + terms["hours"] + terms["distance"]
    first, *_, last = (one["figures"] for one in done["points"])
    if not first["missing"] and not last["missing"]:
        assert last["waiting_days"] <= first["waiting_days"]
    compared = camille.get("/api/v1/plans/compare", params={"ids": plans})
    assert compared.status_code == 200
    assert not all(one["dominated"] for one in done["points"])


def test_a_front_is_followed_from_the_beginning(camille: TestClient) -> None:
    told = camille.post("/api/v1/plan-runs/front", json={"week": "2026-W49", "points": 5}).json()
    listed = camille.get(f"/api/v1/plan-runs/front/{told['front']}").json()
    assert listed == told
    assert [(one["plan"], one["figures"]) for one in listed["points"]] == [(None, None)] * 5
    stopped = camille.post(f"/api/v1/plan-runs/{told['points'][0]['run']}/cancel").json()
    assert (stopped["state"], stopped["reader_percent"]) == ("cancelled", PERCENTS[5][0])


def test_a_front_has_three_to_five_points(camille: TestClient) -> None:
    body = {"week": "2026-W49", "points": 2}
    assert camille.post("/api/v1/plan-runs/front", json=body).status_code == 422
    gone = camille.get("/api/v1/plan-runs/front/01a20f53-1b8a-7208-b6b4-fff8f8cabde2")
    assert gone.status_code == 404


@pytest.mark.parametrize("percent", [0, 250])
def test_what_is_weighed_otherwise_is_told_at_the_price_of_the_network(
    territory: Territory, planned: Plan, percent: int
) -> None:
    asked = assemble(territory.network, territory.travel, planned.week)
    heavy = weighed(asked, percent)
    for before, after in zip(asked.problem.stops, heavy.problem.stops, strict=True):
        for was, now in zip(before.patterns, after.patterns, strict=True):
            assert now.waiting_cents == was.waiting_cents * percent // 100
            assert (now.days, now.missing_cents) == (was.days, was.missing_cents)
    assert repriced(asked, planned).cost_cents == planned.cost_cents
