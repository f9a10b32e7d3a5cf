"""When drivers and vehicles are away."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.repositories.calendar import absences
from api.repositories.paging import page
from api.services.actor import Role
from api.services.described import lists
from api.wire.base import Listed, listed
from api.wire.fleet import AbsenceAnswer, AbsenceIn, AbsenceOut
from models.tables.network import AbsenceRecord

router = APIRouter(tags=["réseau"])
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="network:write")]
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]


def _whose(driver: str | None = None, vehicle: str | None = None) -> dict[str, str | None]:
    return {"driver": driver, "vehicle": vehicle}


def _when(first: date | None = None, last: date | None = None) -> dict[str, date | None]:
    return {"first": first, "last": last}


@router.get("/absences", summary="Qui est absent, et quand")
def list_absences(
    caller: Reader,
    paging: Paging,
    whose: Annotated[dict[str, str | None], Depends(_whose)],
    when: Annotated[dict[str, date | None], Depends(_when)],
) -> Listed[AbsenceOut]:
    with caller.read() as session:
        query = absences(whose["driver"], whose["vehicle"], first=when["first"], last=when["last"])
        keys = (AbsenceRecord.starts_on, AbsenceRecord.id)
        return listed(page(session, query, keys, paging), AbsenceOut.of)


@router.post(
    "/absences",
    status_code=status.HTTP_201_CREATED,
    summary="Noter une absence",
    responses=described(404, 409),
)
def add_absence(asked: AbsenceIn, caller: Writer, once: Once) -> AbsenceAnswer:
    with caller.write() as session:

        def make() -> AbsenceAnswer:
            record, rounds = lists.add_absence(session, asked.model_dump())
            return AbsenceAnswer(**record.model_dump(), rounds=rounds)

        return once(session, caller.actor, asked, make, AbsenceAnswer)


@router.delete(
    "/absences/{key}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Annuler une absence",
    responses=described(404),
)
def end_absence(key: UUID, caller: Writer) -> None:
    with caller.write() as session:
        lists.end_absence(session, key)
