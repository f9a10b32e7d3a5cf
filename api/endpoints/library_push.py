"""Browsers that wish to be told of changes: their worker, and what they give when they subscribe."""

from typing import Annotated

from fastapi import APIRouter, Form, Header
from fastapi.responses import Response

from api.endpoints.caller import allowed
from api.endpoints.library_caller import Home
from api.endpoints.library_notices import shown
from api.endpoints.page_assets import content
from api.services import push_wishes
from api.services.actor import Role
from api.services.push_wishes import Given
from api.wire.library import DeviceForm
from models.errors import NavetteError

router = APIRouter(tags=["pages"], include_in_schema=False)
WORKER = "ouvrier.js"  # beside the pages of libraries: from there on it may act for them, and for no other


@router.get(f"/b/{WORKER}", dependencies=[allowed(Role.PUBLIC)])
def worker() -> Response:
    return Response(
        content(WORKER), media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@router.post("/b/{token}/avis/appareil")
def subscribe(
    at_home: Home,
    form: Annotated[DeviceForm, Form()],
    agent: Annotated[str, Header(alias="user-agent")] = "",
) -> Response:
    actor, given = at_home.caller.actor, Given(form.adresse, form.p256dh, form.auth, agent[:400])
    assert actor.id is not None
    try:
        with at_home.caller.write() as session:
            push_wishes.subscribe(session, at_home.caller.service, at_home.site, actor.id, given)
    except NavetteError as error:
        return shown(at_home, error)
    return at_home.back("/avis", "appareil")
