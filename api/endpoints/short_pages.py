"""Where codes printed or shown lead: a crate's label, the enrolment of a phone."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.endpoints.caller import Anyone
from api.endpoints.templates import page
from api.services.actor import Role
from api.services.library.entry import help_of
from api.services.road.crate_page import crate_page

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)
_STAFF = frozenset({Role.COORDINATOR, Role.OFFICIAL})


@router.get("/c/{code}")
def crate(code: Annotated[str, Path(max_length=80)], caller: Anyone, request: Request) -> Response:
    """Staff see the crate, a driver's phone goes on to its round, others read whom to call: the same for any
    code, as where a crate is, is told to nobody else."""
    with caller.read() as session:
        whom = help_of(session)
        if caller.actor.role in _STAFF:
            return page(request, "bac.html.j2", crate=crate_page(session, code), whom=whom)
    return page(request, "bac_trouve.html.j2", code=code, whom=whom)


@router.get("/appareil")
def enrolment(caller: Anyone) -> Response:  # noqa: ARG001  # says who may call
    """The code of the phone stands after « # »: browsers take it along, servers never see it."""
    return RedirectResponse("/tournee", status_code=302)
