"""How much may be sent: counted as it comes, so that nothing large is ever held.

What is too much is read to its end and thrown away, for a while, before the answer: most clients listen only
once they have sent everything, and would otherwise see a broken connection instead of a reason.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from models.errors import TooLarge

MB = 1_000_000
LIMITS: Sequence[tuple[re.Pattern[str], int]] = (
    (re.compile(r"/network/import$"), 30 * MB),  # a whole network, its roads included
    (re.compile(r"/photos?(/|$)"), 8 * MB),
    (re.compile(r"^/b/[^/]+/probleme$"), 9 * MB),  # a photo of 8 MB, and what is said of it
    (re.compile(r"/imports?(/|$)"), 5 * MB),
    (re.compile(r"/scans(/|$)"), 2 * MB),
)
_OTHERWISE = 1 * MB
_DRAINED, _DRAIN_S = 64 * MB, 10.0


def limit_of(path: str) -> int:
    """Bytes that may be sent to a path."""
    return next((limit for pattern, limit in LIMITS if pattern.search(path)), _OTHERWISE)


class BodyLimit:
    """Answers 413 to what is larger than its path allows, told in advance or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, body = Headers(scope=scope), _Counted(receive, limit_of(scope["path"]))
        if _told(headers) > body.limit:
            await self._refuse(scope, body, send, waiting="expect" in headers)
            return
        started = False

        async def sent(message: Message) -> None:
            nonlocal started
            if body.over and not started:
                return  # whatever was made of a body cut short
            started = True
            await send(message)

        with suppress(_Over):
            await self._app(scope, body.receive, sent)
        if body.over and not started:
            await self._refuse(scope, body, send)

    async def _refuse(self, scope: Scope, body: "_Counted", send: Send, waiting: bool = False) -> None:
        if not waiting:  # a client that waits to be asked for its body is simply not asked
            await body.drain()
        told = problem(
            TooLarge(
                f"C'est trop grand : au plus {body.limit // MB} Mo ici. Rien n'a été enregistré : "
                "envoyez moins à la fois, ou une image plus petite."
            )
        )
        answer = JSONResponse(
            told, status_code=413, media_type="application/problem+json", headers={"Connection": "close"}
        )
        await answer(scope, body.receive, send)


class _Over(Exception):
    """More has come than may."""


class _Counted:
    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self.limit = limit
        self.read = 0
        self.over = False
        self._ended = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._note(message)
        if self.read > self.limit:
            self.over = True
            raise _Over
        return message

    async def drain(self) -> None:
        """Read on and forget, but neither for ever nor without end."""
        try:
            async with asyncio.timeout(_DRAIN_S):
                while not self._ended and self.read < _DRAINED:
                    self._note(await self._receive())
        except TimeoutError:
            return

    def _note(self, message: Message) -> None:
        self.read += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)


def _told(headers: Headers) -> int:
    told = headers.get("content-length", "")
    return int(told) if told.isdecimal() and len(told) < 19 else 0
