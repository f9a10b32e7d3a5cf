"""Crates: registered by one or by hundreds, retired, and where they are."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.period import Span
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories import crates as stored
from api.repositories.crates import Wanted
from api.services.actor import Role
from api.services.road import crate_history, crates
from api.wire.base import Listed, all_of, listed
from api.wire.crates import (
    BalanceOut,
    CrateChange,
    CrateIn,
    CrateOut,
    CrateStepOut,
    SeriesIn,
    SeriesOut,
    UnknownCrateOut,
)
from models.custody.crates import Holder

router = APIRouter(prefix="/crates", tags=["bacs"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.DRIVER, scope="scans:read")]
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="network:write")]
Code = Annotated[str, Path(max_length=80)]


def _wanted(
    home: Annotated[str | None, Query(max_length=120)] = None,
    holder: Holder | None = None,
    place: Annotated[str | None, Query(max_length=120, description="Un site ou une tournée.")] = None,
    empty: bool | None = None,
    retired: bool = False,
) -> Wanted:
    return Wanted(home=home, holder=holder, place=place, empty=empty, retired=retired)


@router.get("", summary="Les bacs enregistrés, et où ils sont")
def list_all(caller: Reader, wanted: Annotated[Wanted, Depends(_wanted)], paging: Paging) -> Listed[CrateOut]:
    with caller.read() as session:
        found = stored.list_crates(session, wanted, paging)
        custody = stored.custody_at(session, [one.code for one in found.rows])
        return listed(found, lambda one: crates.tell(one, custody.get(one.code)))


@router.post("", summary="Enregistrer un bac", status_code=201, responses=described(409))
def register(told: CrateIn, caller: Writer, response: Response, once: Once) -> CrateOut:
    with caller.write() as session:
        made = once(session, caller.actor, told, lambda: crates.register(session, told), CrateOut)
    return tagged(response, made)


@router.post("/series", summary="Enregistrer une série de bacs", responses=described(409))
def register_series(told: SeriesIn, caller: Writer) -> SeriesOut:
    with caller.write() as session:
        return crates.register_series(session, told)


@router.get("/unregistered", summary="Les bacs pointés que personne n'a enregistrés")
def unregistered(caller: Reader, paging: Paging) -> Listed[UnknownCrateOut]:
    with caller.read() as session:
        found = stored.list_unregistered(session, paging)
        return listed(found, lambda one: UnknownCrateOut(code=one.crate, custody=crates.tell_custody(one)))


@router.get("/balance", summary="Bacs déposés, repris et présents, site par site")
def balance(caller: Reader, period: Span) -> Listed[BalanceOut]:
    with caller.read() as session:
        return all_of(crates.balance(session, period), lambda one: one)


@router.get("/{code}", summary="Un bac", responses=described(404))
def show(code: Code, caller: Reader, response: Response) -> CrateOut:
    with caller.read() as session:
        found = stored.get_crate(session, code)
        return tagged(response, crates.tell(found, stored.custody_at(session, [code]).get(code)))


@router.patch("/{code}", summary="Modifier, retirer un bac", responses=described(404, 409, 428))
def change(code: Code, told: CrateChange, caller: Writer, seen: Seen, response: Response) -> CrateOut:
    with caller.write() as session:
        changed = crates.change(session, code, told, seen)
    return tagged(response, changed)


@router.get("/{code}/history", summary="Par où un bac est passé, enregistré ou non")
def history(code: Code, caller: Reader, paging: Paging) -> Listed[CrateStepOut]:
    with caller.read() as session:
        return listed(crate_history.history(session, code, paging), lambda step: step)
