"""The service: `create_app(settings)` and nothing at module level."""

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api.building import build
from api.endpoints import (
    account_pages,
    asking,
    calendars,
    delay_pages,
    health,
    library_closing,
    library_notices,
    library_pages,
    library_papers,
    library_problem,
    library_push,
    my_account_pages,
    notices,
    page_assets,
    pages,
    reliability_page,
    short_pages,
    v1,
    web_app,
)
from api.endpoints.library_caller import handle_lost_links
from api.endpoints.openapi import document_access
from api.endpoints.problem_pages import handle_problems_on_pages
from api.endpoints.problems import described, handle_problems
from api.lifespan import lifespan
from api.metrics import Metrics
from api.middleware.install import believe_proxies, protect
from api.middleware.requests import Requests
from api.security.identify import identify
from api.service import Service
from api.settings import Settings

_LIBRARY = (
    library_push,  # before what takes any name for a link
    asking,
    library_pages,
    library_papers,
    library_closing,
    library_problem,
    library_notices,
    page_assets,
)


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
        redoc_url=None,  # it loads a picture from its maker
        lifespan=lifespan(running, closing=service is None, working=working),
    )
    app.state.service = running
    app.state.identify = identify
    app.state.metrics = Metrics()
    for part in (
        health,
        calendars,
        pages,
        delay_pages,
        account_pages,
        my_account_pages,
        notices,
        reliability_page,
        short_pages,
        *_LIBRARY,
        web_app,
    ):
        app.include_router(part.router)
    app.include_router(v1.router())
    document_access(app)
    handle_problems(app)
    handle_problems_on_pages(app)
    handle_lost_links(app)
    protect(app, settings)
    app.add_middleware(Requests, metrics=app.state.metrics)  # it notes what the layers within refuse
    believe_proxies(app, settings)
    return app
