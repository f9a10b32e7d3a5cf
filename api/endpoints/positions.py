"""Positions of vans: from our own phones, from OsmAnd or Traccar, from OwnTracks."""

import base64
import binascii
import json
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from api.endpoints.caller import Anyone, Caller, Coordinator, allowed
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.repositories.plans import get_round
from api.repositories.positions import list_positions
from api.services.actor import Actor, Role
from api.services.identification import by_device
from api.services.positions.accept import OLDEST, Counted, accept
from api.services.positions.fixes import Fix, of_osmand, of_owntracks, of_traccar
from api.wire.base import Listed, listed
from api.wire.positions import CountedOut, PositionOut, PositionsIn, counted_out, position_out
from models.errors import InputError, NotSignedIn, TooLarge
from models.tables.base import now

router = APIRouter(tags=["positions"])
Driver = Annotated[Caller, allowed(Role.DRIVER)]
Said = Annotated[str | None, Query(max_length=200)]
_LARGEST = 64 * 1024


async def _body(request: Request) -> bytes:
    """What a tracker sends; its content type says little."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise TooLarge("Cette position est démesurée.")
    return bytes(body)


Body = Annotated[bytes, Depends(_body)]


@router.post("/positions", summary="Les positions d'un téléphone, pendant la tournée")
def send_positions(asked: PositionsIn, caller: Driver) -> CountedOut:
    return counted_out(_accept(caller, caller.actor, [one.fix() for one in asked.positions]))


@router.get("/positions/osmand", summary="Une position d'OsmAnd ou de Traccar", response_class=Response)
def osmand(  # noqa: PLR0913, PLR0917  # the protocol's own parameters
    caller: Anyone,
    id: Annotated[str, Query(max_length=200, description="Le jeton du téléphone.")],  # noqa: A002
    lat: Said = None,
    lon: Said = None,
    location: Said = None,
    timestamp: Said = None,
    speed: Annotated[str | None, Query(max_length=200, description="En nœuds.")] = None,
    bearing: Said = None,
    heading: Said = None,
    accuracy: Said = None,
) -> Response:
    told = {"lat": lat, "lon": lon, "location": location, "timestamp": timestamp, "speed": speed}
    told |= {"bearing": bearing or heading, "accuracy": accuracy}
    given = {name: value for name, value in told.items() if value is not None}
    _accept(caller, _phone(caller, id), [of_osmand(given, now())])
    return Response()


@router.post(
    "/positions/osmand",
    summary="La même, dans l'adresse, un formulaire ou du JSON",
    response_class=Response,
    responses=described(413),
)
def osmand_sent(caller: Anyone, request: Request, body: Body) -> Response:
    told: Any = _json(body) if body.lstrip().startswith(b"{") else None
    if isinstance(told, dict):
        _accept(caller, _phone(caller, str(told.get("device_id", ""))), [of_traccar(told, now())])
        return Response()
    form = dict(request.query_params) or dict(parse_qsl(body.decode("utf-8", errors="replace")))
    _accept(caller, _phone(caller, form.get("id") or form.get("deviceid") or ""), [of_osmand(form, now())])
    return Response()


@router.post("/positions/owntracks", summary="Un message d'OwnTracks", responses=described(413))
def owntracks(
    caller: Anyone,
    body: Body,
    authorization: Annotated[
        str, Header(max_length=500, description="Basic : le mot de passe est le jeton.")
    ] = "",
    x_limit_u: Annotated[str | None, Header(max_length=100)] = None,  # noqa: ARG001  # who and which device
    x_limit_d: Annotated[str | None, Header(max_length=100)] = None,  # noqa: ARG001  # they say they are
) -> JSONResponse:
    phone = _phone(caller, _password(authorization))
    fix = of_owntracks(_json(body), now()) if body.strip() else None
    _accept(caller, phone, [fix] if fix else [])
    return JSONResponse([])


@router.get(
    "/rounds/{code}/positions",
    summary="Où est passée une tournée, ces dernières 24 h",
    responses=described(404),
)
def show_positions(code: str, caller: Coordinator, paging: Paging) -> Listed[PositionOut]:
    with caller.read() as session:
        get_round(session, code)
        return listed(list_positions(session, code, now() - OLDEST, paging), position_out)


def _accept(caller: Caller, actor: Actor, fixes: list[Fix]) -> Counted:
    if not fixes:
        return Counted()
    with caller.service.database.write(actor, caller.request) as session:
        return accept(session, actor, fixes, now())


def _phone(caller: Caller, token: str) -> Actor:
    """Whose phone it is: by the token that the protocol carries, or the bearer's."""
    if caller.actor.role is Role.DRIVER:
        return caller.actor
    found = by_device(caller.service, token) if token else None
    if found is None:
        raise NotSignedIn("Ce téléphone n'est pas connu, ou ne l'est plus.")
    return found


def _password(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("Ce n'est pas du JSON.") from error
