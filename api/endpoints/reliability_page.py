"""/fiabilite: what was foretold held against what came, to read and to print."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.endpoints.caller import Staff
from api.endpoints.templates import page
from api.repositories.outcomes import Period
from api.services.reliability import reliability
from models.service_day import today

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)
_DAYS = 90
_Day = Annotated[date, Query(ge=date(1990, 1, 1), le=date(2199, 12, 31))]


@router.get("/fiabilite")
def show(request: Request, caller: Staff, du: _Day | None = None, au: _Day | None = None) -> Response:
    last = au or today()
    first = min(du or last - timedelta(days=_DAYS), last)
    with caller.read() as session:
        found = reliability(session, Period(first=max(first, last - timedelta(days=1100)), last=last))
    return page(request, "fiabilite.html.j2", found=found)
