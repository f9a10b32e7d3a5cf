"""What if, on the wire: hypotheses asked, and the answer."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import Field, TypeAdapter

from api.services.what_if import hypotheses as suppose
from api.wire.base import Wire, example
from api.wire.plans import Text, Week
from models.errors import InputError
from models.opening import check_opening_hours
from models.values import DAY_S, Coordinates, TimeWindow

Code: TypeAlias = Annotated[Text, Field(max_length=100, examples=["cassel"])]
Crates: TypeAlias = Annotated[int, Field(ge=0, le=500)]


class SpanIn(Wire):
    """From one second of the day to a later one."""

    early: int = Field(ge=0, le=DAY_S)
    late: int = Field(ge=0, le=DAY_S)


class HoursIn(Wire):
    """A library is open at other hours on some weekdays (0: Monday); no window: closed."""

    kind: Literal["hours"]
    site: Code
    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field(min_length=1, max_length=7)
    windows: list[SpanIn] = Field(max_length=4)

    def hypothesis(self) -> suppose.Hypothesis:
        spans = sorted((one.early, one.late) for one in self.windows)
        apart = all(a[1] < b[0] for a, b in pairwise(spans))
        if not apart or any(early >= late for early, late in spans):
            raise InputError("Donnez des créneaux dans l'ordre, qui ne se touchent pas.")
        windows = tuple(TimeWindow(*one) for one in spans)
        return suppose.OtherHours(site=self.site, weekdays=frozenset(self.weekdays), windows=windows)


class ClosureIn(Wire):
    """A library is closed between two dates, both included."""

    kind: Literal["closure"]
    site: Code
    first: date
    last: date

    def hypothesis(self) -> suppose.Hypothesis:
        return suppose.Closed(site=self.site, first=self.first, last=self.last)


class NewSiteIn(Wire):
    """One more library; roads to it are estimated. `opening` as OpenStreetMap writes hours."""

    kind: Literal["new_site"]
    name: Annotated[Text, Field(min_length=1, max_length=200)]
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    opening: Annotated[Text, Field(max_length=1000, examples=["Mo-Fr 09:00-17:00"])]
    visits_per_week: int = Field(default=1, ge=1, le=7)
    deliver: Crates = 2
    collect: Crates = 2

    def hypothesis(self) -> suppose.Hypothesis:
        check_opening_hours(self.opening)
        return suppose.NewLibrary(
            name=self.name,
            point=Coordinates(lon=self.lon, lat=self.lat),
            opening=self.opening,
            visits_per_week=self.visits_per_week,
            deliver=self.deliver,
            collect=self.collect,
        )


class VehicleAwayIn(Wire):
    """A vehicle is not there between two dates, both included."""

    kind: Literal["vehicle_away"]
    vehicle: Code
    first: date
    last: date

    def hypothesis(self) -> suppose.Hypothesis:
        return suppose.VehicleAway(vehicle=self.vehicle, first=self.first, last=self.last)


class DriverAwayIn(Wire):
    """A driver is not there between two dates, both included."""

    kind: Literal["driver_away"]
    driver: Code
    first: date
    last: date

    def hypothesis(self) -> suppose.Hypothesis:
        return suppose.DriverAway(driver=self.driver, first=self.first, last=self.last)


class ExtraVanIn(Wire):
    """One more driver, with a van: both like those of a driver who is there."""

    kind: Literal["extra_van"]
    like: Code

    def hypothesis(self) -> suppose.Hypothesis:
        return suppose.ExtraVan(like=self.like)


class DemandIn(Wire):
    """Other crates at each visit of a library."""

    kind: Literal["demand"]
    site: Code
    deliver: Crates
    collect: Crates

    def hypothesis(self) -> suppose.Hypothesis:
        return suppose.Demand(site=self.site, deliver=self.deliver, collect=self.collect)


class MoreDemandIn(Wire):
    """Everybody's crates, in per cent of what they are."""

    kind: Literal["more_demand"]
    percent: int = Field(ge=1, le=500)

    def hypothesis(self) -> suppose.Hypothesis:
        return suppose.MoreDemand(percent=self.percent)


HypothesisIn: TypeAlias = Annotated[
    HoursIn | ClosureIn | NewSiteIn | VehicleAwayIn | DriverAwayIn | ExtraVanIn | DemandIn | MoreDemandIn,
    Field(discriminator="kind"),
]
_ALL: TypeAdapter[list[HypothesisIn]] = TypeAdapter(list[HypothesisIn])


class WhatIfIn(Wire):
    """Some hypotheses, all together, and how long to compute."""

    model_config = example(
        seconds=8,
        hypotheses=[
            {
                "kind": "hours",
                "site": "cassel",
                "weekdays": [2],
                "windows": [{"early": 50400, "late": 64800}],
            },
            {"kind": "vehicle_away", "vehicle": "V1", "first": "2026-12-01", "last": "2026-12-01"},
        ],
    )

    seconds: float = Field(default=8, ge=0.2, le=600)
    hypotheses: list[HypothesisIn] = Field(min_length=1, max_length=20)


class FiguresOut(Wire):
    """What a week comes to. Delays in hours, null where half of the pairs are never served."""

    rounds: int
    visits: int
    missing: int
    distance_m: int
    duration_s: int
    cents: int = Field(description="Tout compris, attente des lecteurs et passages manqués.")
    driving_cents: int = Field(description="La route seule : tournées, heures, kilomètres.")
    waiting_days: float
    median_h: int | None
    ninety_h: int | None


class OtherDayOut(Wire):
    """A library whose days change."""

    site: str
    name: str
    was: list[date]
    now: list[date]


class MovedOut(Wire):
    """A visit that is announced anew, on the same day."""

    site: str
    name: str
    day: date
    was_s: int
    now_s: int
    moved_s: int


class MissingOut(Wire):
    """Visits owed that would not be made, and why."""

    site: str
    name: str
    missing: int
    reason: str


class RoundShort(Wire):
    """A round of the week as it would be."""

    code: str
    label: str
    day: date
    start_s: int
    end_s: int
    distance_m: int
    visits: int


class WhatIfOut(Wire):
    """The answer: sentences first, then figures. `again`: the same calculation without any hypothesis."""

    run: UUID
    plan: UUID
    week: Week
    asked: list[str]
    sentences: list[str]
    before: FiguresOut
    after: FiguresOut
    again: FiguresOut | None
    other_day: list[OtherDayOut]
    moved: list[MovedOut]
    missing: list[MissingOut]
    rounds: list[RoundShort]
    keepable: bool = Field(description="Le réseau est devenu tel : le planning peut être gardé.")


def hypotheses_of(stored: Sequence[Any]) -> tuple[suppose.Hypothesis, ...]:
    """Hypotheses as they were stored with a run."""
    return tuple(one.hypothesis() for one in _ALL.validate_python(list(stored)))
