"""The rounds of today as they go, for other software: GTFS-Realtime, as JSON and as protobuf."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.endpoints.caller import Anyone, Caller
from api.endpoints.problems import described
from api.services import live_feed
from models.tables.base import now

router = APIRouter(tags=["suivi"])
Known = Annotated[str | None, Header(alias="If-None-Match", max_length=400)]
_UNCHANGED = {"description": "Rien de neuf"}


@router.get(
    "/live/gtfs-rt.json",
    summary="Où en sont les tournées d'aujourd'hui (GTFS-Realtime, en JSON)",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 304: _UNCHANGED, **described(404)},
)
def as_json(caller: Anyone, known: Known = None) -> Response:
    """Les mêmes identifiants que `GET /plans/published/gtfs.zip`."""
    return _sent(caller, known, "application/json")


@router.get(
    "/live/gtfs-rt.pb",
    summary="Où en sont les tournées d'aujourd'hui (GTFS-Realtime, protobuf)",
    response_class=Response,
    responses={200: {"content": {"application/x-protobuf": {}}}, 304: _UNCHANGED, **described(404)},
)
def as_protobuf(caller: Anyone, known: Known = None) -> Response:
    return _sent(caller, known, "application/x-protobuf")


def _sent(caller: Caller, known: str | None, media: str) -> Response:
    with caller.read() as session:
        key, body = live_feed.feed_json(session, caller.service, now())
    tag = f'"{hashlib.sha256(f"{key} {media}".encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=1"}
    if known and tag in known:
        return Response(status_code=304, headers=headers)
    if media != "application/json":
        body = caller.service.answers.get(f"{key} pb", lambda: live_feed.packed(body))
    return Response(body, media_type=media, headers=headers)
