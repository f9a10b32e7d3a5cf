"""Plan runs: ask for a plan, follow the calculation, stop it or throw it away."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import tagged
from api.repositories import plan_runs as repository
from api.services import plan_runs
from api.services.actor import Role
from api.wire.base import Listed, listed
from api.wire.plan_runs import (
    PlanRunIn,
    PlanRunOut,
    PlanRunStarted,
    PlanRunWhole,
    run_out,
    run_started,
    run_whole,
)
from models.service_day import IsoWeek
from models.tables.plans import RunState

router = APIRouter(tags=["calculs"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="plans:write")]


@router.post(
    "/plan-runs",
    status_code=202,
    summary="Demander le calcul d'un planning",
    responses=described(404, 409),
)
def ask_for_plan(asked: PlanRunIn, caller: Writer, once: Once, response: Response) -> PlanRunStarted:
    with caller.write() as session:
        started = once(session, caller.actor, asked, lambda: _ask(caller, session, asked), PlanRunStarted)
    response.headers["Location"] = f"/api/v1/plan-runs/{started.id}"
    return tagged(response, started)


def _ask(caller: Caller, session: Session, asked: PlanRunIn) -> PlanRunStarted:
    under_way = list(repository.list_open(session, asked.week))
    wanted = plan_runs.Wanted(
        week=IsoWeek.parse(asked.week),
        seconds=asked.budget_s,
        **asked.model_dump(include={"kind", "engine", "iterations", "seed", "proof_s", "base"}),
    )
    return run_started(plan_runs.ask(session, caller.service.jobs, wanted, caller.actor), under_way)


@router.get("/plan-runs", summary="Les calculs, le dernier demandé d'abord")
def list_plan_runs(
    caller: Reader,
    paging: Paging,
    week: Annotated[
        str | None, Query(pattern=r"^\d{4}-W\d{2}$", description="Une seule semaine.", examples=["2026-W49"])
    ] = None,
    state: Annotated[list[RunState] | None, Query(description="Ces états seulement.")] = None,
) -> Listed[PlanRunOut]:
    with caller.read() as session:
        found = repository.list_runs(session, paging, week=week, states=state or ())
        plans = repository.plans_of(session, [run.id for run in found.rows])
        return listed(found, lambda run: run_out(run, plans.get(run.id)))


@router.get("/plan-runs/{run}", summary="Où en est un calcul", responses=described(404))
def show_plan_run(run: UUID, caller: Reader, response: Response) -> PlanRunWhole:
    with caller.read() as session:
        found = repository.get_run(session, run)
        return tagged(response, run_whole(found, repository.plans_of(session, [run]).get(run)))


@router.post(
    "/plan-runs/{run}/stop",
    summary="Arrêter un calcul en gardant le meilleur trouvé",
    responses=described(404, 409),
)
def stop_plan_run(run: UUID, caller: Writer, response: Response) -> PlanRunOut:
    with caller.write() as session:
        return tagged(response, run_out(plan_runs.stop(session, run), None))


@router.post("/plan-runs/{run}/cancel", summary="Annuler un calcul", responses=described(404, 409))
def cancel_plan_run(run: UUID, caller: Writer, response: Response) -> PlanRunOut:
    with caller.write() as session:
        return tagged(response, run_out(plan_runs.cancel(session, run), None))
