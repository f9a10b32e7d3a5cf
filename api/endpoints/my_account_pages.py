"""« Mon compte », without JavaScript: password, second factor, browsers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from api.endpoints.browser import Mine, TheBrowser
from api.endpoints.caller import Caller, Staff
from api.endpoints.templates import csrf_of_form, page, see_other
from api.repositories.accounts import list_sessions
from api.security.totp import qr_svg
from api.services import my_account
from api.services.identification import Signed
from api.wire.forms import CodeForm, PasswordForm
from models.errors import InputError, NavetteError
from models.tables.base import now

router = APIRouter(
    prefix="/mon-compte",
    tags=["pages"],
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(csrf_of_form)],
)
Field = Annotated[str, Form()]
_DONE = {
    "mot-de-passe": "Votre mot de passe est changé. Vos autres sessions sont terminées.",
    "code": "Le second facteur est en place. Un code vous sera demandé à chaque connexion.",
    "sans-code": "Le second facteur est arrêté.",
    "session": "La session est terminée.",
}


@router.get("")
def my_account_page(caller: Staff, mine: Mine, request: Request, fait: str = "") -> Response:
    return _page(caller, mine, request, done=_DONE.get(fait, ""))


@router.post("/mot-de-passe")
def password_form(
    caller: Staff, mine: Mine, browser: TheBrowser, request: Request, form: Annotated[PasswordForm, Form()]
) -> Response:
    try:
        my_account.change_password(caller.service, mine, form.current, form.new, browser)
    except NavetteError as error:
        return _page(caller, mine, request, error, about="password")
    return see_other("/mon-compte?fait=mot-de-passe")


@router.post("/second-facteur")
def second_factor_form(
    caller: Staff, mine: Mine, browser: TheBrowser, request: Request, password: Field = ""
) -> Response:
    try:
        offered = my_account.start_second_factor(caller.service, mine, password, browser)
    except NavetteError as error:
        return _page(caller, mine, request, error, about="totp")
    return page(request, "second_facteur.html.j2", offered=offered, qr=qr_svg(offered.uri))


@router.post("/second-facteur/confirmer")
def confirm_form(caller: Staff, mine: Mine, request: Request, form: Annotated[CodeForm, Form()]) -> Response:
    try:
        my_account.confirm_second_factor(caller.service, mine, form.pending, form.code, caller.request)
    except InputError as error:
        offered = my_account.offered_again(caller.service, mine, form.pending)
        return page(request, "second_facteur.html.j2", error, offered=offered, qr=qr_svg(offered.uri))
    except NavetteError as error:
        return _page(caller, mine, request, error, about="totp")
    return see_other("/mon-compte?fait=code")


@router.post("/second-facteur/arreter")
def stop_form(
    caller: Staff, mine: Mine, browser: TheBrowser, request: Request, password: Field = ""
) -> Response:
    try:
        my_account.stop_second_factor(caller.service, mine, password, browser)
    except NavetteError as error:
        return _page(caller, mine, request, error, about="totp")
    return see_other("/mon-compte?fait=sans-code")


@router.post("/sessions/{session}/terminer")
def end_session_form(session: UUID, caller: Staff, mine: Mine) -> Response:
    my_account.end_browser(caller.service, mine, session, caller.request)
    return see_other("/connexion?fini=1" if session == mine.id else "/mon-compte?fait=session")


def _page(
    caller: Caller, mine: Signed, request: Request, error: NavetteError | None = None, **seen: Any
) -> Response:
    with caller.read() as session:
        browsers = list_sessions(session, mine.account, now(), caller.service.settings.session_idle)
    return page(request, "mon_compte.html.j2", error, browsers=browsers, mine=mine, **seen)
