"""The outlines of the network's communes, for maps that have nothing else underneath."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.problems import described
from api.repositories.network import get_file
from api.services.actor import Role
from models.network.check import COMMUNES

router = APIRouter(tags=["réseau"])
OnMaps = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.DRIVER, scope="network:read")]
GEOJSON = "application/geo+json"


@router.get(
    "/network/communes.geojson",
    summary="Les contours des communes du réseau",
    responses={
        200: {"content": {GEOJSON: {}}},
        304: {"description": "Vous l'avez déjà"},
        **described(404),
    },
    response_class=Response,
)
def communes(
    caller: OnMaps,
    known: Annotated[str | None, Header(alias="If-None-Match", description="L'ETag déjà reçu.")] = None,
) -> Response:
    """Telles que le dossier du réseau les a données (RFC 7946) : `insee`, `nom`, `population`."""
    with caller.read() as session:
        found = get_file(session, COMMUNES)
    tag = f'"{found.sha256[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if known and tag in known:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=GEOJSON, headers=headers)
