"""« Bacs prêts »: shipments, and what to leave and take at each visit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories import shipments as stored
from api.repositories.shipments import Wanted
from api.services.actor import Role
from api.services.road import shipments
from api.services.road.actions import round_actions
from api.wire.base import Listed, listed
from api.wire.shipments import RoundActionsOut, ShipmentChange, ShipmentIn, ShipmentOut
from models.errors import NotFound
from models.tables.demand import ShipmentState

router = APIRouter(tags=["bacs"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.LIBRARY, scope="scans:read")]
Packer = Annotated[Caller, allowed(Role.COORDINATOR, Role.LIBRARY, scope="scans:write")]
Loader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.DRIVER, scope="plans:read")]


def _wanted(
    caller: Reader,
    origin: Annotated[str | None, Query(max_length=120)] = None,
    destination: Annotated[str | None, Query(max_length=120)] = None,
    state: ShipmentState | None = None,
) -> Wanted:
    own = caller.actor.site if caller.actor.role is Role.LIBRARY else None
    return Wanted(of=own, origin=origin, destination=destination, state=state)


@router.get("/shipments", summary="Les envois annoncés")
def list_all(
    caller: Reader, wanted: Annotated[Wanted, Depends(_wanted)], paging: Paging
) -> Listed[ShipmentOut]:
    with caller.read() as session:
        return listed(stored.list_shipments(session, wanted, paging), shipments.tell)


@router.post("/shipments", summary="Annoncer des bacs prêts", status_code=201, responses=described(409))
def declare(told: ShipmentIn, caller: Packer, response: Response, once: Once) -> ShipmentOut:
    with caller.write() as session:
        made = once(
            session, caller.actor, told, lambda: shipments.declare(session, caller.actor, told), ShipmentOut
        )
    return tagged(response, made)


@router.get("/shipments/{key}", summary="Un envoi", responses=described(404))
def show(key: UUID, caller: Reader, response: Response) -> ShipmentOut:
    with caller.read() as session:
        found = stored.get_shipment(session, key)
        if caller.actor.role is Role.LIBRARY and caller.actor.site not in {found.origin, found.destination}:
            raise NotFound("Cet envoi n'existe pas, ou n'existe plus.")
        return tagged(response, shipments.tell(found))


@router.patch("/shipments/{key}", summary="Modifier ou annuler un envoi", responses=described(404, 409, 428))
def change(key: UUID, told: ShipmentChange, caller: Packer, seen: Seen, response: Response) -> ShipmentOut:
    with caller.write() as session:
        record = stored.get_shipment(session, key)
        changed = shipments.change(session, caller.actor, record, told, seen)
    return tagged(response, changed)


@router.get(
    "/rounds/{code}/actions", summary="Que déposer, que prendre à chaque arrêt", responses=described(404)
)
def actions(code: Annotated[str, Path(max_length=120)], caller: Loader) -> RoundActionsOut:
    own = (caller.actor.driver or "") if caller.actor.role is Role.DRIVER else None
    with caller.read() as session:
        return round_actions(session, code, own)
