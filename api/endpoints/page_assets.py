"""Styles and scripts of pages: small files of our own, kept by browsers as long as they stay the same."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from api.endpoints.caller import allowed
from api.endpoints.templates import PAGES
from api.services.actor import Role
from models.errors import NotFound

router = APIRouter(tags=["pages"], include_in_schema=False)
_FOLDER = Path(__file__).parents[1] / "pages" / "assets"
_MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_BEFORE = {
    "bibliotheque.css": "tokens.css.j2"
}  # what stands in front of a file: pages need nothing inline then
_FOREVER = "public, max-age=31536000, immutable"


@cache
def content(name: str) -> bytes:
    """A file of pages. NotFound where there is none of that name."""
    if name not in {path.name for path in _FOLDER.iterdir()}:
        raise NotFound("Ce fichier n'existe pas.")
    before = (_FOLDER.parent / _BEFORE[name]).read_bytes() if name in _BEFORE else b""
    return before + (_FOLDER / name).read_bytes()


def asset(name: str) -> str:
    """Where a page finds a file: another address whenever its content is another."""
    return f"/static/pages/{hashlib.sha256(content(name)).hexdigest()[:12]}/{name}"


@router.get("/static/pages/{stamp}/{name}", dependencies=[allowed(Role.PUBLIC)])
def page_asset(stamp: str, name: str) -> Response:
    """Whatever the stamp, the file as it is now; only the right one is kept for good."""
    body = content(name)
    kept = _FOREVER if asset(name).split("/")[3] == stamp else "no-store"
    return Response(body, media_type=_MEDIA[Path(name).suffix], headers={"Cache-Control": kept})


PAGES.env.globals["asset"] = asset
