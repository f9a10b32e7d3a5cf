"""Pages for people: the weeks, the map, the sheets, one round on a phone."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from api.endpoints.caller import allowed
from api.endpoints.shared import TheShelf, TheTerritory, Week
from api.endpoints.templates import PAGES
from api.services.actor import Role
from api.services.explain import proof_of
from api.services.outputs import MAP, PLAN, SHEETS

router = APIRouter(
    tags=["pages"], include_in_schema=False, dependencies=[allowed(Role.COORDINATOR, Role.OFFICIAL)]
)
_FILE_WORDS = {
    MAP: "Carte",
    SHEETS: "Feuilles de route",
    "horaires.csv": "Horaires pour tableur",
    "passages.ics": "Agenda",
    "tournees.gpx": "Traces GPS",
    PLAN: "Données",
}
PAGES.env.globals["proof_of"] = proof_of


@router.get("/", response_class=HTMLResponse)
def weeks(request: Request, shelf: TheShelf) -> Response:
    plans = [shelf.plan(str(week)) for week in shelf.weeks()]
    return PAGES.TemplateResponse(request, "weeks.html.j2", {"plans": plans, "files": _FILE_WORDS})


@router.get("/carte")
def plan_map(shelf: TheShelf, week: Week = None) -> Response:
    return FileResponse(shelf.file(week, MAP), media_type="text/html")


@router.get("/feuilles")
def sheets(shelf: TheShelf, week: Week = None) -> Response:
    return FileResponse(shelf.file(week, SHEETS), media_type="application/pdf")


@router.get("/semaines/{week}/{name}")
def week_file(week: str, name: str, shelf: TheShelf) -> Response:
    return FileResponse(shelf.file(week, name), filename=f"{week}-{name}", content_disposition_type="inline")


@router.get("/tournees/{round_id}", response_class=HTMLResponse)
def one_round(request: Request, round_id: str, shelf: TheShelf, territory: TheTerritory) -> Response:
    plan, tour = shelf.round(round_id)
    seen = {"plan": plan, "tour": tour, "network": territory.network}
    return PAGES.TemplateResponse(request, "round.html.j2", seen)


@router.get("/saisie/{round_id}")
def keying_in(round_id: str, shelf: TheShelf) -> Response:
    """Where the QR code of a sheet leads: the round itself."""
    _, tour = shelf.round(round_id)
    return RedirectResponse(f"/tournees/{tour.id}")
