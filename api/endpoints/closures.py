"""Closures: declared, looked at for their effect, decided, taken back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from api.endpoints.caller import Caller, Coordinator, allowed, current_actor
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories.calendar import closures
from api.repositories.network import find_coded, get_coded
from api.repositories.paging import Page, Slice, page
from api.services.actor import Actor, Role
from api.services.described import closures as service
from api.services.described.effect import effect_of
from api.wire.base import Listed, listed
from api.wire.closures import ClosureAsked, ClosureIn, ClosureOut, EffectOut
from models.network.calendar import Closure
from models.service_day import today
from models.tables.network import ClosureRecord, ClosureStatus, SiteRecord

router = APIRouter(tags=["fermetures"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]
Visitor = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.LIBRARY, scope="network:read")]
Declarer = Annotated[Caller, allowed(Role.COORDINATOR, Role.LIBRARY, scope="network:write")]
_CHANGES = described(404, 409, 428)
_NETWORK = "tout le réseau"


def _of_own_site(code: str, actor: Annotated[Actor, Depends(current_actor)]) -> None:
    """Another library's site is refused before what is said of it is even read."""
    actor.must_own(code)


def _wanted(
    site: str | None = None,
    status: ClosureStatus | None = None,
    first: date | None = None,
    last: date | None = None,
) -> SelectOfScalar[ClosureRecord]:
    statuses = () if status is None else (status,)
    return closures(site=site, statuses=statuses, first=first, last=last)


Wanted = Annotated[SelectOfScalar[ClosureRecord], Depends(_wanted)]


@router.get("/closures", summary="Les fermetures, de chaque lieu et de tout le réseau")
def list_closures(caller: Reader, paging: Paging, wanted: Wanted) -> Listed[ClosureOut]:
    with caller.read() as session:
        return listed(_page(session, wanted, paging), ClosureOut.of)


@router.get("/sites/{code}/closures", summary="Les fermetures d'un lieu", responses=described(404))
def list_site_closures(code: str, caller: Visitor, paging: Paging) -> Listed[ClosureOut]:
    caller.actor.must_own(code)
    with caller.read() as session:
        get_coded(session, SiteRecord, code)
        return listed(_page(session, closures(site=code), paging), ClosureOut.of)


@router.post(
    "/sites/{code}/closures",
    status_code=status.HTTP_201_CREATED,
    summary="Déclarer une fermeture",
    responses=described(404, 409),
    dependencies=[Depends(_of_own_site)],
)
def close_site(code: str, asked: ClosureIn, caller: Declarer, once: Once, response: Response) -> ClosureOut:
    wanted = service.Asked(site=code, **asked.model_dump())
    with caller.write() as session:

        def make() -> ClosureOut:
            return ClosureOut.of(service.declare(session, caller.actor, wanted))

        return tagged(response, once(session, caller.actor, asked, make, ClosureOut))


@router.post(
    "/closures",
    status_code=status.HTTP_201_CREATED,
    summary="Déclarer une fermeture de tout le réseau",
    responses=described(409),
)
def close_network(asked: ClosureIn, caller: Coordinator, once: Once, response: Response) -> ClosureOut:
    wanted = service.Asked(site=None, **asked.model_dump())
    with caller.write() as session:

        def make() -> ClosureOut:
            return ClosureOut.of(service.declare(session, caller.actor, wanted))

        return tagged(response, once(session, caller.actor, asked, make, ClosureOut))


@router.post(
    "/closures/effect", summary="L'effet d'une fermeture, sans l'enregistrer", responses=described(404)
)
def foresee(asked: ClosureAsked, caller: Declarer) -> EffectOut:
    caller.actor.must_own(asked.site or "")
    closure = Closure(first=asked.starts_on, last=asked.ends_on, reason=asked.reason)
    with caller.read() as session:
        return _effect(session, caller, asked.site, closure)


@router.get("/closures/{key}", summary="Une fermeture", responses=described(404))
def show_closure(key: UUID, caller: Visitor, response: Response) -> ClosureOut:
    with caller.read() as session:
        return tagged(response, ClosureOut.of(service.seen_by(session, caller.actor, key)))


@router.get("/closures/{key}/effect", summary="L'effet d'une fermeture déclarée", responses=described(404))
def show_effect(key: UUID, caller: Reader) -> EffectOut:
    with caller.read() as session:
        record = service.seen_by(session, caller.actor, key)
        closure = Closure(first=record.starts_on, last=record.ends_on, reason=record.reason)
        return _effect(session, caller, record.site, closure)


@router.post("/closures/{key}/accept", summary="Accepter une fermeture", responses=_CHANGES)
def accept(key: UUID, caller: Coordinator, seen: Seen, response: Response) -> ClosureOut:
    judged = service.Judged(seen, ClosureOut.of)
    with caller.write() as session:
        record = service.decide(session, caller.actor, key, ClosureStatus.ACCEPTED, judged)
        return tagged(response, ClosureOut.of(record))


@router.post("/closures/{key}/decline", summary="Refuser une fermeture", responses=_CHANGES)
def decline(key: UUID, caller: Coordinator, seen: Seen, response: Response) -> ClosureOut:
    judged = service.Judged(seen, ClosureOut.of)
    with caller.write() as session:
        record = service.decide(session, caller.actor, key, ClosureStatus.DECLINED, judged)
        return tagged(response, ClosureOut.of(record))


@router.post("/closures/{key}/withdraw", summary="Retirer une fermeture", responses=_CHANGES)
def withdraw(key: UUID, caller: Declarer, seen: Seen, response: Response) -> ClosureOut:
    with caller.write() as session:
        record = service.withdraw(session, caller.actor, key, service.Judged(seen, ClosureOut.of))
        return tagged(response, ClosureOut.of(record))


def _page(session: Session, query: SelectOfScalar[ClosureRecord], paging: Slice) -> Page[ClosureRecord]:
    return page(session, query, (ClosureRecord.starts_on, ClosureRecord.id), paging)


def _effect(session: Session, caller: Caller, site: str | None, closure: Closure) -> EffectOut:
    effect = effect_of(session, caller.service.territories, site, closure, today())
    record = find_coded(session, SiteRecord, site) if site else None
    # A library learns what it loses; how rounds could be laid out anew is the coordinator's.
    with_moves = caller.actor.role is not Role.LIBRARY
    return EffectOut.of(effect, record.name if record else _NETWORK, with_moves=with_moves)
