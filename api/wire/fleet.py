"""Vehicles, drivers and their absences on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from api.services.network_records import driver_of
from api.wire.base import Wire
from api.wire.network import FindingOut
from api.wire.text import Change, Code, Hours, Line, Phone
from models.network.write import driver_cells
from models.tables.network import AbsenceRecord, DriverRecord, VehicleRecord

_Cents = Annotated[int, Field(ge=0, le=10_000_000, description="En centimes.")]
_Between = Annotated[Line, Field(max_length=20, examples=["11:45-13:45"])]


class VehicleOut(Wire):
    """A van."""

    version: int
    code: Annotated[str, Field(examples=["V1"])]
    position: int
    name: str
    depot: Annotated[str, Field(description="Le code du dépôt où il stationne.")]
    capacity: Annotated[int, Field(description="En bacs.")]
    hours: str
    speed_percent: int
    run_cents: int
    km_cents: int
    assumed: bool
    archived_at: datetime | None

    @classmethod
    def of(cls, record: VehicleRecord) -> "VehicleOut":
        return cls(**record.model_dump(exclude={"id"}))


class VehicleAnswer(VehicleOut):
    """A vehicle as it is now stored, and what should be known about it."""

    remarks: list[FindingOut]


class VehicleIn(Wire):
    """A new vehicle."""

    code: Code | None = None
    name: Annotated[Line, Field(min_length=1, max_length=200)]
    depot: Code
    capacity: Annotated[int, Field(ge=1, le=10_000)]
    hours: Hours
    speed_percent: Annotated[int, Field(ge=20, le=200)] = 100
    run_cents: _Cents = 0
    km_cents: _Cents = 0
    assumed: bool = False


class VehicleChange(Change):
    """What may be changed of a vehicle."""

    name: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    depot: Code | None = None
    capacity: Annotated[int, Field(ge=1, le=10_000)] | None = None
    hours: Hours | None = None
    speed_percent: Annotated[int, Field(ge=20, le=200)] | None = None
    run_cents: _Cents | None = None
    km_cents: _Cents | None = None
    assumed: bool | None = None
    position: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class DriverOut(Wire):
    """Who drives which van, and when."""

    version: int
    code: Annotated[str, Field(examples=["C1"])]
    position: int
    name: str
    vehicle: str
    hours: str
    phone: str
    hour_cents: int
    break_minutes: int
    break_between: Annotated[str, Field(examples=["11:45-13:45"])]
    assumed: bool
    archived_at: datetime | None

    @classmethod
    def of(cls, record: DriverRecord) -> "DriverOut":
        told = record.model_dump(exclude={"id", "break_s", "break_early", "break_late"})
        between = driver_cells(driver_of(record))["pause_entre"]
        return cls(**told, break_minutes=record.break_s // 60, break_between=between)


class DriverAnswer(DriverOut):
    """A driver as they are now stored, and what should be known about them."""

    remarks: list[FindingOut]


class DriverIn(Wire):
    """A new driver."""

    code: Code | None = None
    name: Annotated[Line, Field(min_length=1, max_length=200)]
    vehicle: Code
    hours: Hours
    phone: Phone = ""
    hour_cents: _Cents = 0
    break_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    break_between: _Between = ""
    assumed: bool = False


class DriverChange(Change):
    """What may be changed of a driver."""

    name: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    vehicle: Code | None = None
    hours: Hours | None = None
    phone: Phone | None = None
    hour_cents: _Cents | None = None
    break_minutes: Annotated[int, Field(ge=0, le=240)] | None = None
    break_between: _Between | None = None
    assumed: bool | None = None
    position: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class AbsenceOut(Wire):
    """Days, both included, without a driver or without a vehicle."""

    id: UUID
    driver: str | None
    vehicle: str | None
    starts_on: date
    ends_on: date
    reason: str

    @classmethod
    def of(cls, record: AbsenceRecord) -> "AbsenceOut":
        return cls(**record.model_dump())


class AbsenceAnswer(AbsenceOut):
    """An absence as it is now stored, and the published rounds that fall on it."""

    rounds: Annotated[list[str], Field(description="Les tournées publiées qui tombent ces jours-là.")]


class AbsenceIn(Wire):
    """Days, both included, without exactly one of a driver and a vehicle."""

    driver: Code | None = None
    vehicle: Code | None = None
    starts_on: date
    ends_on: date
    reason: Annotated[Line, Field(max_length=200, examples=["Congés"])] = ""

    @model_validator(mode="after")
    def _sensible(self) -> "AbsenceIn":
        if (self.driver is None) == (self.vehicle is None):
            raise ValueError("dites qui est absent : un chauffeur ou un véhicule, pas les deux.")
        if self.starts_on > self.ends_on:
            raise ValueError("ends_on : la fin vient avant le début.")
        return self
