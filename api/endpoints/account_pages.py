"""Pages that work without JavaScript: signing in and out, following an invitation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.endpoints.browser import Mine, OwnBrowser, TheBrowser
from api.endpoints.caller import Anyone, Caller, Staff, allowed
from api.endpoints.templates import csrf_of_form, page, see_other
from api.repositories import accounts
from api.security.cookies import give_cookie, take_cookie
from api.security.identify import signed
from api.security.same_site import local_path
from api.services import audit, invitations
from api.services.actor import Role
from api.services.signing_in import CodeAsked, Started, give_code, sign_in
from api.wire.forms import ChosenForm, CodeForm, SignInForm
from models.errors import Conflict, InputError, NavetteError, NotSignedIn, TooOften

router = APIRouter(
    tags=["pages"],
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(csrf_of_form)],
)
_AGAIN = (NotSignedIn, TooOften)


@router.get("/connexion", dependencies=[allowed(Role.PUBLIC)])
def sign_in_page(request: Request, suite: str = "/", fini: bool = False) -> Response:
    if signed(request):
        return see_other(local_path(suite))
    return page(request, "connexion.html.j2", suite=local_path(suite), done=fini)


@router.post("/connexion")
def sign_in_form(
    caller: Anyone, browser: OwnBrowser, request: Request, form: Annotated[SignInForm, Form()]
) -> Response:
    suite = local_path(form.suite)
    try:
        made = sign_in(caller.service, form.login, form.password, browser)
    except _AGAIN as error:
        return page(request, "connexion.html.j2", error, suite=suite, login=form.login)
    if isinstance(made, CodeAsked):
        return page(request, "code.html.j2", suite=suite, pending=made.pending)
    return _signed_in(caller, made, suite)


@router.post("/connexion/code")
def code_form(
    caller: Anyone, browser: OwnBrowser, request: Request, form: Annotated[CodeForm, Form()]
) -> Response:
    suite = local_path(form.suite)
    try:
        return _signed_in(caller, give_code(caller.service, form.pending, form.code, browser), suite)
    except _AGAIN as error:
        return page(request, "code.html.j2", error, suite=suite, pending=form.pending)
    except NavetteError:  # five minutes are over, or the account has changed
        late = NotSignedIn("Cela a duré plus de cinq minutes. Identifiez-vous de nouveau.")
        return page(request, "connexion.html.j2", late, suite=suite)


@router.get("/deconnexion", dependencies=[allowed(Role.PUBLIC)])
def sign_out_page(request: Request) -> Response:
    return page(request, "deconnexion.html.j2") if signed(request) else see_other("/connexion")


@router.post("/deconnexion")
def sign_out_form(caller: Staff, mine: Mine, browser: TheBrowser) -> Response:
    with caller.write() as session:
        accounts.end_session(session, mine.account, mine.id)
        audit.note(session, "signed_out", "account", mine.login, address=browser.address)
    answer = see_other("/connexion?fini=1")
    take_cookie(answer, caller.service.settings)
    return answer


@router.get("/premier-compte/{token}")
@router.get("/invitation/{token}")
def invitation_page(token: str, caller: Anyone, browser: TheBrowser, request: Request) -> Response:
    opened = invitations.open_invitation(caller.service, token, browser.address)
    return page(request, "invitation.html.j2", opened=opened, first=_is_first(request))


@router.post("/premier-compte/{token}")
@router.post("/invitation/{token}")
def invitation_form(
    token: str, caller: Anyone, browser: OwnBrowser, request: Request, form: Annotated[ChosenForm, Form()]
) -> Response:
    chosen = invitations.Chosen(**form.model_dump())
    try:
        return _signed_in(caller, invitations.accept(caller.service, token, chosen, browser), "/")
    except (InputError, Conflict) as error:
        opened = invitations.open_invitation(caller.service, token, browser.address)
        return page(
            request, "invitation.html.j2", error, opened=opened, first=_is_first(request), chosen=chosen
        )


def _is_first(request: Request) -> bool:
    return request.url.path.startswith("/premier-compte/")


def _signed_in(caller: Caller, made: Started, suite: str) -> RedirectResponse:
    answer = see_other(local_path(suite))
    give_cookie(answer, caller.service.settings, made.token)
    return answer
