"""How far rounds have got: one, a whole day, and what a library may expect."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.endpoints.caller import Caller, allowed
from api.endpoints.problems import described
from api.services.actor import Role
from api.services.road import progress
from api.wire.progress import ArrivalsOut, DayOut, RoundProgressOut
from models.tables.base import now

router = APIRouter(tags=["suivi"])
Follower = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.DRIVER, scope="scans:read")]
Desk = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="scans:read")]
Expecting = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.LIBRARY, scope="plans:read")]
Code = Annotated[str, Path(max_length=120)]
Day = Annotated[date, Path(ge=date(1970, 1, 2), le=date(2199, 12, 31))]


@router.get("/rounds/{code}/progress", summary="Où en est une tournée", responses=described(404))
def of_round(code: Code, caller: Follower) -> RoundProgressOut:
    with caller.read() as session:
        return progress.round_now(session, caller.actor, code, now())


@router.get("/day/{day}", summary="Où en sont les tournées d'un jour, et ce qu'il y a à décider")
def of_day(day: Day, caller: Desk) -> DayOut:
    with caller.read() as session:
        return progress.day_now(session, day, now())


@router.get("/sites/{site}/arrivals", summary="Les prochains passages d'un site", responses=described(404))
def at_site(
    site: Code,
    caller: Expecting,
    days: Annotated[int, Query(ge=0, le=92, description="Combien de jours.")] = 28,
) -> ArrivalsOut:
    caller.actor.must_own(site)
    with caller.read() as session:
        return progress.arrivals(session, site, days, now())
