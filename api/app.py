"""The service: `create_app(settings)` and nothing at module level."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi_offline import FastAPIOffline

from api.building import build
from api.endpoints import account_pages, calendars, health, my_account_pages, pages, plans, v1
from api.endpoints.problem_pages import handle_problems_on_pages
from api.endpoints.problems import described, handle_problems
from api.metrics import Metrics
from api.middleware.install import protect
from api.middleware.requests import Requests
from api.security.identify import identify
from api.service import Service
from api.services.folder import TerritoryFolder
from api.services.shelf import Shelf
from api.settings import Settings

if TYPE_CHECKING:
    from api.jobs.runner import Runner


def create_app(settings: Settings | None = None, service: Service | None = None) -> FastAPI:
    """A service on one database; `service` is one already made, and then closed by its maker."""
    settings = settings or Settings()
    running = service or build(settings)
    app = FastAPIOffline(  # its documentation loads nothing from elsewhere
        title="Navette",
        version="0.1.0",
        summary="Les tournées de la navette entre bibliothèques : planning, carte, feuilles de route.",
        responses=described(422),
        redoc_url=None,  # it loads a picture from its maker
        lifespan=_lifespan(running, closing=service is None),
    )
    app.state.service = running
    app.state.identify = identify
    app.state.metrics = Metrics()
    app.add_middleware(Requests, metrics=app.state.metrics)
    app.state.shelf = Shelf(settings.out)
    app.state.territory = TerritoryFolder(settings.network)
    for part in (health, calendars, plans, pages, account_pages, my_account_pages):
        app.include_router(part.router)
    app.include_router(v1.router())
    handle_problems(app)
    handle_problems_on_pages(app)
    protect(app, settings)
    return app


def _runner(service: Service) -> "Runner":
    from api.jobs.runner import Runner  # noqa: PLC0415  # only where jobs are carried out

    runner = Runner(service)
    runner.start()
    return runner


def _lifespan(service: Service, *, closing: bool) -> Callable[[FastAPI], object]:
    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        if not service.settings.jobs:
            yield
            service.stopping.set()
        else:
            runner = await run_in_threadpool(_runner, service)
            yield
            await run_in_threadpool(runner.stop)
        if closing:
            service.close()

    return running
