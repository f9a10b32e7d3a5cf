"""Drivers' phones: taken in by a code, named, given to a driver, revoked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.endpoints.browser import Address
from api.endpoints.caller import Anyone, Caller, Coordinator, allowed
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories import access
from api.security.totp import qr_svg
from api.services import devices
from api.services.actor import Role
from api.wire.base import Listed, listed
from api.wire.devices import (
    DeviceChangeIn,
    DeviceOut,
    DriverChosen,
    DriverName,
    EnrolAsked,
    EnrolmentAsked,
    EnrolmentOut,
    EnrolOut,
    MyDeviceOut,
    told_device,
)

router = APIRouter(prefix="/devices", tags=["accès"])
Phone = Annotated[Caller, allowed(Role.DRIVER)]


@router.get("", summary="Les téléphones, le dernier enrôlé d'abord")
def list_devices(
    caller: Coordinator,
    paging: Paging,
    revoked: Annotated[bool, Query(description="Les téléphones révoqués aussi.")] = False,
) -> Listed[DeviceOut]:
    with caller.read() as session:
        return listed(access.list_devices(session, paging, revoked), told_device)


@router.post("/enrolments", summary="Un code pour enrôler un téléphone", status_code=201)
def start_enrolment(asked: EnrolmentAsked, caller: Coordinator) -> EnrolmentOut:
    keyring, public_url = caller.service.keyring, caller.service.settings.public_url
    with caller.write() as session:
        made = devices.start_enrolment(session, keyring, asked.driver, caller.actor.name)
    url = f"{public_url}/appareil#{made.code}"  # after #: no server and no log ever sees it
    fields = made.record.model_dump(include={"id", "driver", "expires_at"})
    return EnrolmentOut(**fields, code=made.code, url=url, qr_svg=qr_svg(url))


@router.post("/enrol", summary="Enrôler ce téléphone", status_code=201, responses=described(404))
def enrol(asked: EnrolAsked, caller: Anyone, address: Address) -> EnrolOut:
    made = devices.enrol(caller.service, asked.code, asked.name, address, caller.request)
    return EnrolOut(device=told_device(made.device), token=made.token)


@router.get("/mine", summary="Ce téléphone, et qui peut l'utiliser", responses=described(404))
def my_device(caller: Phone, response: Response) -> MyDeviceOut:
    with caller.read() as session:
        device = devices.the_device(session, caller.actor)
        drivers = access.list_drivers(session) if device.shared else []
        names = [DriverName(code=driver.code, name=driver.name) for driver in drivers]
        return MyDeviceOut(device=tagged(response, told_device(device)), drivers=names)


@router.put("/mine/driver", summary="Dire qui utilise ce téléphone partagé", responses=described(404, 409))
def choose_driver(asked: DriverChosen, caller: Phone, response: Response) -> DeviceOut:
    with caller.write() as session:
        return tagged(response, told_device(devices.choose_driver(session, caller.actor, asked.driver)))


@router.get("/{device}", summary="Un téléphone", responses=described(404))
def show_device(device: UUID, caller: Coordinator, response: Response) -> DeviceOut:
    with caller.read() as session:
        return tagged(response, told_device(access.get_device(session, device)))


@router.put(
    "/{device}", summary="Nommer un téléphone, l'attribuer, le partager", responses=described(404, 409, 428)
)
def change_device(
    device: UUID, asked: DeviceChangeIn, caller: Coordinator, seen: Seen, response: Response
) -> DeviceOut:
    wanted = devices.DeviceChange(name=asked.name, driver=asked.driver, shared=asked.shared)
    with caller.write() as session:
        return tagged(response, told_device(devices.change(session, device, wanted, seen)))


@router.delete("/{device}", summary="Révoquer un téléphone", responses=described(404, 409, 428))
def revoke_device(device: UUID, caller: Coordinator, seen: Seen, response: Response) -> DeviceOut:
    with caller.write() as session:
        return tagged(response, told_device(devices.revoke(session, device, seen)))
