"""Plan runs over HTTP: asked for, listed, stopped, thrown away; what the job leaves behind."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import select

from api.jobs.follower import Follower
from api.jobs.leaving import HandedOver
from api.jobs.plan_run import carry_out
from api.service import Service
from api.services import plan_runs
from api.services.actor import Role
from api.services.plan_runs import Told, thinned
from models.tables.base import now
from models.tables.plans import PlanKind, PlanRecord, PlanRunRecord, PlanStatus, RoundRecord, RunState
from routing.bound.values import Bound
from routing.child import Told as EngineTold
from routing.objective import MC
from tests.recorded_jobs import RecordedJobs, Submitted
from tests.service_fixtures import ClientAs

QUICK = {"week": "2026-W49", "engine": "insertion", "iterations": 500}


@pytest.fixture
def camille(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR, name="Camille")


@contextmanager
def counted(service: Service) -> Iterator[list[str]]:
    """The statements that the database is asked in the block."""
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(service.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(service.database.engine, "before_cursor_execute", note)


def _waiting(service: Service) -> list[Submitted]:
    assert isinstance(service.jobs, RecordedJobs)
    return service.jobs.waiting


def test_a_plan_is_asked_for_and_computed(camille: TestClient, service: Service) -> None:
    told = camille.post("/api/v1/plan-runs", json=QUICK)
    run = told.json()
    assert (told.status_code, told.headers["location"]) == (202, f"/api/v1/plan-runs/{run['id']}")
    assert (run["state"], run["plan"], run["under_way"], run["seconds"]) == ("queued", None, [], None)
    assert _waiting(service) == [Submitted("plan_run", run["id"], 0)]
    assert isinstance(service.jobs, RecordedJobs)
    service.jobs.run_all(service)
    done = camille.get(told.headers["location"]).json()
    assert (done["state"], done["attempts"], done["problem"]) == ("done", 1, "")
    with service.database.read() as session:
        plan = session.exec(select(PlanRecord)).one()
    assert done["plan"] == str(plan.id)
    assert (plan.run, plan.status, plan.created_by) == (UUID(run["id"]), PlanStatus.DRAFT, "Camille")
    assert done["progress"]["phase"] == "done"
    assert done["progress"]["cost_eur"] == round(sum(plan.cost_cents.values()) / 100, 2)
    assert done["progress"]["missing"] == sum(one["missing"] for one in plan.unplanned)
    assert done["trace"][-1]["missing"] == done["progress"]["missing"]
    listed = camille.get("/api/v1/plan-runs?week=2026-W49&state=done").json()["items"]
    assert [one["plan"] for one in listed] == [str(plan.id)]


def test_locks_that_could_not_be_kept_are_told_with_the_plan(camille: TestClient, service: Service) -> None:
    run = camille.post("/api/v1/plan-runs", json=QUICK).json()["id"]
    carry_out(service, run)
    base = camille.get(f"/api/v1/plan-runs/{run}").json()["plan"]
    with service.database.write() as session:
        tour = session.exec(select(RoundRecord).order_by(RoundRecord.code)).all()[0]
        tour.locked, tour.shift_early, tour.shift_late = True, 0, 1  # nobody works then
    again = camille.post("/api/v1/plan-runs", json={**QUICK, "base": base}).json()["id"]
    carry_out(service, again)
    done = camille.get(f"/api/v1/plan-runs/{again}").json()
    assert done["state"] == "done"
    [unkept] = done["progress"]["unkept"]
    assert (unkept["what"], "aucun chauffeur" in unkept["reason"]) == (tour.code, True)


def test_a_run_carried_out_twice_makes_one_plan(camille: TestClient, service: Service) -> None:
    run = camille.post("/api/v1/plan-runs", json=QUICK).json()["id"]
    carry_out(service, run)
    carry_out(service, run)
    with service.database.read() as session:
        assert len(session.exec(select(PlanRecord)).all()) == 1
        assert session.exec(select(PlanRunRecord)).one().attempts == 1


def test_another_run_of_the_week_is_told_but_no_obstacle(camille: TestClient) -> None:
    first = camille.post("/api/v1/plan-runs", json=QUICK).json()
    second = camille.post("/api/v1/plan-runs", json=QUICK)
    assert (second.status_code, second.json()["under_way"]) == (202, [first["id"]])
    other = camille.post("/api/v1/plan-runs", json={**QUICK, "week": "2026-W50"})
    assert other.json()["under_way"] == []


def test_runs_are_listed_by_pages_in_few_queries(camille: TestClient, service: Service) -> None:
    asked = [camille.post("/api/v1/plan-runs", json=QUICK).json()["id"] for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        where = f"/api/v1/plan-runs?limit=2&cursor={cursor}" if cursor else "/api/v1/plan-runs?limit=2"
        with counted(service) as statements:
            told = camille.get(where).json()
        # Runs, and the plans that came of them; PostgreSQL's driver may ask once who it is talking to.
        assert len([one for one in statements if "plan" in one]) == 2
        seen += [one["id"] for one in told["items"]]
        cursor = told["next"]
    assert seen == asked[::-1]
    invented = [
        ["2026-12-01T00:00:00", asked[0]],
        ["0001-01-01T00:00:00+14:00", asked[0]],
        [3, asked[0]],
        [],
        {},
    ]
    for one in ["bm9u", *(urlsafe_b64encode(json.dumps(it).encode()).decode() for it in invented)]:
        assert camille.get("/api/v1/plan-runs", params={"cursor": one}).status_code == 422
    assert camille.get("/api/v1/plan-runs?week=bientôt").status_code == 422


def test_a_repeated_request_asks_once(camille: TestClient, service: Service) -> None:
    headers = {"Idempotency-Key": "once"}
    first, again = (camille.post("/api/v1/plan-runs", json=QUICK, headers=headers) for _ in range(2))
    assert first.json() == again.json()
    assert len(_waiting(service)) == 1


def test_a_cancelled_run_makes_nothing(camille: TestClient, service: Service) -> None:
    run = camille.post("/api/v1/plan-runs", json=QUICK).json()["id"]
    assert camille.post(f"/api/v1/plan-runs/{run}/stop").status_code == 409  # it has nothing to keep yet
    assert camille.post(f"/api/v1/plan-runs/{run}/cancel").json()["state"] == "cancelled"
    assert camille.post(f"/api/v1/plan-runs/{run}/cancel").json()["state"] == "cancelled"
    carry_out(service, run)
    assert camille.get(f"/api/v1/plan-runs/{run}").json()["plan"] is None
    assert camille.post(f"/api/v1/plan-runs/{run}/stop").status_code == 409  # it has ended


def test_what_cannot_be_planned_says_why(camille: TestClient, service: Service) -> None:
    run = camille.post("/api/v1/plan-runs", json={**QUICK, "engine": "unheard-of"})
    assert (run.status_code, "insertion" in run.json()["detail"]) == (422, True)
    assert camille.post("/api/v1/plan-runs", json={**QUICK, "base": str(uuid4())}).status_code == 404
    assert camille.post("/api/v1/plan-runs", json={**QUICK, "week": "2026-W54"}).status_code == 422
    assert camille.post("/api/v1/plan-runs", json={**QUICK, "seconds": 0}).status_code == 422
    assert camille.get(f"/api/v1/plan-runs/{uuid4()}").status_code == 404
    assert _waiting(service) == []


def test_a_base_must_be_a_draft_of_that_week(camille: TestClient, service: Service) -> None:
    base = camille.post("/api/v1/plan-runs", json=QUICK).json()["id"]
    carry_out(service, base)
    plan = camille.get(f"/api/v1/plan-runs/{base}").json()["plan"]
    other = camille.post("/api/v1/plan-runs", json={**QUICK, "week": "2026-W50", "base": plan})
    assert (other.status_code, "2026-W50" in other.json()["detail"]) == (409, True)
    run = camille.post("/api/v1/plan-runs", json={**QUICK, "base": plan}).json()["id"]
    carry_out(service, run)
    with service.database.read() as session:
        made = session.exec(select(PlanRecord).where(PlanRecord.run == UUID(run))).one()
    assert str(made.parent) == plan


def _started(camille: TestClient, service: Service) -> tuple[str, threading.Thread]:
    """A run of half a minute that has a first plan, and the thread that carries it out."""
    asked = {**QUICK, "engine": "ortools", "iterations": None, "seconds": 30}
    run: str = camille.post("/api/v1/plan-runs", json=asked).json()["id"]
    thread = threading.Thread(target=carry_out, args=(service, run))
    thread.start()
    until = time.monotonic() + 30
    while camille.get(f"/api/v1/plan-runs/{run}").json()["progress"]["cost_eur"] is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    return run, thread


def test_a_stopped_run_keeps_its_best(camille: TestClient, service: Service) -> None:
    run, thread = _started(camille, service)
    asked = time.monotonic()
    assert camille.post(f"/api/v1/plan-runs/{run}/stop").json()["state"] == "stopping"
    thread.join(timeout=20)
    assert time.monotonic() - asked < 5
    done = camille.get(f"/api/v1/plan-runs/{run}").json()
    assert (done["state"], done["plan"] is not None) == ("done", True)
    with service.database.read() as session:
        assert session.exec(select(PlanRecord)).one().stamp["interrupted"] is True


def test_a_run_cancelled_at_work_ends_soon_and_makes_nothing(camille: TestClient, service: Service) -> None:
    run, thread = _started(camille, service)
    asked = time.monotonic()
    assert camille.post(f"/api/v1/plan-runs/{run}/cancel").json()["state"] == "cancelled"
    thread.join(timeout=20)
    assert time.monotonic() - asked < 5
    assert camille.get(f"/api/v1/plan-runs/{run}").json()["plan"] is None


def test_a_process_that_stops_hands_in_the_best(camille: TestClient, service: Service) -> None:
    run, thread = _started(camille, service)
    service.stopping.set()
    thread.join(timeout=20)
    assert camille.get(f"/api/v1/plan-runs/{run}").json()["state"] == "done"


def test_a_process_that_stops_without_any_hands_the_run_over(camille: TestClient, service: Service) -> None:
    """The engine is asked to stop before it has begun: nothing to keep, somebody else's turn."""
    asked = {**QUICK, "engine": "ortools", "iterations": None, "seconds": 30}
    run = camille.post("/api/v1/plan-runs", json=asked).json()["id"]
    service.stopping.set()
    with pytest.raises(HandedOver):
        carry_out(service, run)
    assert camille.get(f"/api/v1/plan-runs/{run}").json()["state"] == "running"


def test_a_result_that_comes_late_is_refused(camille: TestClient, service: Service) -> None:
    """A slow process was taken for dead, another one has the run: only the other's words count."""
    run = UUID(camille.post("/api/v1/plan-runs", json=QUICK).json()["id"])
    with service.database.write() as session:
        assert plan_runs.claim(session, run, "slow") is not None
        assert plan_runs.claim(session, run, "other") is not None
        assert plan_runs.tell(session, run, "slow", Told({"phase": "solving"}, [])) is None
        plan_runs.fail(session, run, "late", "slow")
        assert plan_runs.state_of(session, run, "other") is RunState.RUNNING


def test_a_curve_keeps_few_enough_points_and_its_ends() -> None:
    trace: list[list[float]] = []
    for k in range(5000):
        trace = thinned([*trace, [k]])
    assert (trace[0], trace[-1]) == ([0], [4999])
    assert len(trace) <= 240
    assert trace == sorted(trace)


def test_a_proof_is_told_while_it_grows(service: Service) -> None:
    run = PlanRunRecord(week="2026-W49", engine="insertion")
    follower = Follower(service, run)
    watch = follower.watch()
    watch.told(EngineTold(cost_eur=1010.0, missing=0, iterations=5, spent_s=1.0))
    watch.proven(Bound(bound_mc=100_000 * MC, finished=False, spent_s=2.0, columns=1, pricings=1))
    told = follower.told()
    # 1,010 € is 10 thousandths more than the 1,000 € that no plan can cost less than.
    assert (told.progress["bound_eur"], told.progress["gap_permille"]) == (1000.0, 10)
    assert told.trace == [[1.0, 1010.0, 0]]


def test_officials_look_and_libraries_do_not(client_as: ClientAs, camille: TestClient) -> None:
    camille.post("/api/v1/plan-runs", json=QUICK)
    official = client_as(Role.OFFICIAL)
    assert len(official.get("/api/v1/plan-runs").json()["items"]) == 1
    assert official.post("/api/v1/plan-runs", json=QUICK).status_code == 403
    assert client_as(Role.LIBRARY, site="cassel").get("/api/v1/plan-runs").status_code == 403


def test_a_template_is_computed_as_such(camille: TestClient, service: Service) -> None:
    run = camille.post("/api/v1/plan-runs", json={**QUICK, "kind": "template"}).json()["id"]
    carry_out(service, run)
    with service.database.read() as session:
        assert session.exec(select(PlanRecord)).one().kind is PlanKind.TEMPLATE


def test_an_unforeseen_failure_is_told_and_noted(
    camille: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("api.jobs.plan_run.plan_asked", broken)
    run = camille.post("/api/v1/plan-runs", json=QUICK).json()["id"]
    with pytest.raises(ZeroDivisionError):
        carry_out(service, run)
    failed = camille.get(f"/api/v1/plan-runs/{run}").json()
    assert (failed["state"], "Relancez" in failed["problem"]) == ("failed", True)
    assert failed["ended_at"] <= now().isoformat()
