"""Uploads from people who say who they are: nobody else has a byte of their file read.

How much may be sent is counted where it comes in: `api.middleware.body_limit`.
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
from models.errors import InputError

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class KnownFirst(APIRoute):
    """A route that looks at who calls before it reads what they send."""

    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()

        async def known_first(request: Request) -> Response:
            if (await run_in_threadpool(current_actor, request)).role is Role.PUBLIC:
                return await handle(_without_body(request))  # which will say what is missing to come in
            try:
                return await handle(request)
            except HTTPException as error:
                if error.status_code == 400:
                    raise InputError("L'envoi est illisible : refaites-le en multipart/form-data.") from error
                raise

        return known_first


def _without_body(request: Request) -> Request:
    """The same request, as if nothing had been sent with it."""
    kept = [pair for pair in request.scope["headers"] if not pair[0].lower().startswith(b"content-")]

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    return Request({**request.scope, "headers": kept}, nothing)
