"""Plans and rounds as data."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from api.endpoints.caller import allowed
from api.endpoints.problems import described
from api.endpoints.shared import TheShelf, TheTerritory, Week
from api.services.actor import Role
from api.services.outputs import PLAN
from maps.frames import round_geojson

router = APIRouter(
    prefix="/api",
    tags=["planning"],
    dependencies=[allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")],
    responses=described(401, 403, 404),
)


@router.get("/weeks", summary="Les semaines planifiées, la dernière d'abord")
def weeks(shelf: TheShelf) -> list[str]:
    return [str(week) for week in shelf.weeks()]


@router.get("/plan", summary="Le planning d'une semaine", response_class=JSONResponse)
def plan(shelf: TheShelf, week: Week = None) -> Response:
    return Response(shelf.file(week, PLAN).read_bytes(), media_type="application/json")


@router.get(
    "/rounds/{round_id}.geojson",
    summary="Une tournée sur ses routes (RFC 7946)",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}},
)
def round_on_map(round_id: str, shelf: TheShelf, territory: TheTerritory) -> Response:
    _, tour = shelf.round(round_id)
    found: dict[str, Any] = round_geojson(tour, territory.network, territory.shapes)
    return JSONResponse(found, media_type="application/geo+json")
