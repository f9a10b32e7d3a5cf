"""A request → who sends it.

A token in `Authorization: Bearer` or `X-Navette-Link` counts alone, a session's cookie otherwise. With a
cookie, what changes something must also bring the session's CSRF token and come from our own pages: browsers
send cookies along whoever asks them to.

Tokens are never read from an address's `?…`: addresses end up in logs, histories and `Referer`.
"""

from urllib.parse import urlsplit

from fastapi import Request

from api.security.cookies import session_token
from api.security.tokens import DEVICE, KEY, same
from api.service import Service
from api.services import identification
from api.services.actor import PUBLIC, Actor
from api.services.identification import Signed
from models.errors import Forbidden, NavetteError, NotSignedIn, TooOften

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def identify(request: Request) -> Actor:
    """Who sends a request; PUBLIC when they show nothing, or nothing that counts.

    What was shown in vain is told by `refused`, for whoever must turn them away.
    """
    service: Service = request.app.state.service
    shown = _bearer(request)
    if shown is not None:
        return identification.by_bearer(service, shown) or _refuse(request, _vain(request, service, shown))
    token = session_token(request, service.settings)
    return PUBLIC if token is None else _by_cookie(request, service, token)


def signed(request: Request) -> Signed | None:
    """The browser session of a request that was identified by one."""
    found: Signed | None = getattr(request.state, "signed", None)
    return found


def refused(request: Request) -> NavetteError | None:
    """Why what a request showed does not count."""
    found: NavetteError | None = getattr(request.state, "refused", None)
    return found


def from_our_pages(request: Request) -> bool:
    """Whether a browser says that one of our own pages sent a request; True for what is no browser."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return True
    service: Service = request.app.state.service
    ours = {request.headers.get("host", "").lower(), urlsplit(service.settings.public_url).netloc.lower()}
    return urlsplit(origin).netloc.lower() in ours


def _by_cookie(request: Request, service: Service, token: str) -> Actor:
    found = identification.by_session(service, token)
    if found is None:
        return _refuse(request, NotSignedIn("Votre session est terminée. Identifiez-vous de nouveau."))
    actor, browser = found
    if request.method not in _SAFE and not _meant(request, browser):
        return _refuse(
            request,
            Forbidden(
                "Cette demande ne vient pas d'une page de Navette restée ouverte. Rien n'a été changé : "
                "rechargez la page, puis recommencez."
            ),
        )
    request.state.signed = browser
    return actor


def _meant(request: Request, browser: Signed) -> bool:
    told = request.headers.get("x-csrf-token") or getattr(request.state, "csrf_of_form", "")
    return from_our_pages(request) and same(browser.csrf, str(told))


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.headers.get("x-navette-link")


def _vain(request: Request, service: Service, shown: str) -> NavetteError:
    """Why a token does not count. Wrong links are counted by address, as on the pages of libraries; one that
    counts is let in all the same."""
    if not shown.startswith((DEVICE, KEY)):
        try:
            identification.count_vain_link(service, request.client.host if request.client else "")
        except TooOften as held:
            return held
    return NotSignedIn(
        "Ce jeton n'est pas reconnu : il a été révoqué, remplacé ou mal recopié. "
        "Demandez-en un nouveau à la coordination."
    )


def _refuse(request: Request, why: NavetteError) -> Actor:
    request.state.refused = why
    return PUBLIC
