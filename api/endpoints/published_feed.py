"""The published rounds for other software: what is announced anyway, so anybody may have it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.endpoints.caller import Anyone
from api.endpoints.plan_files import Known
from api.endpoints.problems import described
from api.services import published_feed
from models.service_day import PARIS
from models.tables.base import now

router = APIRouter(tags=["planning"])
Documents = Annotated[
    bool,
    Query(
        description="Ouvrir les portes : un calculateur d'itinéraires répond alors pour un document qui "
        "voyage. Sans cela, personne ne monte : c'est ce qu'il faut aux calculateurs pour voyageurs."
    ),
]


@router.get(
    "/plans/published/gtfs.zip",
    summary="Les tournées publiées, à partir de cette semaine (GTFS)",
    response_class=Response,
    responses={
        200: {"content": {"application/zip": {}}},
        304: {"description": "Rien de neuf"},
        **described(404),
    },
)
def published_gtfs(caller: Anyone, documents: Documents = False, known: Known = None) -> Response:
    today, url = now().astimezone(PARIS).date(), caller.service.settings.public_url
    with caller.read() as session:
        found = published_feed.stated(session, today, url, documents=documents)
        tag = f'"{found.version}"'
        headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
        if known and tag in known:
            return Response(status_code=304, headers=headers)
        make = published_feed.prepared(session, caller.service, found, url, documents=documents)
    body = caller.service.exports.get(f"gtfs {found.version}", make)
    headers["Content-Disposition"] = 'attachment; filename="navette-gtfs.zip"'
    return Response(body, media_type="application/zip", headers=headers)
