"""Vehicles and drivers."""

from typing import Annotated

from fastapi import APIRouter, Response, status

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.problems import described
from api.endpoints.shelf import Shelf
from api.endpoints.versions import Seen
from api.services.actor import Role
from api.services.described.kinds import DRIVER, VEHICLE
from api.wire.base import Listed
from api.wire.fleet import (
    DriverAnswer,
    DriverChange,
    DriverIn,
    DriverOut,
    VehicleAnswer,
    VehicleChange,
    VehicleIn,
    VehicleOut,
)

router = APIRouter(tags=["réseau"])
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="network:write")]
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]
_CREATED = status.HTTP_201_CREATED
_MADE, _CHANGES = described(404, 409), described(404, 409, 428)
_VEHICLES = Shelf("vehicles", VEHICLE, VehicleOut.of, VehicleAnswer)
_DRIVERS = Shelf("drivers", DRIVER, DriverOut.of, DriverAnswer)


@router.get("/vehicles", summary="Les véhicules")
def list_vehicles(caller: Reader, archived: bool = False) -> Listed[VehicleOut]:
    return _VEHICLES.list(caller, archived=archived)


@router.post("/vehicles", status_code=_CREATED, summary="Ajouter un véhicule", responses=_MADE)
def add_vehicle(asked: VehicleIn, caller: Writer, once: Once, response: Response) -> VehicleAnswer:
    return _VEHICLES.add(caller, asked, once, response)


@router.get("/vehicles/{code}", summary="Un véhicule", responses=described(404))
def show_vehicle(code: str, caller: Reader, response: Response) -> VehicleOut:
    return _VEHICLES.show(caller, code, response)


@router.patch("/vehicles/{code}", summary="Modifier un véhicule", responses=_CHANGES)
def change_vehicle(
    code: str, asked: VehicleChange, caller: Writer, seen: Seen, response: Response
) -> VehicleAnswer:
    return _VEHICLES.change(caller, code, asked.given(), seen, response)


@router.post("/vehicles/{code}/archive", summary="Archiver un véhicule", responses=_CHANGES)
def archive_vehicle(code: str, caller: Writer, seen: Seen, response: Response) -> VehicleAnswer:
    return _VEHICLES.archive(caller, code, seen, response)


@router.post("/vehicles/{code}/restore", summary="Remettre un véhicule en service", responses=_CHANGES)
def restore_vehicle(code: str, caller: Writer, seen: Seen, response: Response) -> VehicleAnswer:
    return _VEHICLES.restore(caller, code, seen, response)


@router.get("/drivers", summary="Les chauffeurs")
def list_drivers(caller: Reader, archived: bool = False) -> Listed[DriverOut]:
    return _DRIVERS.list(caller, archived=archived)


@router.post("/drivers", status_code=_CREATED, summary="Ajouter un chauffeur", responses=_MADE)
def add_driver(asked: DriverIn, caller: Writer, once: Once, response: Response) -> DriverAnswer:
    return _DRIVERS.add(caller, asked, once, response)


@router.get("/drivers/{code}", summary="Un chauffeur", responses=described(404))
def show_driver(code: str, caller: Reader, response: Response) -> DriverOut:
    return _DRIVERS.show(caller, code, response)


@router.patch("/drivers/{code}", summary="Modifier un chauffeur", responses=_CHANGES)
def change_driver(
    code: str, asked: DriverChange, caller: Writer, seen: Seen, response: Response
) -> DriverAnswer:
    return _DRIVERS.change(caller, code, asked.given(), seen, response)


@router.post("/drivers/{code}/archive", summary="Archiver un chauffeur", responses=_CHANGES)
def archive_driver(code: str, caller: Writer, seen: Seen, response: Response) -> DriverAnswer:
    return _DRIVERS.archive(caller, code, seen, response)


@router.post("/drivers/{code}/restore", summary="Remettre un chauffeur en service", responses=_CHANGES)
def restore_driver(code: str, caller: Writer, seen: Seen, response: Response) -> DriverAnswer:
    return _DRIVERS.restore(caller, code, seen, response)
