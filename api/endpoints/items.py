"""Documents on their way: lists, where one is, and what is packed in a crate."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.repositories import items as stored_items
from api.services.actor import Role
from api.services.items import crates
from api.services.items.where import where_is
from api.wire.base import Listed, all_of, listed
from api.wire.items import ItemOut, ItemWhereOut, PackedOut, PackIn, item_out, packed_out, where_out
from models.tables.base import now
from models.transfers.values import ItemState

router = APIRouter(tags=["documents"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.LIBRARY, scope="transfers:read")]
Packer = Annotated[Caller, allowed(Role.COORDINATOR, Role.LIBRARY, scope="transfers:write")]
Code = Annotated[str, Path(min_length=1, max_length=64, examples=["B12"])]
Site = Annotated[str | None, Query(max_length=100, description="Code d'un site.", examples=["cassel"])]


@router.get("/items", summary="Les documents qui voyagent")
def list_items(  # noqa: PLR0913, PLR0917  # one filter each
    caller: Reader,
    paging: Paging,
    state: ItemState | None = None,
    origin: Site = None,
    destination: Site = None,
    barcode: Annotated[str | None, Query(max_length=64)] = None,
) -> Listed[ItemOut]:
    wanted = stored_items.Wanted(
        state=state, origin=origin, destination=destination, barcode=barcode, site=caller.actor.site
    )
    with caller.read() as session:
        return listed(stored_items.list_items(session, wanted, paging), item_out)


@router.get("/items/{barcode}", summary="Où est ce document")
def show_item(barcode: Code, caller: Reader) -> ItemWhereOut:
    at = now()
    with caller.read() as session:
        return where_out(barcode, where_is(session, caller.actor, barcode, at), at)


@router.get("/crates/{code}/items", summary="Ce qu'il y a dans un bac", responses=described(404))
def list_packed(code: Code, caller: Reader) -> Listed[ItemOut]:
    own = caller.actor.site
    with caller.read() as session:
        stored_items.get_crate(session, code)
        inside = stored_items.list_in_crates(session, [code])
        return all_of(
            [one for one in inside if own is None or own in {one.origin, one.destination}], item_out
        )


@router.post(
    "/crates/{code}/items", summary="Ranger des documents dans un bac", responses=described(404, 409)
)
def pack(code: Code, asked: PackIn, caller: Packer, once: Once) -> PackedOut:
    with caller.write() as session:
        return once(
            session,
            caller.actor,
            asked,
            lambda: packed_out(crates.pack(session, caller.actor, code, asked.barcodes)),
            PackedOut,
        )


@router.delete(
    "/crates/{code}/items/{barcode}",
    summary="Retirer un document d'un bac",
    status_code=204,
    responses=described(404, 409),
)
def unpack(code: Code, barcode: Code, caller: Packer) -> Response:
    with caller.write() as session:
        crates.unpack(session, caller.actor, code, barcode)
    return Response(status_code=204)
