"""The network: sites and whom to call there, vehicles, drivers, and when they are closed or away.

Codes (`cassel`, `V1`) are what people and files use; they never change once given, so other records refer
to them. Nothing that was ever planned is deleted: it is archived.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, LargeBinary
from sqlmodel import Field

from models.network.values import Access, SiteKind
from models.tables.base import Record, UtcDateTime, Versioned, now, words


class NetworkRecord(Versioned, table=True):
    """The one row that says who runs the network. `revision` grows whenever anything that a plan depends on
    changes, in any table of this file; `rules` are the fields of `models.network.values.Rules`."""

    __tablename__ = "network"

    code: str = Field(unique=True)
    name: str
    organisation: str
    coordinator_name: str = ""
    coordinator_phone: str = ""
    coordinator_email: str = ""
    rules: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    revision: int = 1


class NetworkFileRecord(Record, table=True):
    """A file that belongs to the network and is too large for rows: `travel.npz`, `communes.geojson`."""

    __tablename__ = "network_file"

    name: str = Field(unique=True)
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class SiteRecord(Versioned, table=True):
    """A place that the shuttle may serve; the fields of `models.network.values.Site`, `code` being its `id`.

    `position` is its place in lists. `declared_minutes` is the weekly opening that the library declares.
    `facts` are cells of its file that no plan uses (`models.network.rows.FACTS`).
    """

    __tablename__ = "site"

    code: str = Field(unique=True)
    position: int = Field(default=0, index=True)
    name: str
    kind: SiteKind = Field(sa_type=words(SiteKind))
    commune: str
    insee: str
    address: str = ""
    postcode: str = ""
    lon: float
    lat: float
    opening: str = ""
    shuttle_hours: str = ""
    access: Access = Field(default=Access.OPENING, sa_type=words(Access))
    access_note: str = ""
    phone: str = ""
    visits_per_week: int = 0
    min_gap_days: int = 1
    deliver: int = 0
    collect: int = 0
    weekly_documents: int = 0
    declared_minutes: int | None = None
    assumed: list[str] = Field(default_factory=list, sa_type=JSON)
    facts: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ContactRecord(Record, table=True):
    """Someone to call at a site."""

    __tablename__ = "contact"

    site: str = Field(foreign_key="site.code", index=True)
    position: int = 0
    name: str
    role: str = ""
    phone: str = ""
    email: str = ""


class SeasonRecord(Record, table=True):
    """Other hours between two dates, both included. An empty text keeps the ordinary hours."""

    __tablename__ = "season"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="in_order"),)

    site: str = Field(foreign_key="site.code", index=True)
    label: str = ""
    starts_on: date
    ends_on: date
    opening: str = ""
    shuttle_hours: str = ""


class ClosureStatus(StrEnum):
    """What became of a closure that a library declared."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ClosureRecord(Versioned, table=True):
    """Days, both included, on which a site (all of them where `site` is None) takes no shuttle.

    Only accepted closures act on plans.
    """

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="in_order"),)

    site: str | None = Field(default=None, foreign_key="site.code", index=True)
    starts_on: date
    ends_on: date
    reason: str = ""
    status: ClosureStatus = Field(default=ClosureStatus.PROPOSED, sa_type=words(ClosureStatus), index=True)
    declared_by: str = ""
    declared_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class VehicleRecord(Versioned, table=True):
    """A van; the fields of `models.network.values.Vehicle`."""

    __tablename__ = "vehicle"

    code: str = Field(unique=True)
    position: int = 0
    name: str
    depot: str = Field(foreign_key="site.code", index=True)
    capacity: int
    hours: str = ""
    speed_percent: int = 100
    run_cents: int = 0
    km_cents: int = 0
    assumed: bool = False
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DriverRecord(Versioned, table=True):
    """Who drives which van, and when; the fields of `models.network.values.Driver`."""

    __tablename__ = "driver"

    code: str = Field(unique=True)
    position: int = 0
    name: str
    vehicle: str = Field(foreign_key="vehicle.code", index=True)
    hours: str = ""
    phone: str = ""
    hour_cents: int = 0
    break_s: int = 0
    break_early: int | None = None
    break_late: int | None = None
    assumed: bool = False
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AbsenceRecord(Record, table=True):
    """Days, both included, without a driver or without a vehicle: exactly one of the two is named."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        CheckConstraint("(driver IS NULL) <> (vehicle IS NULL)", name="one_of_two"),
    )

    driver: str | None = Field(default=None, foreign_key="driver.code", index=True)
    vehicle: str | None = Field(default=None, foreign_key="vehicle.code", index=True)
    starts_on: date
    ends_on: date
    reason: str = ""


class ImportRecord(Record, table=True):
    """One import of files into the network: what it changed, and from what, so that it can be told later."""

    __tablename__ = "network_import"

    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    by: str
    file_name: str
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    batch: UUID | None = None
