"""Incidents and their photos."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Query, Response

from api.endpoints.caller import Caller, Coordinator, allowed
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.repositories import incidents as stored
from api.repositories.incidents import Wanted
from api.services.actor import Role
from api.services.road import incidents
from api.services.road.photos import encode_anew
from api.wire.base import Listed
from api.wire.incidents import IncidentIn, IncidentOut, PhotoOut, SettleIn

router = APIRouter(prefix="/incidents", tags=["incidents"])
Teller = Annotated[Caller, allowed(Role.DRIVER, Role.COORDINATOR, Role.LIBRARY, scope="scans:write")]
Reader = Annotated[
    Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.DRIVER, Role.LIBRARY, scope="scans:read")
]
_SAFE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}


def _wanted(
    caller: Reader,
    round_: Annotated[str | None, Query(alias="round", max_length=120)] = None,
    site: Annotated[str | None, Query(max_length=120)] = None,
    pending: Annotated[bool | None, Query(alias="open", description="Vrai : ceux à régler.")] = None,
) -> Wanted:
    actor = caller.actor
    site = actor.site if actor.role is Role.LIBRARY else site
    author = actor.name if actor.role is Role.DRIVER else None
    return Wanted(round=round_, site=site, author=author, open=pending)


@router.post("", summary="Signaler un incident", responses=described(404))
def report(told: IncidentIn, caller: Teller) -> IncidentOut:
    with caller.write() as session:
        return incidents.report(session, caller.actor, told)


@router.get("", summary="Les incidents, les derniers d'abord")
def list_all(
    caller: Reader, wanted: Annotated[Wanted, Depends(_wanted)], paging: Paging
) -> Listed[IncidentOut]:
    with caller.read() as session:
        found = stored.list_incidents(session, wanted, paging)
        return Listed(items=incidents.tell(session, found.rows), next=found.next)


@router.get("/{key}", summary="Un incident", responses=described(404))
def show(key: UUID, caller: Reader) -> IncidentOut:
    with caller.read() as session:
        return incidents.show(session, caller.actor, key)


@router.post("/{key}/settle", summary="Dire qu'un incident est réglé", responses=described(404))
def settle(key: UUID, told: SettleIn, caller: Coordinator) -> IncidentOut:
    with caller.write() as session:
        return incidents.settle(session, caller.actor, key, told.note)


@router.put(
    "/{key}/photos/{photo}",
    summary="Joindre une photo (JPEG, PNG, WebP ; 8 Mo au plus)",
    responses=described(404, 409, 413),
)
def add_photo(
    key: UUID, photo: UUID, file: Annotated[bytes, File(description="La photo.")], caller: Teller
) -> PhotoOut:
    picture = encode_anew(file)  # before the database is ours: it takes a while
    with caller.write() as session:
        return incidents.add_photo(session, caller.actor, key, photo, picture)


@router.get(
    "/{key}/photos/{photo}",
    summary="Une photo, en JPEG",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, **described(404)},
)
def show_photo(key: UUID, photo: UUID, caller: Reader) -> Response:
    with caller.read() as session:
        content = incidents.photo(session, caller.actor, key, photo)
    return Response(content, media_type="image/jpeg", headers=_SAFE)
