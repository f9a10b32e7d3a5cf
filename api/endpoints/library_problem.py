"""« Signaler un problème »: a few words, a photo if there is one, and what became of it."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query
from fastapi.responses import HTMLResponse, Response

from api.endpoints.library_caller import AtHome, Home
from api.repositories import incidents as stored
from api.repositories.paging import Slice
from api.services.library import actions, home
from api.services.road.photos import Picture, encode_anew
from models.errors import InputError, NavetteError

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)
_SHOWN = 5


@router.get("/b/{token}/probleme")
def problem_page(at_home: Home, done: Annotated[str, Query(alias="fait", max_length=20)] = "") -> Response:
    return _shown(at_home, done=done)


@router.post("/b/{token}/probleme")
def tell_problem(
    at_home: Home,
    texte: Annotated[str, Form(max_length=20_000)] = "",
    key: Annotated[str, Form(max_length=80)] = "",
    photo: Annotated[bytes, File()] = b"",
) -> Response:
    picture, unreadable = _picture(photo)
    try:
        with at_home.caller.write() as session:
            actions.problem(session, at_home.sent(key), texte, picture)
    except NavetteError as error:
        return _shown(at_home, error, typed=texte)
    return at_home.back("/probleme", "sans-photo" if unreadable else "envoye")


def _picture(raw: bytes) -> tuple[Picture | None, bool]:
    """A photo, and whether one was sent that cannot be read: the words count all the same."""
    try:
        return (encode_anew(raw) if raw else None), False
    except InputError:
        return None, True


def _shown(at_home: AtHome, error: NavetteError | None = None, **seen: Any) -> Response:
    with at_home.caller.read() as session:
        told = stored.list_incidents(session, stored.Wanted(site=at_home.site), Slice(limit=_SHOWN)).rows
        whose = home.whose(session, at_home.site)
        return at_home.shown("probleme", error, whose=whose, told=told, **seen)
