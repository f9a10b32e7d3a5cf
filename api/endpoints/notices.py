"""Where the links in mails to libraries lead: confirming, and stopping."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from api.endpoints.caller import Anyone
from api.endpoints.templates import page, see_other
from api.services import notices

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)
Token = Annotated[str, Path(min_length=1, max_length=80)]


@router.get("/avis/{token}")
def show(token: Token, caller: Anyone, request: Request) -> Response:
    with caller.read() as session:
        linked = notices.linked(session, caller.service, token)
    return page(request, "avis.html.j2", linked=linked, token=token)


@router.post("/avis/{token}/confirmer")
def confirm(token: Token, caller: Anyone) -> Response:
    """Only by a button: programs that look into mails follow links."""
    with caller.write() as session:
        notices.confirm(session, caller.service, token)
    return see_other(f"/avis/{token}")


@router.post("/avis/{token}/arreter")
def end(token: Token, caller: Anyone) -> Response:
    """The button of the page, and the one that mail programs show (RFC 8058)."""
    with caller.write() as session:
        notices.end(session, caller.service, token)
    return see_other(f"/avis/{token}")
