"""Pages for people: the weeks, the map, the sheets, one round on a phone; read from the database."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.plan_files import Known, sent
from api.endpoints.templates import PAGES
from api.endpoints.web_app import built
from api.services.actor import Role
from api.services.explain import proof_of
from api.services.plans import reading
from api.services.plans.exports import PlanFile, Wanted
from models.errors import NotFound

router = APIRouter(tags=["pages"], include_in_schema=False)
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL)]
Week = Annotated[
    str | None,
    Query(description="Semaine ISO ; la dernière publiée par défaut.", examples=["2026-W49"]),
]
_FILE_WORDS = {
    PlanFile.MAP: "Carte",
    PlanFile.SHEETS: "Feuilles de route",
    PlanFile.XLSX: "Classeur",
    PlanFile.CSV: "Horaires pour tableur",
    PlanFile.ICS: "Agenda",
    PlanFile.GPX: "Traces GPS",
    PlanFile.PLAN: "Données",
}
PAGES.env.globals["proof_of"] = proof_of


@router.get("/", dependencies=[allowed(Role.PUBLIC)])
def home() -> Response:
    """The desk where it is built, else the pages that need no JavaScript."""
    return RedirectResponse("/bureau" if built() else "/semaines")


@router.get("/semaines", response_class=HTMLResponse)
def weeks(request: Request, caller: Reader) -> Response:
    with caller.read() as session:
        seen = {"weeks": reading.shown_weeks(session), "files": _FILE_WORDS}
        return PAGES.TemplateResponse(request, "weeks.html.j2", seen)


@router.get("/carte")
def plan_map(caller: Reader, week: Week = None, known: Known = None) -> Response:
    return _week_file(caller, week, PlanFile.MAP, known)


@router.get("/feuilles")
def sheets(caller: Reader, week: Week = None, known: Known = None) -> Response:
    return _week_file(caller, week, PlanFile.SHEETS, known)


@router.get("/semaines/{week}/{name}")
def week_file(week: str, name: str, caller: Reader, known: Known = None) -> Response:
    if name not in {one.value for one in PlanFile}:
        raise NotFound(f"La semaine {week} n'a pas de fichier « {name} ».")
    return _week_file(caller, week, PlanFile(name), known)


@router.get("/tournees/{code}", response_class=HTMLResponse)
def one_round(request: Request, code: str, caller: Reader) -> Response:
    with caller.read() as session:
        found = reading.round_to_show(session, caller.service, code)
        seen = {"record": found.record, "tour": found.tour, "network": found.network}
        return PAGES.TemplateResponse(request, "round.html.j2", seen)


@router.get("/saisie/{code}")
def keying_in(code: str, caller: Reader) -> Response:
    """Where the QR code of a sheet leads: the screen where it is keyed in."""
    with caller.read() as session:
        found = reading.round_to_show(session, caller.service, code)
    return RedirectResponse(f"/bureau/saisie/{quote(found.tour.id, safe='')}")


def _week_file(caller: Caller, week: str | None, name: PlanFile, known: str | None) -> Response:
    with caller.read() as session:
        record = reading.plan_of_week(session, week)
    return sent(caller, record, Wanted(file=name), known)
