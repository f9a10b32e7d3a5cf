"""Drivers' phones on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.wire.base import Wire
from models.tables.people import DeviceRecord

DriverCode = Annotated[str | None, Field(max_length=80, examples=["C1"])]
DeviceName = Annotated[str, Field(min_length=1, max_length=80, examples=["Téléphone du van 1"])]


class EnrolmentAsked(Wire):
    """For whom a phone is taken in; nobody: a shared phone, on which its driver is chosen."""

    driver: DriverCode = None


class EnrolmentOut(Wire):
    """A code for one phone, told this once: to be scanned, or typed."""

    id: UUID
    code: Annotated[str, Field(examples=["7k3mp-x9q2d"])]
    url: Annotated[str, Field(description="Ce que dit le code QR.")]
    qr_svg: str
    driver: str | None
    expires_at: datetime


class EnrolAsked(Wire):
    """What the phone sends."""

    code: Annotated[str, Field(min_length=10, max_length=20, examples=["7k3mp-x9q2d"])]
    name: DeviceName


class DeviceOut(Wire):
    """A phone. `driver` is who uses it now; on a `shared` one that is chosen on the phone."""

    id: UUID
    version: int
    name: str
    driver: str | None
    shared: bool
    enrolled_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None


class EnrolOut(Wire):
    """A phone that was taken in; `token` goes into `Authorization: Bearer`, and is told this once."""

    device: DeviceOut
    token: str


class DeviceChangeIn(Wire):
    """What a coordinator says of a phone."""

    name: DeviceName
    driver: DriverCode
    shared: bool


class DriverName(Wire):
    """Somebody who may be chosen on a shared phone."""

    code: str
    name: str


class MyDeviceOut(Wire):
    """The phone that asks; `drivers` only where it is shared."""

    device: DeviceOut
    drivers: list[DriverName]


class DriverChosen(Wire):
    """Who uses a shared phone from now on; nobody when it is handed back."""

    driver: DriverCode


def told_device(record: DeviceRecord) -> DeviceOut:
    """A phone, without its token."""
    return DeviceOut(**record.model_dump(exclude={"token"}))
