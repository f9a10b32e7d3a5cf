"""The network: who runs it, its rules, what is wrong with it, its places on a map."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.endpoints.caller import Caller, allowed
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories.network import get_network
from api.services.actor import Role
from api.services.described import change, head
from api.services.described.layer import site_layer
from api.wire.network import FindingOut, NetworkChange, NetworkCheck, NetworkOut

router = APIRouter(tags=["réseau"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="network:write")]
GEOJSON = "application/geo+json"


@router.get("/network", summary="Qui tient le réseau, et ses règles", responses=described(404))
def show_network(caller: Reader, response: Response) -> NetworkOut:
    with caller.read() as session:
        return tagged(response, NetworkOut.of(get_network(session)))


@router.patch("/network", summary="Modifier le réseau ou ses règles", responses=described(404, 409, 428))
def change_network(asked: NetworkChange, caller: Writer, seen: Seen, response: Response) -> NetworkOut:
    fields = asked.given() | ({"rules": asked.rules.given()} if asked.rules else {})
    with caller.write() as session:
        record = head.change_network(session, fields, change.Seen(seen, NetworkOut.of))
        return tagged(response, NetworkOut.of(record))


@router.get("/network/check", summary="Tout ce qui manque ou ne va pas", responses=described(404))
def check_network(caller: Reader) -> NetworkCheck:
    with caller.read() as session:
        found = head.check_stored(session, caller.service.territories)
    return NetworkCheck(
        plannable=not any(one.serious for one in found), findings=[FindingOut.of(one) for one in found]
    )


@router.get(
    "/network/sites.geojson",
    summary="Les lieux sur une carte (RFC 7946)",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {}}}, **described(404)},
)
def show_layer(caller: Reader) -> Any:
    with caller.read() as session:
        return JSONResponse(site_layer(session, caller.service.territories), media_type=GEOJSON)
