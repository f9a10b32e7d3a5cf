"""The front of plans between kilometres and readers' waiting: asked for, followed, chosen from."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.problems import described
from api.services.actor import Role
from api.services.plans import front
from api.wire.front import FrontIn, FrontOut, front_out
from models.service_day import IsoWeek

router = APIRouter(prefix="/plan-runs/front", tags=["calculs"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="plans:write")]


@router.post(
    "",
    status_code=202,
    summary="Demander plusieurs plannings, du moins cher au plus rapide pour les lecteurs",
    responses=described(404, 409),
)
def ask_for_front(asked: FrontIn, caller: Writer, once: Once, response: Response) -> FrontOut:
    """Chacun est un calcul comme les autres, et donne un brouillon que l'on peut comparer."""
    with caller.write() as session:
        begun = once(session, caller.actor, asked, lambda: _ask(caller, session, asked), FrontOut)
    response.headers["Location"] = f"/api/v1/plan-runs/front/{begun.front}"
    return begun


def _ask(caller: Caller, session: Session, asked: FrontIn) -> FrontOut:
    runs = front.ask(
        session,
        caller.service,
        IsoWeek.parse(asked.week),
        actor=caller.actor,
        **asked.model_dump(include={"kind", "points", "seconds", "base"}),
    )
    return front_out([front.Point(run=one, plan=None, figures=None) for one in runs])


@router.get("/{key}", summary="Où en est un front de plannings", responses=described(404))
def show_front(key: UUID, caller: Reader) -> FrontOut:
    with caller.read() as session:
        return front_out(front.points(session, caller.service, key))
