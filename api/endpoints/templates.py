"""Pages written by Jinja: how they are filled, how they tell what went wrong, what their forms bring back."""

import hashlib
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader

from api.errors import problem
from api.services.saying import browser_name, dialled, groups, moment
from maps import words
from models.errors import InputError, NavetteError

# Whatever is set into a page is escaped, whatever the page's file is called.
PAGES = Jinja2Templates(
    env=Environment(loader=FileSystemLoader(Path(__file__).parents[1] / "pages"), autoescape=True)
)
PAGES.env.globals |= {"w": words, "browser_name": browser_name, "moment": moment}
PAGES.env.filters |= {"groups": groups, "dialled": dialled}


def page(
    request: Request, name: str, error: NavetteError | None = None, status: int = 200, **seen: Any
) -> HTMLResponse:
    """A page; with an `error` it says so at its top and takes the error's status."""
    if error is not None:
        status = int(str(problem(error)["status"]))
        seen |= {"problem": str(error).partition("\n")[0], "findings": findings_of(error)}
    return PAGES.TemplateResponse(request, name, seen, status_code=status)


def unless_known(shown: HTMLResponse, known: str | None) -> Response:
    """A public page with its ETag, or 304 to a browser that has it. Only for pages that hold no nonce: it is
    another one in each answer, and a browser that keeps a page takes the policy of the latest."""
    tag = f'"{hashlib.sha256(shown.body).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "public, no-cache"}
    if known and tag in known:
        return Response(status_code=304, headers=headers)
    shown.headers.update(headers)
    return shown


def findings_of(error: NavetteError) -> dict[str, str]:
    """What is wrong with which field."""
    found = error.findings if isinstance(error, InputError) else ()
    return {one.where: f"{one.message} {one.remedy}".strip() for one in found}


def see_other(path: str) -> RedirectResponse:
    """Go on to another page, with GET."""
    return RedirectResponse(path, status_code=303)


async def csrf_of_form(request: Request) -> None:
    """A dependency of routers whose pages send forms: keeps the form's CSRF token for `identify`."""
    if request.method == "POST":
        form = await request.form()
        request.state.csrf_of_form = str(form.get("csrf", ""))


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer, rather than a program."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
