"""Published rounds: what is driven, for the coordination and for those who drive it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.endpoints.plan_files import OnRoad
from api.endpoints.problems import described
from api.endpoints.versions import tagged
from api.services.plans import reading
from api.wire import tell_plans as tell
from api.wire.base import Listed, all_of
from api.wire.plans import RoundHead, RoundPage

router = APIRouter(tags=["tournées"])


@router.get("/rounds", summary="Les tournées publiées entre deux jours")
def list_rounds(
    caller: OnRoad,
    from_day: Annotated[date, Query(alias="from", description="Le premier jour.", examples=["2026-11-30"])],
    to_day: Annotated[date, Query(alias="to", description="Le dernier jour, 62 jours plus tard au plus.")],
) -> Listed[RoundHead]:
    """Un chauffeur n'y trouve que les siennes."""
    with caller.read() as session:
        return all_of(reading.rounds_between(session, from_day, to_day, caller.actor), tell.round_head)


@router.get("/rounds/{code}", summary="Une tournée publiée, avec ses lieux", responses=described(404))
def show_round(code: str, caller: OnRoad, response: Response) -> RoundPage:
    with caller.read() as session:
        return tagged(
            response, tell.round_page(reading.round_named(session, caller.service, code, caller.actor))
        )
