"""What if: hypotheses on a plan, computed like a plan, told in sentences; the network stays as it is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.problems import described
from api.endpoints.versions import tagged
from api.repositories import plan_runs as repository
from api.services.actor import Role
from api.services.plans import reading
from api.services.what_if import asking
from api.wire import tell_plans as tell
from api.wire.plan_runs import PlanRunStarted, run_started
from api.wire.plans import PlanOut
from api.wire.what_if import WhatIfIn, WhatIfOut
from models.tables.plans import PlanRecord

router = APIRouter(tags=["calculs"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="plans:write")]


@router.post(
    "/plans/{plan}/what-if",
    status_code=202,
    summary="Et si… : ce que changeraient des hypothèses",
    responses=described(404, 409),
)
def ask_what_if(
    plan: UUID, asked: WhatIfIn, caller: Writer, once: Once, response: Response
) -> PlanRunStarted:
    """Une bibliothèque change d'horaires ou ferme, une autre s'ajoute, un véhicule ou un chauffeur manque ou
    vient en plus, les bacs sont plus nombreux : le calcul se suit comme tout calcul."""
    with caller.write() as session:
        begun = once(session, caller.actor, asked, lambda: _ask(caller, session, plan, asked), PlanRunStarted)
    response.headers["Location"] = f"/api/v1/plan-runs/{begun.id}"
    return tagged(response, begun)


def _ask(caller: Caller, session: Session, plan: UUID, asked: WhatIfIn) -> PlanRunStarted:
    run = asking.ask(session, caller.service, plan, asked, caller.actor)
    others = [one for one in repository.list_open(session, run.week) if one != run.id]
    return run_started(run, others)


@router.get(
    "/plan-runs/{run}/what-if",
    summary="La réponse à des hypothèses",
    responses=described(404, 409),
)
def show_what_if(run: UUID, caller: Reader) -> WhatIfOut:
    with caller.read() as session:
        return WhatIfOut(**asking.told(session, caller.service, run))


@router.post(
    "/plan-runs/{run}/keep",
    status_code=201,
    summary="Garder comme brouillon la semaine d'une hypothèse devenue vraie",
    responses=described(404, 409),
)
def keep_what_if(run: UUID, caller: Writer, response: Response) -> PlanOut:
    with caller.write() as session:
        kept: PlanRecord = asking.keep(session, caller.service, run, caller.actor)
        told = tell.whole(reading.whole(session, caller.service, kept.id))
    response.headers["Location"] = f"/api/v1/plans/{told.id}"
    return tagged(response, told)
