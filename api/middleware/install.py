"""Puts the layers around an application, the outermost last."""

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.middleware.body_limit import BodyLimit
from api.middleware.headers import SecurityHeaders
from api.middleware.hosts import TrustedHosts
from api.settings import Settings


def protect(app: FastAPI, settings: Settings) -> None:
    """Limit what is sent, say what browsers may do, answer to our own names only where they are set."""
    app.add_middleware(BodyLimit)
    if settings.trusted_hosts:
        app.add_middleware(TrustedHosts, names=frozenset(_listed(settings.trusted_hosts.lower())))
    app.add_middleware(SecurityHeaders, https=settings.https)


def believe_proxies(app: FastAPI, settings: Settings) -> None:
    """Take the addresses that set proxies forward for those of clients; to be called last of all, so that
    logs tell them too."""
    if settings.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=_listed(settings.proxies))


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
