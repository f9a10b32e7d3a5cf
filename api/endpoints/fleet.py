"""Vehicles, drivers, and when they are away."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories.calendar import absences
from api.repositories.network import get_coded, list_coded
from api.repositories.paging import page
from api.services.actor import Role
from api.services.described import change, lists
from api.services.described.kinds import DRIVER, VEHICLE
from api.wire.base import Listed, all_of, listed
from api.wire.fleet import (
    AbsenceAnswer,
    AbsenceIn,
    AbsenceOut,
    DriverAnswer,
    DriverChange,
    DriverIn,
    DriverOut,
    VehicleAnswer,
    VehicleChange,
    VehicleIn,
    VehicleOut,
)
from api.wire.network import FindingOut
from models.service_day import today
from models.tables.network import AbsenceRecord, DriverRecord, VehicleRecord

router = APIRouter(tags=["réseau"])
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="network:write")]
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]
_CHANGES = described(404, 409, 428)


@router.get("/vehicles", summary="Les véhicules")
def list_vehicles(caller: Reader, archived: bool = False) -> Listed[VehicleOut]:
    with caller.read() as session:
        return all_of(list_coded(session, VehicleRecord, archived=archived), VehicleOut.of)


@router.post(
    "/vehicles",
    status_code=status.HTTP_201_CREATED,
    summary="Ajouter un véhicule",
    responses=described(404, 409),
)
def add_vehicle(asked: VehicleIn, caller: Writer, once: Once, response: Response) -> VehicleAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, VEHICLE)

        def make() -> VehicleAnswer:
            return _vehicle(change.create(desk, asked.model_dump()))

        made = once(session, caller.actor, asked, make, VehicleAnswer)
    response.headers["Location"] = f"/api/v1/vehicles/{made.code}"
    return tagged(response, made)


@router.get("/vehicles/{code}", summary="Un véhicule", responses=described(404))
def show_vehicle(code: str, caller: Reader, response: Response) -> VehicleOut:
    with caller.read() as session:
        return tagged(response, VehicleOut.of(get_coded(session, VehicleRecord, code)))


@router.patch("/vehicles/{code}", summary="Modifier un véhicule", responses=_CHANGES)
def change_vehicle(
    code: str, asked: VehicleChange, caller: Writer, seen: Seen, response: Response
) -> VehicleAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, VEHICLE)
        made = change.change(desk, code, asked.given(), change.Seen(seen, VehicleOut.of))
        return tagged(response, _vehicle(made))


@router.post("/vehicles/{code}/archive", summary="Archiver un véhicule", responses=_CHANGES)
def archive_vehicle(code: str, caller: Writer, seen: Seen, response: Response) -> VehicleAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, VEHICLE)
        return tagged(
            response, _vehicle(change.archive(desk, code, change.Seen(seen, VehicleOut.of), today()))
        )


@router.post("/vehicles/{code}/restore", summary="Remettre un véhicule en service", responses=_CHANGES)
def restore_vehicle(code: str, caller: Writer, seen: Seen, response: Response) -> VehicleAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, VEHICLE)
        return tagged(response, _vehicle(change.restore(desk, code, change.Seen(seen, VehicleOut.of))))


@router.get("/drivers", summary="Les chauffeurs")
def list_drivers(caller: Reader, archived: bool = False) -> Listed[DriverOut]:
    with caller.read() as session:
        return all_of(list_coded(session, DriverRecord, archived=archived), DriverOut.of)


@router.post(
    "/drivers",
    status_code=status.HTTP_201_CREATED,
    summary="Ajouter un chauffeur",
    responses=described(404, 409),
)
def add_driver(asked: DriverIn, caller: Writer, once: Once, response: Response) -> DriverAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, DRIVER)

        def make() -> DriverAnswer:
            return _driver(change.create(desk, asked.model_dump()))

        made = once(session, caller.actor, asked, make, DriverAnswer)
    response.headers["Location"] = f"/api/v1/drivers/{made.code}"
    return tagged(response, made)


@router.get("/drivers/{code}", summary="Un chauffeur", responses=described(404))
def show_driver(code: str, caller: Reader, response: Response) -> DriverOut:
    with caller.read() as session:
        return tagged(response, DriverOut.of(get_coded(session, DriverRecord, code)))


@router.patch("/drivers/{code}", summary="Modifier un chauffeur", responses=_CHANGES)
def change_driver(
    code: str, asked: DriverChange, caller: Writer, seen: Seen, response: Response
) -> DriverAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, DRIVER)
        made = change.change(desk, code, asked.given(), change.Seen(seen, DriverOut.of))
        return tagged(response, _driver(made))


@router.post("/drivers/{code}/archive", summary="Archiver un chauffeur", responses=_CHANGES)
def archive_driver(code: str, caller: Writer, seen: Seen, response: Response) -> DriverAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, DRIVER)
        return tagged(response, _driver(change.archive(desk, code, change.Seen(seen, DriverOut.of), today())))


@router.post("/drivers/{code}/restore", summary="Remettre un chauffeur en service", responses=_CHANGES)
def restore_driver(code: str, caller: Writer, seen: Seen, response: Response) -> DriverAnswer:
    with caller.write() as session:
        desk = change.Desk(session, caller.service.territories, DRIVER)
        return tagged(response, _driver(change.restore(desk, code, change.Seen(seen, DriverOut.of))))


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


def _vehicle(changed: change.Changed[VehicleRecord]) -> VehicleAnswer:
    remarks = [FindingOut.of(one) for one in changed.remarks]
    return VehicleAnswer(**VehicleOut.of(changed.record).model_dump(), remarks=remarks)


def _driver(changed: change.Changed[DriverRecord]) -> DriverAnswer:
    remarks = [FindingOut.of(one) for one in changed.remarks]
    return DriverAnswer(**DriverOut.of(changed.record).model_dump(), remarks=remarks)
