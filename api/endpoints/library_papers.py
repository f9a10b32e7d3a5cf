"""What a library prints: its poster, the card for its door."""

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response

from api.endpoints.library_caller import Home
from api.services.library import printed
from api.services.library.printed import Paper
from models.errors import NotFound

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/b/{token}/{name}.pdf")
def paper(
    name: str, at_home: Home, known: Annotated[str, Header(alias="If-None-Match", max_length=400)] = ""
) -> Response:
    if f"{name}.pdf" not in {one.value for one in Paper}:
        raise NotFound("Cette page n'a pas ce document.")
    caller = at_home.caller
    with caller.read() as session:
        posted = printed.prepared(session, caller.service, caller.actor, at_home.at)
    body, tag = printed.made(caller.service, Paper(f"{name}.pdf"), posted)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in known:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{name}-{at_home.site}.pdf"'
    return Response(body, media_type="application/pdf", headers=headers)
