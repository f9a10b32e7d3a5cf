"""Files of plans and of published rounds, made on demand: map, sheets, GPX, calendar, spreadsheets."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Header, Query, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.plan_desk import Reader, Writer
from api.endpoints.problems import described
from api.endpoints.versions import tagged
from api.repositories import plans as repository
from api.services.actor import Role
from api.services.plans import exports, reading
from api.services.plans.adopt import take_in
from api.services.plans.exports import MEDIA, PlanFile, Wanted
from api.wire import tell_plans as tell
from api.wire.plans import PlanOut, Title
from models.tables.plans import PlanKind, PlanRecord

router = APIRouter(tags=["planning"])
OnRoad = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.DRIVER, scope="plans:read")]
Known = Annotated[
    str | None, Header(alias="If-None-Match", description="L'ETag que vous avez déjà : 304 s'il vaut encore.")
]
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Le fichier",
        "content": {media.split(";")[0]: {} for media in MEDIA.values()},
    },
    304: {"description": "Vous l'avez déjà"},
    **described(404),
}


@router.get(
    "/plans/{plan}/files/{name}", summary="Un fichier du planning", responses=FILES, response_class=Response
)
def plan_file(  # noqa: PLR0913, PLR0917
    plan: UUID,
    name: PlanFile,
    caller: Reader,
    day: Annotated[date | None, Query(description="Seulement ce jour.")] = None,
    round: Annotated[str | None, Query(max_length=200, description="Seulement cette tournée.")] = None,  # noqa: A002
    known: Known = None,
) -> Response:
    with caller.read() as session:
        record = repository.get_plan(session, plan)
    return sent(caller, record, Wanted(file=name, day=day, round=round), known)


@router.get(
    "/rounds/{code}/files/{name}",
    summary="Un fichier d'une tournée publiée",
    responses=FILES,
    response_class=Response,
)
def round_file(code: str, name: PlanFile, caller: OnRoad, known: Known = None) -> Response:
    with caller.read() as session:
        record = reading.round_named(session, caller.service, code, caller.actor).record
    return sent(caller, record, Wanted(file=name, round=code), known)


@router.post(
    "/plans/import",
    status_code=201,
    summary="Reprendre un plan.json",
    responses=described(404, 409, 413),
)
def import_plan(
    document: Annotated[dict[str, Any], Body(description="Le contenu d'un plan.json de Navette.")],
    caller: Writer,
    response: Response,
    kind: PlanKind = PlanKind.WEEK,
    title: Annotated[Title, Query()] = "",
) -> PlanOut:
    with caller.write() as session:
        record = take_in(session, document, kind=kind, title=title, actor=caller.actor)
        told = tell.whole(reading.whole(session, caller.service, record.id))
    response.headers["Location"] = f"/api/v1/plans/{told.id}"
    return tagged(response, told)


def sent(caller: Caller, record: PlanRecord, wanted: Wanted, known: str | None, name: str = "") -> Response:
    """A file of a plan, made while no transaction is open; 304 when the caller has it."""
    service = caller.service
    with caller.read() as session:
        asked = exports.stated(session, record, wanted, service.settings.public_url)
        tag = f'"{asked.key}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if known and tag in known:
            return Response(status_code=304, headers=headers)
        make = exports.prepared(session, service.territories, asked)
    content = service.exports.get(asked.key, make)
    shown = name or f"{record.week}-{wanted.file.value}"
    headers["Content-Disposition"] = f'inline; filename="{shown}"'
    return Response(content, media_type=MEDIA[wanted.file], headers=headers)
