"""Keying in a sheet of paper: the round in the order of its sheet, and what the hand wrote on it."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.endpoints.caller import Caller, Coordinator, allowed
from api.endpoints.problems import described
from api.services.actor import Role
from api.services.keying import sheet, store
from api.wire.keying import SheetIn, SheetOut
from models.tables.base import now

router = APIRouter(prefix="/rounds/{code}/sheet", tags=["pointages"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="scans:read")]
Code = Annotated[str, Path(max_length=120)]


@router.get("", summary="Une feuille de route, case par case", responses=described(404))
def show(code: Code, caller: Reader) -> SheetOut:
    with caller.read() as session:
        return sheet.told(session, sheet.read(session, code, now()))


@router.put("", summary="Recopier une feuille de route", responses=described(404))
def key_in(code: Code, keyed: SheetIn, caller: Coordinator) -> SheetOut:
    """Sent again, it changes nothing; what others told stays beside it."""
    with caller.write() as session:
        return sheet.told(session, store.store(session, caller.actor, code, keyed, now()))
