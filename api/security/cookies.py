"""The cookie of a browser that has signed in."""

from fastapi import Request, Response

from api.settings import Settings


def cookie_name(settings: Settings) -> str:
    """Under https the browser itself sees to it that the cookie is ours alone (`__Host-`)."""
    return "__Host-navette" if settings.https else "navette"


def session_token(request: Request, settings: Settings) -> str | None:
    """The token that a browser shows."""
    return request.cookies.get(cookie_name(settings))


def give_cookie(response: Response, settings: Settings, token: str) -> None:
    """Have a browser keep a session's token, out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=settings.session_days * 24 * 3600,
        path="/",
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )


def take_cookie(response: Response, settings: Settings) -> None:
    """Have a browser forget its session."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.https, httponly=True, samesite="lax"
    )
