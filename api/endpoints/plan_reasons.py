"""Why a plan is as it is: the order of a round, and what could be done about a missing visit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.endpoints.caller import Caller, allowed
from api.endpoints.problems import described
from api.repositories import plans as repository
from api.services.actor import Role
from api.services.plans.drafts import desk_for, opened
from api.services.reasons.remedies import remedies
from api.services.reasons.why import explain
from api.wire import reasons as tell
from api.wire.remedies import RemediesOut, remedies_out
from models.errors import NotFound

router = APIRouter(tags=["planning"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]


@router.get(
    "/plans/{plan}/rounds/{code}/why",
    summary="Pourquoi cet ordre, et ce que coûterait un autre",
    responses=described(404),
)
def explain_round(plan: UUID, code: str, caller: Reader) -> tell.WhyOut:
    """Ce qui tient chaque passage à sa place, sa marge, et ses meilleures autres places, calculées à
    l'instant."""
    with caller.read() as session:
        found = opened(session, repository.get_plan(session, plan))
        desk = desk_for(session, caller.service, found.layout)
    made = explain(desk, found.layout, code)
    return tell.why(found.record, desk, made, frozenset(one.code for one in found.layout.outings))


@router.get(
    "/plans/{plan}/unplanned/{site}/remedies",
    summary="Que faire d'un passage qui n'est pas planifié",
    responses=described(404),
)
def find_remedies(plan: UUID, site: str, caller: Reader) -> RemediesOut:
    """Jusqu'à trois remèdes calculés, ce qui demande le moins d'abord, avec les retouches toutes prêtes."""
    with caller.read() as session:
        found = opened(session, repository.get_plan(session, plan))
        entry = next((one for one in found.plan.unplanned if one.site == site), None)
        if entry is None:
            raise NotFound(f"Tous les passages dus à « {site} » sont planifiés.")
        desk = desk_for(session, caller.service, found.layout)
        return remedies_out(found.record, desk, entry, remedies(desk, found.layout, site))
