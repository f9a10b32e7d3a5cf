"""Papers for the council: a comparison of plans on one page, the activity report of a period."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.period import Span
from api.endpoints.problems import described
from api.services.actor import Role
from api.services.network_records import network_of
from api.services.plans import compare, compare_sheet
from api.services.road import report_sheet
from maps.paper import paper
from models.service_day import PARIS
from models.tables.base import now

router = APIRouter()
Planner = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="reports:read")]
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}


@router.get(
    "/plans/compare.pdf",
    tags=["planning"],
    summary="De deux à quatre plannings sur une page, pour le conseil",
    response_class=Response,
    responses={**described(404), **_PDF},
)
def compare_on_paper(
    caller: Planner, ids: Annotated[list[UUID], Query(min_length=2, max_length=compare.MOST)]
) -> Response:
    settings, today = caller.service.settings, now().astimezone(PARIS).date()
    with caller.read() as session:
        found = compare.compare(session, caller.service, ids)
        data = compare_sheet.sheet_data(found, network_of(session), settings.co2_source, today)
    return _pdf(paper(data), f"comparaison-{'-'.join(str(one.record.number) for one in found.plans)}.pdf")


@router.get(
    "/reports/pdf",
    tags=["rapports"],
    summary="Le rapport d'activité d'une période, en PDF",
    response_class=Response,
    responses=_PDF,
)
def report_on_paper(caller: Reader, period: Span) -> Response:
    settings, today = caller.service.settings, now().astimezone(PARIS).date()
    with caller.read() as session:
        found = report_sheet.activity(session, period, today, settings.co2_g_per_km, settings.co2_source)
    name = f"navette-rapport-{period.first}-{period.last}.pdf"
    return _pdf(paper(report_sheet.sheet_data(found, today)), name)


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
