"""Whom at a library Navette tells when its window breaks: asked for and ended on its page."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response

from api.endpoints.library_caller import AtHome, Home
from api.services import notices, push_wishes
from api.services.library import home
from api.wire.library import NoticeForm
from models.errors import NavetteError
from models.tables.predictions import NoticeChannel

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/b/{token}/avis")
def notices_page(at_home: Home, done: Annotated[str, Query(alias="fait", max_length=20)] = "") -> Response:
    return shown(at_home, done=done)


@router.post("/b/{token}/avis")
def wish(at_home: Home, form: Annotated[NoticeForm, Form()]) -> Response:
    service = at_home.caller.service
    try:
        with at_home.caller.write() as session:
            notices.wish(session, service, at_home.site, NoticeChannel.MAIL, form.adresse.strip())
    except NavetteError as error:
        return shown(at_home, error, typed=form.adresse)
    return at_home.back("/avis", "demande")


@router.post("/b/{token}/avis/{key}/arreter")
def end(at_home: Home, key: UUID) -> Response:
    with at_home.caller.write() as session:
        notices.end_at_site(session, at_home.site, key)
    return at_home.back("/avis", "arrete")


def shown(at_home: AtHome, error: NavetteError | None = None, **seen: Any) -> Response:
    """The page of who is told, perhaps with what went wrong."""
    service = at_home.caller.service
    with at_home.caller.read() as session:
        seen |= {"wishes": notices.wishes_of(session, service, at_home.site)}
        seen |= {"by_mail": NoticeChannel.MAIL in notices.channels(service)}
        seen |= {"push": push_wishes.offer(session, service, at_home.site)}
        return at_home.shown("avis", error, whose=home.whose(session, at_home.site), **seen)
