"""For those who watch over the service: is it alive, is it ready, its figures."""

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.endpoints.caller import TheService
from api.endpoints.problems import described
from api.metrics import Metrics
from api.schema import must_be_current
from api.service import Service
from models.errors import Forbidden, Unavailable

router = APIRouter(tags=["service"])
_HERE = frozenset({"127.0.0.1", "::1", "testclient"})
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip")


@router.get("/healthz", summary="Le service répond-il ?")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="Le service peut-il travailler ?", responses=described(503))
def readyz(service: TheService) -> dict[str, str]:
    if service.stopping.is_set():
        raise Unavailable("Le service s'arrête.")
    must_be_current(service.database)
    return {"status": "ok"}


@router.get(
    "/metrics", summary="Mesures pour Prometheus", response_class=PlainTextResponse, responses=described(403)
)
def metrics(request: Request, service: TheService) -> Response:
    _must_be_watcher(request, service)
    figures: Metrics = request.app.state.metrics
    return Response(figures.told(service), media_type=CONTENT_TYPE_LATEST)


def _must_be_watcher(request: Request, service: Service) -> None:
    """This machine itself, not somebody for whom it passes a request on; or whoever shows the token."""
    token = service.settings.metrics_token.get_secret_value()
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and secrets.compare_digest(shown.encode(), token.encode()):
        return
    passed_on = any(name in request.headers for name in _PASSED_ON)
    here = request.client is not None and request.client.host in _HERE
    if token or passed_on or not here:
        raise Forbidden(
            "Les mesures ne sont données qu'à cette machine, ou avec le jeton NAVETTE_METRICS_TOKEN."
        )
