"""Headers that every answer carries, so that browsers help us: what may load, who may frame, what is kept."""

import secrets
from collections.abc import Iterator

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.security.policy import headers_for, is_documentation, policy_for

_PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # addresses may hold tokens; and none at all would hide our own origin
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_HSTS = "max-age=31536000"
_PUBLIC = ("/static/", "/static-offline-docs/", "/_app/")


class SecurityHeaders:
    """Adds what an answer does not say itself. `https`: people reach us by https only.

    Templates find the nonce of their answer as `request.state.nonce`.
    """

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        held: list[Message] = []  # the head of an answer whose body must be seen first

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and is_documentation(scope["path"]):
                held.append(message)
                return
            if held or message["type"] == "http.response.start":
                head = held.pop() if held else message
                self._add(head, scope["path"], nonce, message.get("body", b""))
                await send(head)
                if head is message:
                    return
            await send(message)

        await self._app(scope, receive, sent)

    def _add(self, head: Message, path: str, nonce: str, body: bytes) -> None:
        headers = MutableHeaders(scope=head)
        for name, value in self._wanted(path, nonce, body):
            headers.setdefault(name, value)

    def _wanted(self, path: str, nonce: str, body: bytes) -> Iterator[tuple[str, str]]:
        wanted = {**_PLAIN, **headers_for(path)}
        yield from ((name, value) for name, value in wanted.items() if value)
        yield "Content-Security-Policy", policy_for(path, nonce, body)
        yield "Cache-Control", "public, max-age=3600" if path.startswith(_PUBLIC) else "no-store"
        if self._https:
            yield "Strict-Transport-Security", _HSTS
