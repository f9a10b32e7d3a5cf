"""What went wrong, as a page for people; programs get a problem (`problems`)."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import Response

from api.endpoints.problems import answer
from api.endpoints.templates import page, see_other, wants_page
from api.errors import problem
from models.errors import NavetteError, NotFound, NotSignedIn


def handle_problems_on_pages(app: FastAPI) -> None:
    """Have people sign in where they must, and read what went wrong; after `handle_problems`."""
    app.add_exception_handler(NavetteError, _told)
    app.add_exception_handler(404, lambda request, _: _told(request, NotFound("Cette adresse n'existe pas.")))


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, NavetteError)
    if not wants_page(request):
        return answer(error)
    if isinstance(error, NotSignedIn) and request.method == "GET":
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return see_other(f"/connexion?suite={quote(path, safe='/')}")
    return page(request, "probleme.html.j2", error, title=problem(error)["title"])
