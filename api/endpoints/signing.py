"""Signing in and out, and who one is."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from api.endpoints.browser import Mine, OwnBrowser, TheBrowser
from api.endpoints.caller import Anyone, Caller, Staff, allowed
from api.endpoints.problems import described
from api.repositories import accounts
from api.security.cookies import give_cookie, take_cookie
from api.security.identify import signed
from api.services import audit
from api.services.actor import Role
from api.services.signing_in import Started, give_code, sign_in
from api.settings import Settings
from api.wire.signing import AccountSeen, CodeGiven, MeOut, SignInAsked, SignInOut

router = APIRouter(tags=["identification"])
Known = Annotated[
    Caller,
    allowed(Role.COORDINATOR, Role.OFFICIAL, Role.DRIVER, Role.LIBRARY, Role.INTEGRATOR),
]
_MAY = {
    Role.COORDINATOR: ["read", "change", "administer"],
    Role.OFFICIAL: ["read"],
    Role.DRIVER: ["drive"],
    Role.LIBRARY: ["declare"],
}


@router.post("/login", summary="S'identifier par un mot de passe")
def login(asked: SignInAsked, caller: Anyone, browser: OwnBrowser, response: Response) -> SignInOut:
    made = sign_in(caller.service, asked.login, asked.password, browser)
    if isinstance(made, Started):
        return _started(response, caller.service.settings, made)
    return SignInOut(state="code_needed", pending=made.pending)


@router.post("/login/code", summary="Donner le code du second facteur", responses=described(404))
def login_code(asked: CodeGiven, caller: Anyone, browser: OwnBrowser, response: Response) -> SignInOut:
    made = give_code(caller.service, asked.pending, asked.code, browser)
    return _started(response, caller.service.settings, made)


@router.post("/logout", summary="Terminer sa session", status_code=204)
def logout(caller: Staff, mine: Mine, browser: TheBrowser, response: Response) -> None:
    with caller.write() as session:
        accounts.end_session(session, mine.account, mine.id)
        audit.note(session, "signed_out", "account", mine.login, address=browser.address)
    take_cookie(response, caller.service.settings)


@router.get("/me", summary="Qui suis-je, et que puis-je ?")
def me(caller: Known, request: Request) -> MeOut:
    actor, browser = caller.actor, signed(request)
    return MeOut(
        role=actor.role,
        name=actor.name,
        site=actor.site,
        driver=actor.driver,
        device=actor.device,
        scopes=sorted(actor.scopes),
        may=_MAY.get(actor.role) or sorted(actor.scopes),
        account=AccountSeen(id=browser.account, login=browser.login, second_factor=browser.second_factor)
        if browser
        else None,
        csrf=browser.csrf if browser else None,
    )


def _started(response: Response, settings: Settings, made: Started) -> SignInOut:
    give_cookie(response, settings, made.token)
    return SignInOut(state="signed_in", csrf=made.csrf)
