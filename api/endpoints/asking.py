"""« Quand arrivera ce livre ? »: for everybody, for a library, inside a page of a catalogue."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.endpoints.caller import Anyone, Caller, allowed
from api.endpoints.library_caller import Home
from api.endpoints.page_assets import content
from api.endpoints.plan_files import Known
from api.endpoints.templates import page, unless_known
from api.repositories import library
from api.services.actor import PUBLIC, Actor, Role
from api.services.library import asking, home, phrases
from api.services.library.asking import Asked
from models.errors import InputError, NavetteError, NotFound
from models.tables.base import now

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)
_Short = Annotated[str, Query(max_length=100)]


@router.get("/quand")
def ask(  # noqa: PLR0913, PLR0917  # what a form asks
    request: Request,
    caller: Anyone,
    de: _Short = "",
    vers: _Short = "",
    le: _Short = "",
    a: _Short = "",
    known: Known = None,
) -> Response:
    asked = Asked(origin=de, destination=vers, day=le, hour=a)
    minute = now().replace(second=0, microsecond=0)  # one page, and one ETag, for a minute
    seen, error = _answered(caller, asked, PUBLIC, minute)
    shown = page(request, "bibliotheque/quand.html.j2", error, base="", whose=None, action="/quand", **seen)
    return shown if error else unless_known(shown, known)


@router.get("/quand/cadre")
def framed(request: Request, caller: Anyone, de: _Short = "", vers: _Short = "") -> Response:
    """The answer alone, for a frame in another site's page."""
    seen, error = _answered(caller, Asked(origin=de, destination=vers, day="", hour=""), PUBLIC, now())
    return page(request, "bibliotheque/cadre.html.j2", error, **seen)


@router.get("/quand/navette.js", dependencies=[allowed(Role.PUBLIC)])
def element() -> Response:
    """`<navette-delai de="bailleul" vers="cassel">` for the catalogue's own pages."""
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(content("navette.js"), media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/b/{token}/livre")
def ask_at_home(  # noqa: PLR0913, PLR0917
    at_home: Home,
    de: _Short = "",
    vers: _Short = "",
    le: _Short = "",
    a: _Short = "",
    code: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    asked = Asked(origin=de, destination=vers or at_home.site, day=le, hour=a, code=code)
    seen, error = _answered(at_home.caller, asked, at_home.caller.actor, now())
    with at_home.caller.read() as session:
        whose = home.whose(session, at_home.site)
    return at_home.shown("quand", error, whose=whose, action=f"{at_home.base}/livre", **seen)


def _answered(
    caller: Caller, asked: Asked, actor: Actor, moment: datetime
) -> tuple[dict[str, Any], NavetteError | None]:
    """What the page shows, and what is wrong with the question, if anything."""
    with caller.read() as session:
        seen: dict[str, Any] = {"asked": asked, "others": library.open_sites(session), "told": None}
        seen |= {"today": phrases.iso_today(moment), "names": {one.code: one.name for one in seen["others"]}}
        if not asked.whole:
            return seen, None
        try:
            seen["told"] = asking.told(session, caller.service, asked, actor, moment)
            seen["json"] = "" if asked.code else asking.json_path(asked)
        except (InputError, NotFound) as error:
            return seen, error
    return seen, None
