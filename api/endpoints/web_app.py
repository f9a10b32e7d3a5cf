"""The screens that `web/` builds into `api/static/`: one shell for every address, and the files it loads.

The shell is the same for everybody and says nothing: what it shows, it asks of the API.
"""

from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.endpoints.caller import allowed
from api.services.actor import Role
from models.errors import NotFound, Unavailable

router = APIRouter(tags=["pages"], include_in_schema=False, dependencies=[allowed(Role.PUBLIC)])
BUILT = Path(__file__).parents[1] / "static"
_PACKED = {"br": ".br", "gzip": ".gz"}  # the better first
_FOREVER, _ASKED = "public, max-age=31536000, immutable", "no-cache"


def built() -> bool:
    """Whether the screens have been built here."""
    return (BUILT / "app.html").is_file()


@router.get("/bureau")
@router.get("/bureau/{path:path}")
@router.get("/tournee")
@router.get("/tournee/{path:path}")
def shell(request: Request, path: str = "") -> Response:  # noqa: ARG001  # the page reads it
    """The page that draws itself; its one script inside carries the nonce of this answer."""
    page = _shell(_built_at()).replace("<script>", f'<script nonce="{request.state.nonce}">')
    return HTMLResponse(page, headers={"Cache-Control": _ASKED})


@router.get("/service-worker.js")
@router.get("/tournee.webmanifest")
def at_the_root(request: Request) -> Response:
    return _sent(request, request.url.path.removeprefix("/"), _ASKED)


@router.get("/_app/{path:path}")
def file(request: Request, path: str) -> Response:
    return _sent(request, f"_app/{path}", _FOREVER if path.startswith("immutable/") else _ASKED)


def _built_at() -> int:
    """In nanoseconds, so that screens built anew are seen without a restart."""
    try:
        return (BUILT / "app.html").stat().st_mtime_ns
    except FileNotFoundError as error:
        message = "Les écrans ne sont pas construits ici. Lancez « make serve », qui les construit."
        raise Unavailable(message) from error


@lru_cache(maxsize=1)
def _shell(_: int) -> str:
    return (BUILT / "app.html").read_text(encoding="utf-8")


def _sent(request: Request, name: str, kept: str) -> Response:
    """A built file, packed as the browser likes best."""
    path = (BUILT / name).resolve()
    if not path.is_relative_to(BUILT) or not path.is_file() or path.suffix in _PACKED.values():
        raise NotFound("Ce fichier n'existe pas.")
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    media = "application/manifest+json" if path.suffix == ".webmanifest" else guess_type(name)[0]
    liked = {one.partition(";")[0].strip() for one in request.headers.get("accept-encoding", "").split(",")}
    for coding, suffix in _PACKED.items():
        packed = path.with_name(path.name + suffix)
        if coding in liked and packed.is_file():
            return FileResponse(packed, media_type=media, headers={**headers, "Content-Encoding": coding})
    return FileResponse(path, media_type=media, headers=headers)
