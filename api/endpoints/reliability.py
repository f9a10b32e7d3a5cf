"""What was foretold held against what came, as JSON."""

from typing import Annotated

from fastapi import APIRouter

from api.endpoints.caller import Caller, allowed
from api.endpoints.period import Span
from api.services.actor import Role
from api.services.reliability import reliability
from api.wire.reliability import ReliabilityOut

router = APIRouter(prefix="/reliability", tags=["rapports"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="reports:read")]


@router.get("", summary="Fiabilité : ce qui était annoncé et ce qui est arrivé")
def show(caller: Reader, period: Span) -> ReliabilityOut:
    with caller.read() as session:
        return reliability(session, period)
