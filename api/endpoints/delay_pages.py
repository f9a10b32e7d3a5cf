"""The page of delays, and the sheet for the council."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from sqlmodel import Session

from api.endpoints.caller import Caller, Staff
from api.endpoints.delays import sent
from api.endpoints.plan_files import Known
from api.endpoints.templates import page
from api.services.delays import table, view
from api.services.network_records import network_of
from api.services.territory import Territories
from api.wire.delays import WEIGHTING, DelaysOut
from maps.delay_map import days_and_hours
from models.errors import NotFound
from models.service_day import today

router = APIRouter(tags=["pages"], include_in_schema=False)
Plan = Annotated[UUID | None, Query()]
Site = Annotated[str, Query(max_length=120)]


class Measure(StrEnum):
    """Which of the two figures the table of pairs shows."""

    MEDIAN = "mediane"
    NINETY = "90"


@router.get("/delais", response_class=HTMLResponse)
def delays(  # noqa: PLR0913, PLR0917  # the filters of a form
    request: Request,
    caller: Staff,
    plan: Plan = None,
    avant: Plan = None,
    mesure: Measure = Measure.MEDIAN,
    de: Site = "",
    vers: Site = "",
) -> Response:
    try:
        with caller.read() as session:
            _, shown = _shown(session, caller, plan, avant)
    except NotFound as nothing:
        return page(request, "delais.html.j2", shown=None, nothing=str(nothing), status=404 if plan else 200)
    found = shown.table
    rows = [k for k, one in enumerate(found.villages) if de in {"", one.site}]
    columns = [k for k, one in enumerate(found.villages) if vers in {"", one.site}]
    delays_h = found.ninety if mesure is Measure.NINETY else found.median
    seen: dict[str, Any] = {
        "shown": shown,
        "names": view.named(found),
        "columns": columns,
        "rows": [(k, view.cells(delays_h[k][n] for n in columns)) for k in rows],
        "asked": {"plan": plan, "avant": avant, "mesure": mesure.value, "de": de, "vers": vers},
        "map": Markup(shown.map_svg),  # drawn and escaped by us
        "weighting": WEIGHTING,
        "basis": view.basis(found),
        "days": days_and_hours,
    }
    return page(request, "delais.html.j2", **seen)


@router.get("/delais.pdf")
def delay_sheet(caller: Staff, plan: Plan = None, avant: Plan = None, known: Known = None) -> Response:
    with caller.read() as session:
        key, shown = _shown(session, caller, plan, avant)

    def made() -> bytes:
        from maps.delay_sheet import delay_sheet as printed  # noqa: PLC0415  # typst is slow to import

        return printed(view.sheet_data(shown))

    answer = sent(f"{key} pdf", caller.service.exports.get(f"{key} pdf", made), "application/pdf", known)
    answer.headers["Content-Disposition"] = f'inline; filename="delais-{shown.table.week}.pdf"'
    return answer


def _shown(
    session: Session, caller: Caller, plan: UUID | None, before: UUID | None
) -> tuple[str, view.Shown]:
    service = caller.service
    key, content = table.table_of(session, service, plan, today())
    was_key, was = table.table_of(session, service, before, today()) if before else ("", b"")
    ground: Territories = service.territories
    shown = view.Shown(
        table=DelaysOut.model_validate_json(content),
        before=DelaysOut.model_validate_json(was) if was else None,
        communes=ground.ground(session).communes,
        network=network_of(session),
    )
    return f"{key} {was_key}", shown
