"""The service: `create_app(settings)` and nothing at module level."""

import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi_offline import FastAPIOffline

from api.building import build
from api.endpoints import health, pages, plans, v1
from api.endpoints.problems import described, handle_problems
from api.metrics import Metrics
from api.middleware.requests import Requests
from api.service import Service
from api.services.folder import TerritoryFolder
from api.services.shelf import Shelf
from api.settings import Settings

if TYPE_CHECKING:
    from api.jobs.runner import Runner

_log = logging.getLogger("navette")


def create_app(
    settings: Settings | None = None, service: Service | None = None, *, working: bool = False
) -> FastAPI:
    """A service on one database; `service` is one already made, and then closed by its maker.

    `working`: it also carries out jobs, on a database that is ready for them.
    """
    settings = settings or Settings()
    running = service or build(settings)
    app = FastAPIOffline(  # its documentation loads nothing from elsewhere
        title="Navette",
        version="0.1.0",
        summary="Les tournées de la navette entre bibliothèques : planning, carte, feuilles de route.",
        responses=described(422),
        lifespan=_lifespan(running, closing=service is None, working=working),
    )
    app.state.service = running
    app.state.metrics = Metrics()
    app.add_middleware(Requests, metrics=app.state.metrics)
    app.state.shelf = Shelf(settings.out)
    app.state.territory = TerritoryFolder(settings.network)
    for part in (health, plans, pages):
        app.include_router(part.router)
    app.include_router(v1.router())
    handle_problems(app)
    return app


def _lifespan(service: Service, *, closing: bool, working: bool) -> Callable[[FastAPI], object]:
    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        jobs = _Working(service) if working else None
        yield
        service.stopping.set()
        if jobs:
            await run_in_threadpool(jobs.stop)
        if closing:
            service.close()

    return running


class _Working:
    """Jobs beside requests: begun aside, so that the first page does not wait for them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._runner: Runner | None = None
        self._thread = threading.Thread(target=self._start, name="jobs")
        self._thread.start()

    def _start(self) -> None:
        from api.jobs.runner import Runner  # noqa: PLC0415  # half a second

        try:
            runner = Runner(self._service)
            runner.start()
            self._runner = runner
        except Exception:
            _log.critical("jobs are not carried out", exc_info=True)
            signal.raise_signal(signal.SIGTERM)  # whoever looks after this process starts it again

    def stop(self) -> None:
        self._thread.join()
        if self._runner:
            self._runner.stop()
