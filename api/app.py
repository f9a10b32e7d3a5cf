"""The service: `create_app(settings)` and nothing at module level."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api.db import Database
from api.endpoints import account_pages, health, my_account_pages, pages, plans, v1
from api.endpoints.openapi import document_access
from api.endpoints.problem_pages import handle_problems_on_pages
from api.endpoints.problems import described, handle_problems
from api.middleware.install import believe_proxies, protect
from api.security.identify import identify
from api.service import Service
from api.services.folder import TerritoryFolder
from api.services.shelf import Shelf
from api.settings import Settings


def create_app(settings: Settings | None = None, service: Service | None = None) -> FastAPI:
    """A service on one database; `service` is one already made (in tests), and then closed by its maker."""
    settings = settings or Settings()
    running = service or Service(settings=settings, database=Database(settings.database_url))
    app = FastAPIOffline(  # its documentation loads nothing from elsewhere
        title="Navette",
        version="0.1.0",
        summary="Les tournées de la navette entre bibliothèques : planning, carte, feuilles de route.",
        responses=described(422),
        redoc_url=None,  # it loads a picture from its maker
        lifespan=_lifespan(running) if service is None else None,
    )
    app.state.service = running
    app.state.identify = identify
    app.state.shelf = Shelf(settings.out)
    app.state.territory = TerritoryFolder(settings.network)
    for part in (health, plans, pages, account_pages, my_account_pages):
        app.include_router(part.router)
    app.include_router(v1.router())
    document_access(app)
    handle_problems(app)
    handle_problems_on_pages(app)
    protect(app, settings)
    believe_proxies(app, settings)
    return app


def _lifespan(service: Service) -> Callable[[FastAPI], object]:
    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    return running
