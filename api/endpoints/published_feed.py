"""The published rounds for other software."""

from typing import Annotated

from fastapi import APIRouter, Response

from api.endpoints.caller import Caller, allowed
from api.services.actor import Role
from api.services.published_feed import gtfs_feed
from models.service_day import PARIS
from models.tables.base import now

router = APIRouter(tags=["planning"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]


@router.get(
    "/plans/published/gtfs.zip",
    summary="Les tournées publiées, à partir de cette semaine (GTFS)",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}},
)
def published_gtfs(caller: Reader) -> Response:
    with caller.read() as session:
        body = gtfs_feed(session, now().astimezone(PARIS).date(), caller.service.settings.public_url)
    headers = {"Content-Disposition": 'attachment; filename="navette-gtfs.zip"'}
    return Response(body, media_type="application/zip", headers=headers)
