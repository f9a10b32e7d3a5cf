"""What libraries print, and staff for all of them: posters, cards for doors."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from api.endpoints.caller import Caller, Staff
from api.endpoints.library_caller import Home
from api.endpoints.plan_files import Known
from api.services.library import printed
from api.services.library.printed import Paper
from maps.poster import Posted
from models.errors import NotFound
from models.tables.base import now

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/b/{token}/{name}.pdf")
def paper(name: str, at_home: Home, known: Known = None) -> Response:
    if f"{name}.pdf" not in {one.value for one in Paper}:
        raise NotFound("Cette page n'a pas ce document.")
    caller = at_home.caller
    with caller.read() as session:
        posted = printed.prepared(session, caller.service, at_home.at, at_home.site)
    return _sent(caller, Paper(f"{name}.pdf"), posted, f"{name}-{at_home.site}", known)


@router.get("/affiches.pdf")
def posters(caller: Staff, known: Known = None) -> Response:
    """The posters of all libraries, a page each, for whoever sends them out."""
    return _all(caller, Paper.POSTER, "affiches", known)


@router.get("/portes.pdf")
def door_cards(caller: Staff, known: Known = None) -> Response:
    """The door cards of all libraries, a page each."""
    return _all(caller, Paper.DOOR, "cartes-de-porte", known)


def _all(caller: Caller, paper: Paper, name: str, known: str | None) -> Response:
    with caller.read() as session:
        posted = printed.prepared(session, caller.service, now())
    return _sent(caller, paper, posted, name, known)


def _sent(caller: Caller, paper: Paper, posted: Sequence[Posted], name: str, known: str | None) -> Response:
    body, tag = printed.made(caller.service, paper, posted)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if known and tag in known:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return Response(body, media_type="application/pdf", headers=headers)
