"""Recurring flows between sites, as a table and as a file."""

from typing import Annotated

from fastapi import APIRouter, File, Path, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen
from api.repositories import shipments as stored
from api.services.actor import Role
from api.services.changes import announce
from api.services.road import flows
from api.services.versions import must_match
from api.wire.base import Listed, listed
from api.wire.shipments import FlowOut, FlowsChanged, FlowsIn

router = APIRouter(prefix="/flows", tags=["bacs"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="network:write")]
Code = Annotated[str, Path(max_length=120)]


@router.get("", summary="Les flux d'une semaine ordinaire")
def list_all(caller: Reader, paging: Paging) -> Listed[FlowOut]:
    with caller.read() as session:
        return listed(stored.list_flows(session, paging), flows.tell)


@router.put("", summary="Noter des flux ; ceux qui ne sont pas nommés restent")
def put(told: FlowsIn, caller: Writer) -> FlowsChanged:
    with caller.write() as session:
        return flows.put(session, told.flows)


@router.get("/csv", summary="Les flux, en CSV", response_class=Response)
def export(caller: Reader) -> Response:
    with caller.read() as session:
        text = flows.write_csv(session)
    return Response(
        text, media_type="text/csv", headers={"Content-Disposition": 'attachment; filename="flux.csv"'}
    )


@router.post("/csv", summary="Reprendre des flux d'un fichier CSV", responses=described(413))
def read_file(file: Annotated[bytes, File(description="Le fichier CSV.")], caller: Writer) -> FlowsChanged:
    told = flows.read_csv(file)
    with caller.write() as session:
        return flows.put(session, told)


@router.delete(
    "/{origin}/{destination}", summary="Oublier un flux", status_code=204, responses=described(404, 409, 428)
)
def forget(origin: Code, destination: Code, caller: Writer, seen: Seen) -> None:
    with caller.write() as session:
        record = stored.get_flow(session, origin, destination)
        must_match(record, seen, flows.tell(record).model_dump(mode="json"))
        session.delete(record)
        announce(session, "network")
