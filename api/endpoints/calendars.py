"""Calendars to subscribe to, by a link that can be revoked: no account, no personal data."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from api.endpoints.caller import Anyone
from api.endpoints.problems import described
from api.services.calendars import calendar_of
from api.services.links import opened
from models.service_day import PARIS
from models.tables.base import now

router = APIRouter(tags=["agendas"])


@router.get(
    "/calendrier/{token}.ics",
    summary="Un agenda à suivre (iCalendar)",
    response_class=Response,
    responses={
        200: {"content": {"text/calendar": {}}},
        304: {"description": "Rien de neuf"},
        **described(404, 422, 503),
    },
)
def show_calendar(
    token: Annotated[str, Path(min_length=1, max_length=200)],
    caller: Anyone,
    if_none_match: Annotated[str | None, Header(max_length=400)] = None,
) -> Response:
    with caller.read() as session:
        found = opened(session, caller.service.keyring, token)
        body = calendar_of(session, found.kind, found.subject, now().astimezone(PARIS).date())
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex"}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
