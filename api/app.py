"""The service: `create_app(settings)` and nothing at module level."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi_offline import FastAPIOffline

from api.endpoints import health, pages, plans
from api.errors import problem
from api.services.folder import TerritoryFolder
from api.services.shelf import Shelf
from api.settings import Settings
from models.errors import NavetteError

PROBLEM = "application/problem+json"


def create_app(settings: Settings | None = None) -> FastAPI:
    """A service over one folder of plans."""
    settings = settings or Settings()
    app = FastAPIOffline(  # its documentation loads nothing from elsewhere
        title="Navette",
        version="0.1.0",
        summary="Les tournées de la navette entre bibliothèques : planning, carte, feuilles de route.",
        responses={422: {"description": "La demande ne peut pas être comprise", "content": {PROBLEM: {}}}},
    )
    app.state.shelf = Shelf(settings.out)
    app.state.territory = TerritoryFolder(settings.network)
    for part in (health, plans, pages):
        app.include_router(part.router)
    app.add_exception_handler(NavetteError, _problem)
    return app


def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, NavetteError)
    body: dict[str, Any] = problem(error)
    return JSONResponse(body, status_code=body["status"], media_type=PROBLEM)
