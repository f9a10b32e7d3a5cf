"""Sites on the wire, with whom to call there and their seasons."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from api.wire.base import Wire, example
from api.wire.network import FindingOut
from api.wire.text import Change, Code, Hours, Line, Phone
from models.network.cells import ASSUMABLE
from models.network.values import Access, SiteKind
from models.tables.network import ContactRecord, SeasonRecord, SiteRecord

_Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, examples=[2.489167])]
_Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, examples=[50.798619])]
_FiveSigns = Annotated[Line, Field(min_length=4, max_length=5, examples=["59670"])]
_Assumed = Annotated[
    list[str],
    Field(
        max_length=len(ASSUMABLE),
        description=f"Ce que personne n'a confirmé, parmi : {', '.join(ASSUMABLE)}.",
        examples=[["horaires"]],
    ),
]
_Minutes = Annotated[
    int, Field(ge=0, le=10_080, description="L'ouverture hebdomadaire que le lieu déclare, en minutes.")
]


class SiteOut(Wire):
    """A place that the shuttle may serve."""

    version: int
    code: Annotated[str, Field(examples=["cassel"])]
    position: int
    name: Annotated[str, Field(examples=["Médiathèque de Cassel"])]
    kind: SiteKind
    commune: str
    insee: str
    address: str
    postcode: str
    lon: float
    lat: float
    opening: str
    shuttle_hours: str
    access: Access
    access_note: str
    phone: str
    visits_per_week: int
    min_gap_days: int
    deliver: int
    collect: int
    weekly_documents: int
    declared_minutes: int | None
    assumed: list[str]
    facts: Annotated[dict[str, str], Field(description="Ce que le fichier du réseau dit de plus.")]
    archived_at: datetime | None
    travel_estimated: Annotated[
        bool, Field(description="Vrai : ses temps de route sont estimés à vol d'oiseau.")
    ]

    @classmethod
    def of(cls, record: SiteRecord, *, estimated: bool) -> "SiteOut":
        return cls(**record.model_dump(exclude={"id"}), travel_estimated=estimated)


class SiteAnswer(SiteOut):
    """A site as it is now stored, and what should be known about it."""

    remarks: list[FindingOut]


class SiteIn(Wire):
    """A new site."""

    code: Code | None = None
    name: Annotated[Line, Field(min_length=1, max_length=200)]
    kind: SiteKind = SiteKind.LIBRARY
    commune: Annotated[Line, Field(min_length=1, max_length=100)]
    insee: _FiveSigns
    address: Line = ""
    postcode: _FiveSigns
    lon: _Lon
    lat: _Lat
    opening: Hours = ""
    shuttle_hours: Hours = ""
    access: Access = Access.OPENING
    access_note: Line = ""
    phone: Phone = ""
    visits_per_week: Annotated[int, Field(ge=0, le=7)] = 0
    min_gap_days: Annotated[int, Field(ge=1, le=7)] = 1
    deliver: Annotated[int, Field(ge=0, le=1000)] = 0
    collect: Annotated[int, Field(ge=0, le=1000)] = 0
    weekly_documents: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    declared_minutes: _Minutes | None = None
    assumed: _Assumed = Field(default_factory=list)


class SiteChange(Change):
    """What may be changed of a site."""

    name: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    kind: SiteKind | None = None
    commune: Annotated[Line, Field(min_length=1, max_length=100)] | None = None
    insee: _FiveSigns | None = None
    address: Line | None = None
    postcode: _FiveSigns | None = None
    lon: _Lon | None = None
    lat: _Lat | None = None
    opening: Hours | None = None
    shuttle_hours: Hours | None = None
    access: Access | None = None
    access_note: Line | None = None
    phone: Phone | None = None
    visits_per_week: Annotated[int, Field(ge=0, le=7)] | None = None
    min_gap_days: Annotated[int, Field(ge=1, le=7)] | None = None
    deliver: Annotated[int, Field(ge=0, le=1000)] | None = None
    collect: Annotated[int, Field(ge=0, le=1000)] | None = None
    weekly_documents: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    declared_minutes: _Minutes | None = None
    assumed: _Assumed | None = None
    position: Annotated[int, Field(ge=0, le=1_000_000)] | None = None

    @classmethod
    def may_be_null(cls) -> frozenset[str]:
        return frozenset({"declared_minutes"})


class ContactOut(Wire):
    """Someone to call at a site."""

    id: UUID
    name: str
    role: str
    phone: str
    email: str

    @classmethod
    def of(cls, record: ContactRecord) -> "ContactOut":
        return cls(**record.model_dump(include=set(cls.model_fields)))


class ContactIn(Wire):
    """Someone to call at a site; `id` where it is one of those already known."""

    id: UUID | None = None
    name: Annotated[Line, Field(min_length=1, max_length=200)]
    role: Annotated[Line, Field(max_length=200)] = ""
    phone: Phone = ""
    email: Annotated[Line, Field(pattern=r"^$|^[^@\s]+@[^@\s]+$")] = ""


class Contacts(Wire):
    """Everyone to call at a site, in order; `version` is the site's."""

    version: int
    items: list[ContactOut]


class ContactsIn(Wire):
    """All contacts of a site: those that are left out are forgotten."""

    model_config = example(items=[{"name": "Dominique Baert", "role": "bénévole", "phone": "03 28 00 00 00"}])

    items: Annotated[list[ContactIn], Field(max_length=50)]


class SeasonOut(Wire):
    """Other hours between two dates, both included."""

    id: UUID
    label: str
    starts_on: date
    ends_on: date
    opening: str
    shuttle_hours: str

    @classmethod
    def of(cls, record: SeasonRecord) -> "SeasonOut":
        return cls(**record.model_dump(include=set(cls.model_fields)))


class SeasonIn(Wire):
    """Other hours between two dates, both included. An empty text keeps the ordinary hours."""

    id: UUID | None = None
    label: Annotated[Line, Field(max_length=200, examples=["Été"])] = ""
    starts_on: Annotated[date, Field(examples=["2027-07-01"])]
    ends_on: Annotated[date, Field(examples=["2027-08-31"])]
    opening: Hours = ""
    shuttle_hours: Hours = ""

    @model_validator(mode="after")
    def _in_order(self) -> "SeasonIn":
        if self.starts_on > self.ends_on:
            raise ValueError("ends_on : la fin vient avant le début.")
        return self


class Seasons(Wire):
    """The seasons of a site, by date; `version` is the site's."""

    version: int
    items: list[SeasonOut]


class SeasonsIn(Wire):
    """All seasons of a site: those that are left out are forgotten. Two may not share a day."""

    model_config = example(
        items=[
            {"label": "Été", "starts_on": "2027-07-01", "ends_on": "2027-08-31", "opening": "We 14:00-17:00"}
        ]
    )

    items: Annotated[list[SeasonIn], Field(max_length=100)]
