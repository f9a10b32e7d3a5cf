"""Sites: those the shuttle serves, with whom to call there and their seasons."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from api.endpoints.caller import Caller, Coordinator, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories.calendar import list_contacts, list_site_seasons
from api.repositories.network import get_coded
from api.repositories.sites import Wanted, page_of_sites
from api.services.actor import Role
from api.services.described import change, lists
from api.services.described.kinds import SITE
from api.services.territory import Ground
from api.wire.base import Listed, listed
from api.wire.network import FindingOut
from api.wire.sites import (
    ContactOut,
    Contacts,
    ContactsIn,
    SeasonOut,
    Seasons,
    SeasonsIn,
    SiteAnswer,
    SiteChange,
    SiteIn,
    SiteOut,
)
from models.errors import Finding
from models.network.values import SiteKind
from models.service_day import today
from models.tables.network import SiteRecord
from models.values import Coordinates

router = APIRouter(tags=["réseau"])
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="network:write")]
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]
Visitor = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.LIBRARY, scope="network:read")]


def _wanted(
    kind: SiteKind | None = None,
    commune: Annotated[str | None, Query(max_length=100, description="Nom ou code INSEE.")] = None,
    text: Annotated[str | None, Query(max_length=100, description="Dans le nom, l'adresse…")] = None,
    archived: Annotated[bool, Query(description="Vrai : les lieux archivés.")] = False,
) -> Wanted:
    return Wanted(kind=kind, commune=commune, text=text, archived=archived)


@router.get("/sites", summary="Les lieux du réseau")
def list_sites(
    caller: Reader, paging: Paging, wanted: Annotated[Wanted, Depends(_wanted)]
) -> Listed[SiteOut]:
    with caller.read() as session:
        ground = caller.service.territories.ground(session)
        return listed(page_of_sites(session, paging, wanted), lambda record: told(record, ground))


@router.post(
    "/sites", status_code=status.HTTP_201_CREATED, summary="Ajouter un lieu", responses=described(404, 409)
)
def add_site(asked: SiteIn, caller: Writer, once: Once, response: Response) -> SiteAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, SITE)

        def make() -> SiteAnswer:
            return answered(change.create(desk, asked.model_dump()), desk)

        made = once(session, caller.actor, asked, make, SiteAnswer)
    response.headers["Location"] = f"/api/v1/sites/{made.code}"
    return tagged(response, made)


@router.get("/sites/{code}", summary="Un lieu", responses=described(404))
def show_site(code: str, caller: Visitor, response: Response) -> SiteOut:
    caller.actor.must_own(code)
    with caller.read() as session:
        ground = caller.service.territories.ground(session)
        return tagged(response, told(get_coded(session, SiteRecord, code), ground))


@router.patch("/sites/{code}", summary="Modifier un lieu", responses=described(404, 409, 428))
def change_site(code: str, asked: SiteChange, caller: Writer, seen: Seen, response: Response) -> SiteAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, SITE)
        return tagged(response, answered(change.change(desk, code, asked.given(), _seen(desk, seen)), desk))


@router.post("/sites/{code}/archive", summary="Archiver un lieu", responses=described(404, 409, 428))
def archive_site(code: str, caller: Writer, seen: Seen, response: Response) -> SiteAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, SITE)
        return tagged(response, answered(change.archive(desk, code, _seen(desk, seen), today()), desk))


@router.post(
    "/sites/{code}/restore", summary="Remettre un lieu en service", responses=described(404, 409, 428)
)
def restore_site(code: str, caller: Writer, seen: Seen, response: Response) -> SiteAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, SITE)
        return tagged(response, answered(change.restore(desk, code, _seen(desk, seen)), desk))


@router.get("/sites/{code}/contacts", summary="Qui appeler dans un lieu", responses=described(404))
def show_contacts(code: str, caller: Visitor, response: Response) -> Contacts:
    caller.actor.must_own(code)
    with caller.read() as session:
        site = get_coded(session, SiteRecord, code)
        items = [ContactOut.of(one) for one in list_contacts(session, code)]
        return tagged(response, Contacts(version=site.version, items=items))


@router.put(
    "/sites/{code}/contacts", summary="Dire qui appeler dans un lieu", responses=described(404, 409, 428)
)
def put_contacts(
    code: str, asked: ContactsIn, caller: Coordinator, seen: Seen, response: Response
) -> Contacts:
    with caller.write() as session:
        ground = caller.service.territories.ground(session)
        items = [one.model_dump() for one in asked.items]
        site = lists.put_contacts(session, code, items, seen, lambda record: told(record, ground))
        kept = [ContactOut.of(one) for one in list_contacts(session, code)]
        return tagged(response, Contacts(version=site.version, items=kept))


@router.get("/sites/{code}/seasons", summary="Les saisons d'un lieu", responses=described(404))
def show_seasons(code: str, caller: Visitor, response: Response) -> Seasons:
    caller.actor.must_own(code)
    with caller.read() as session:
        site = get_coded(session, SiteRecord, code)
        items = [SeasonOut.of(one) for one in list_site_seasons(session, code)]
        return tagged(response, Seasons(version=site.version, items=items))


@router.put("/sites/{code}/seasons", summary="Dire les saisons d'un lieu", responses=described(404, 409, 428))
def put_seasons(code: str, asked: SeasonsIn, caller: Writer, seen: Seen, response: Response) -> Seasons:
    with caller.write() as session:
        ground = caller.service.territories.ground(session)
        items = [one.model_dump() for one in asked.items]
        site = lists.put_seasons(session, code, items, seen, lambda record: told(record, ground))
        kept = [SeasonOut.of(one) for one in list_site_seasons(session, code)]
        return tagged(response, Seasons(version=site.version, items=kept))


def told(record: SiteRecord, ground: Ground) -> SiteOut:
    """A site on the wire; whether its road times are estimates depends on the ground."""
    reached = ground.reaches(record.code, Coordinates(lon=record.lon, lat=record.lat))
    return SiteOut.of(record, estimated=not reached)


def answered(changed: change.Changed[SiteRecord], desk: change.Desk[SiteRecord]) -> SiteAnswer:
    """A changed site, with the remarks about it."""
    out = told(changed.record, desk.territories.ground(desk.session))
    remarks = [FindingOut.of(one) for one in changed.remarks]
    if changed.moved and out.travel_estimated:
        remarks.append(FindingOut.of(_estimated(out.code)))
    return SiteAnswer(**out.model_dump(), remarks=remarks)


def _estimated(code: str) -> Finding:
    return Finding(
        where="lon",
        key=code,
        message="ses temps de route sont estimés à vol d'oiseau.",
        remedy="Recalculez-les (navette roads build), puis importez travel.npz.",
        serious=False,
    )


def _seen(desk: change.Desk[SiteRecord], version: int) -> change.Seen:
    return change.Seen(version, lambda record: told(record, desk.territories.ground(desk.session)))
