"""Uploads with a limit: what is too large is refused when the limit is reached, not when all of it is here.

Whoever shows nothing is refused before a byte of their file is read.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message

from api.endpoints.caller import current_actor
from api.services.actor import Role
from models.errors import InputError, TooLarge

UPLOAD_BYTES = 30_000_000

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class BoundedRoute(APIRoute):
    """A route whose requests may bring `UPLOAD_BYTES`, and only by people who say who they are."""

    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            if (await run_in_threadpool(current_actor, request)).role is Role.PUBLIC:
                return await handle(_without_body(request))  # which will say what is missing to come in
            counted = _Counted(request)
            try:
                return await handle(Request(request.scope, counted.receive))
            except HTTPException as error:
                if counted.over:
                    raise _too_large() from error
                if error.status_code == 400:
                    raise InputError("L'envoi est illisible : refaites-le en multipart/form-data.") from error
                raise

        return bounded


def _without_body(request: Request) -> Request:
    """The same request, as if nothing had been sent with it."""
    kept = [pair for pair in request.scope["headers"] if not pair[0].lower().startswith(b"content-")]

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    return Request({**request.scope, "headers": kept}, nothing)


class _Counted:
    """The messages of a request, as long as they stay within the limit."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self._left = UPLOAD_BYTES
        self.over = False
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > UPLOAD_BYTES:
            raise _too_large()

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.over = True
            raise _too_large()
        return message


def _too_large() -> TooLarge:
    return TooLarge(f"Cet envoi dépasse {UPLOAD_BYTES // 1_000_000} Mo : rien n'a été enregistré.")
