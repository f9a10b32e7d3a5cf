"""How long documents take between libraries, as JSON and for spreadsheets."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.plan_files import Known
from api.endpoints.problems import described
from api.services.actor import Role
from api.services.delays import sheet, table
from api.wire.delays import DelaysOut
from models.service_day import today

router = APIRouter(tags=["planning"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]
Plan = Annotated[UUID | None, Query(description="Un planning, aussi un brouillon ; sinon le publié.")]
_UNCHANGED = {"description": "Rien de neuf"}


@router.get(
    "/delays",
    summary="Les délais entre toutes les bibliothèques",
    response_model=DelaysOut,
    responses={304: _UNCHANGED, **described(404)},
)
def show_delays(caller: Reader, plan: Plan = None, known: Known = None) -> Response:
    with caller.read() as session:
        key, content = table.table_of(session, caller.service, plan, today())
    return sent(key, content, "application/json", known)


@router.get(
    "/delays.csv",
    summary="Les délais entre toutes les bibliothèques, pour tableur",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, 304: _UNCHANGED, **described(404)},
)
def delays_sheet(caller: Reader, plan: Plan = None, known: Known = None) -> Response:
    with caller.read() as session:
        key, content = table.table_of(session, caller.service, plan, today())
    found = DelaysOut.model_validate_json(content)
    answer = sent(f"{key} csv", sheet.delays_csv(found).encode(), "text/csv; charset=utf-8", known)
    answer.headers["Content-Disposition"] = f'attachment; filename="delais-{found.week}.csv"'
    return answer


def sent(key: str, content: bytes, media: str, known: str | None) -> Response:
    """What was made for a key; 304 when the caller has it."""
    tag = f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if known and tag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media, headers=headers)
