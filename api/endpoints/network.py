"""The network: who runs it, its sites, vehicles and drivers."""

from typing import Annotated

from fastapi import APIRouter, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.versions import tagged
from api.services.actor import Role
from api.services.network_records import the_network
from api.wire.network import NetworkOut

router = APIRouter(tags=["réseau"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]


@router.get("/network", summary="Qui tient le réseau, et ses règles")
def show_network(caller: Reader, response: Response) -> NetworkOut:
    with caller.read() as session:
        found = the_network(session)
        return tagged(response, NetworkOut(**found.model_dump(exclude={"id"})))
