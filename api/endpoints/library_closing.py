"""« Nous serons fermés »: dates, what they would do, then what became of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response

from api.endpoints.library_caller import AtHome, Home
from api.repositories import library
from api.services.library import closing, home, phrases
from api.services.library.closing import Foreseen
from api.services.library.repeat import once
from api.wire.library import ClosureForm, WithdrawForm
from models.errors import NavetteError

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/b/{token}/fermeture")
def closing_page(
    at_home: Home,
    form: Annotated[ClosureForm, Query()],
    done: Annotated[str, Query(alias="fait", max_length=20)] = "",
) -> Response:
    """With dates, also what closing on them would do; nothing is sent yet."""
    if not form.du.strip():
        return _shown(at_home, form, done=done)
    today, caller = phrases.iso_today(at_home.at), at_home.caller
    try:
        closure = closing.closure_typed(form, today)
        with caller.read() as session:
            foreseen = closing.foresee(session, caller.service, caller.actor, closure, today)
    except NavetteError as error:
        return _shown(at_home, form, error)
    return _shown(at_home, form, foreseen=foreseen)


@router.post("/b/{token}/fermeture")
def send_closure(at_home: Home, form: Annotated[ClosureForm, Form()]) -> Response:
    caller, sent = at_home.caller, at_home.sent(form.key)
    try:
        closure = closing.closure_typed(form, phrases.iso_today(at_home.at))
        with caller.write() as session:
            once(session, sent, repr(closure), lambda: closing.send(session, caller.actor, closure))
    except NavetteError as error:
        return _shown(at_home, form, error)
    return at_home.back("/fermeture", "envoyee")


@router.post("/b/{token}/fermeture/{key}/retirer")
def take_back(at_home: Home, key: UUID, form: Annotated[WithdrawForm, Form()]) -> Response:
    try:
        with at_home.caller.write() as session:
            closing.take_back(session, at_home.caller.actor, key, form.version)
    except NavetteError as error:
        return _shown(at_home, ClosureForm(), error)
    return at_home.back("/fermeture", "retiree")


def _shown(
    at_home: AtHome,
    form: ClosureForm,
    error: NavetteError | None = None,
    *,
    foreseen: Foreseen | None = None,
    done: str = "",
) -> Response:
    with at_home.caller.read() as session:
        declared = library.closures_ahead(session, at_home.site, phrases.iso_today(at_home.at))
        whose = home.whose(session, at_home.site)
        seen: dict[str, Any] = {
            "form": form,
            "declared": declared,
            "whose": whose,
            "foreseen": foreseen,
            "done": done,
        }
        return at_home.shown("fermeture", error, **seen)
