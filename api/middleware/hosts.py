"""Only requests addressed to a name of ours, where an installation says which names those are."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class TrustedHosts:
    """`names` without ports, in small letters; `*.exemple.fr` stands for whatever is before the dot."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._known(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
            return
        told = {
            "type": "urn:navette:http-421",
            "title": "Mauvaise adresse",
            "status": 421,
            "detail": "Navette ne répond pas sous ce nom. Vérifiez l'adresse, ou NAVETTE_TRUSTED_HOSTS.",
        }
        await JSONResponse(told, 421, media_type="application/problem+json")(scope, receive, send)

    def _known(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0].lower() if not host.endswith("]") else host.lower()
        return name in self._names or "*." + name.partition(".")[2] in self._names
