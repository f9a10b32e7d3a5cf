"""Every request gets a name, a line in the log and a place in the figures."""

import re
import time
from collections.abc import Mapping
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from api.metrics import Metrics

HEADER = "X-Request-Id"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_SECRET_PARTS = frozenset({"token", "secret", "key", "code", "link"})  # of addresses that open something
_LONG_PART = re.compile(r"[^/]{20,}")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_log = structlog.get_logger("navette.http")


class Requests:
    """ASGI middleware, outermost. The id is the caller's `X-Request-Id` where that is a sensible one; it is
    told back, and stands in `request.state.request_id` and in every line of the log."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 500
        began = time.perf_counter()

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER.lower().encode(), request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self._app(scope, receive, told)
            finally:
                self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, took_s: float) -> None:
        parts = scope.get("path_params", {}) if scope.get("route") else None
        route = _pattern(scope["path"], parts) if parts is not None else "—"
        self._metrics.answered(scope["method"], route, status, took_s)
        if scope["path"] in _QUIET and status < 400:
            return
        say = _log.warning if status >= 500 else _log.info
        client = scope.get("client")
        say(
            "request",
            method=scope["method"],
            path=_shown(scope["path"], parts),
            route=route,
            status=status,
            ms=round(took_s * 1000, 1),
            client=client[0] if client else None,
        )


def _id_of(scope: Scope) -> str:
    wanted = HEADER.lower().encode()
    given = next((value for name, value in scope["headers"] if name == wanted), b"")
    return given.decode() if _GIVEN.fullmatch(given) else uuid7().hex


def _pattern(path: str, parts: Mapping[str, Any]) -> str:
    """The address with the names of its parts, whatever router it was found by: « /api/v1/sites/{code} »."""
    for name, value in parts.items():
        before, found, after = path.rpartition(f"/{value}")
        path = f"{before}/{{{name}}}{after}" if found else path
    return path


def _shown(path: str, parts: Mapping[str, Any] | None) -> str:
    """An address without what opens something; where nobody knows its parts, without its long ones."""
    if parts is None:
        return _LONG_PART.sub("…", path)
    for name, value in parts.items():
        if name in _SECRET_PARTS and str(value):
            path = path.replace(str(value), "…")
    return path
