"""What an endpoint knows of the browser, or the phone, that asks."""

from typing import Annotated

from fastapi import Depends, Request

from api.endpoints.caller import TheService, current_actor
from api.security.cookies import session_token
from api.security.identify import from_our_pages, signed
from api.services.actor import Actor
from api.services.identification import Signed
from api.services.signing_in import Browser
from models.errors import Forbidden, NotSignedIn


def _browser(request: Request, service: TheService) -> Browser:
    return Browser(
        address=address_of(request),
        user_agent=request.headers.get("user-agent", ""),
        token=session_token(request, service.settings),
        request=getattr(request.state, "request_id", ""),
    )


def _own_browser(request: Request, browser: Annotated[Browser, Depends(_browser)]) -> Browser:
    if not from_our_pages(request):
        raise Forbidden("Cette demande vient d'un autre site. Rien n'a été fait : ouvrez Navette vous-même.")
    return browser


def _mine(request: Request, actor: Annotated[Actor, Depends(current_actor)]) -> Signed:
    found = signed(request)
    if found is None:
        raise NotSignedIn(f"Identifiez-vous par votre mot de passe : {actor.name} n'a pas de session.")
    return found


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy, what that proxy says, if it is one we trust."""
    return request.client.host if request.client else ""


TheBrowser = Annotated[Browser, Depends(_browser)]
OwnBrowser = Annotated[Browser, Depends(_own_browser)]
"""A browser that no other site has made ask: for what is done before anybody has signed in."""
Mine = Annotated[Signed, Depends(_mine)]
"""The session that asks."""
Address = Annotated[str, Depends(address_of)]
