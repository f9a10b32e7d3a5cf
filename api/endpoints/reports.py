"""Reports on a period: as JSON, as CSV table by table, as one XLSX file."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.period import Span
from api.repositories.outcomes import Period
from api.services.actor import Role
from api.services.road import sheets
from api.services.road.report import report
from api.wire.reports import ReportOut
from models.service_day import PARIS
from models.tables.base import now

router = APIRouter(prefix="/reports", tags=["rapports"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="reports:read")]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TableName(StrEnum):
    """The tables of a report."""

    TOTALS = "bilan"
    SITES = "sites"
    FLOWS = "trajets"


@router.get("", summary="Le bilan d'une période")
def show(caller: Reader, period: Span) -> ReportOut:
    return _report(caller, period)


@router.get(
    "/csv",
    summary="Un tableau du bilan, en CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
def as_csv(
    caller: Reader,
    period: Span,
    table: Annotated[TableName, Query(description="Quel tableau.")] = TableName.SITES,
) -> Response:
    text = sheets.as_csv(sheets.tables(_report(caller, period))[table])
    return _file(text, "text/csv", f"navette-{table}-{period.first}-{period.last}.csv")


@router.get(
    "/xlsx",
    summary="Le bilan entier, en XLSX",
    response_class=Response,
    responses={200: {"content": {_XLSX: {}}}},
)
def as_xlsx(caller: Reader, period: Span) -> Response:
    content = sheets.as_xlsx(sheets.tables(_report(caller, period)))
    return _file(content, _XLSX, f"navette-{period.first}-{period.last}.xlsx")


def _report(caller: Caller, period: Period) -> ReportOut:
    with caller.read() as session:
        return report(session, period, now().astimezone(PARIS).date())


def _file(content: str | bytes, kind: str, name: str) -> Response:
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
