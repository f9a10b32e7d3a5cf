"""Plans on the wire: rounds with their clocks, totals, what is not planned, what is not kept.

Times are seconds of the round's service day (28800 is 8 a.m.), distances metres, loads crates, money cents.
"""

import re
from datetime import date, datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, Field

from api.wire.base import Wire
from models.tables.plans import Lock, PlanKind, PlanStatus

MAX_SECOND = 36 * 3600
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    """Not every database can hold a NUL or half a surrogate pair."""
    if _UNSTORABLE.search(text):
        raise ValueError("ce texte contient un caractère qui ne peut pas être enregistré.")
    return text


Text: TypeAlias = Annotated[str, AfterValidator(_storable)]
Title: TypeAlias = Annotated[Text, Field(max_length=200, examples=["Semaine de la rentrée"])]
Week: TypeAlias = Annotated[str, Field(pattern=r"^20[0-9]{2}-W[0-9]{2}$", examples=["2026-W49"])]
Code: TypeAlias = Annotated[Text, Field(max_length=200, examples=["2026-W49-mar-matin-V1"])]
Ref: TypeAlias = Annotated[Text, Field(max_length=400, examples=["2026-W49-mar-matin-V1/cassel"])]


class WindowOut(Wire):
    """Seconds of the service day, both included."""

    early: int
    late: int


class VisitOut(Wire):
    """The `number`-th halt of a round. `notes` say in French what it does not keep."""

    ref: Ref
    number: int
    site: str
    arrival_s: int
    begin_s: int
    begin: datetime
    end_s: int
    window: WindowOut
    announced: WindowOut
    leg_s: int
    leg_m: int
    deliver: int
    collect: int
    load_after: int
    notes: list[str]
    lock: Lock
    after: str | None = Field(default=None, description="Le passage qui doit venir avant dans la tournée.")


class PauseOut(Wire):
    """The driver's break: after visit number `after` (0: before the first)."""

    after: int
    begin_s: int
    length_s: int


class RoundOut(Wire):
    """One round of a plan, with its clock, its loads and what it does not keep."""

    code: Code
    label: str
    day: date
    vehicle: str
    driver: str
    start_site: str
    end_site: str
    start_s: int
    end_s: int
    shift: WindowOut
    departure_s: int | None = Field(default=None, description="Le départ voulu ; nul : au mieux.")
    locked: bool
    pause: PauseOut | None
    leg_back_s: int
    leg_back_m: int
    load_start: int
    load_peak: int
    load_end: int
    distance_m: int
    duration_s: int
    notes: list[str]
    visits: list[VisitOut]


class Totals(Wire):
    """What some rounds come to. `duration_s` is from depot to depot, pauses included."""

    rounds: int = 0
    visits: int = 0
    distance_m: int = 0
    duration_s: int = 0
    deliver: int = 0
    collect: int = 0


class DayTotals(Totals):
    """The same for one day; `end_s` is when the last round is home."""

    day: date
    end_s: int


class UnplannedOut(Wire):
    """Visits owed to a site and not in the plan, with the reason, a French sentence."""

    site: str
    missing: int
    reason: str


class ProofOut(Wire):
    """No plan of the week can cost less than `cents`."""

    cents: int
    finished: bool
    spent_s: float
    gap_permille: int | None
    sentence: str | None


class StampOut(Wire):
    """How a plan was computed."""

    engine: str
    version: str
    seconds: float | None
    iterations: int | None
    seed: int
    travel: str
    network: str
    spent_s: float
    interrupted: bool


class PlanHead(Wire):
    """A plan in a list."""

    id: UUID
    version: int
    number: int
    kind: PlanKind
    week: Week
    status: PlanStatus
    title: str
    parent: UUID | None
    run: UUID | None
    created_by: str
    created_at: datetime
    updated_at: datetime = Field(description="La dernière retouche.")
    published_by: str
    published_at: datetime | None
    superseded_at: datetime | None
    network_revision: int
    total_cents: int
    missing: int = Field(description="Combien de passages dus ne sont pas planifiés.")
    totals: Totals


class PossibleRound(Wire):
    """A round that somebody could drive and nobody does: give its code to place visits in it."""

    code: Code
    day: date
    vehicle: str
    driver: str
    window: WindowOut


class PlanOut(PlanHead):
    """A plan, whole."""

    rounds: list[RoundOut]
    days: list[DayTotals]
    unplanned: list[UnplannedOut]
    cost_cents: dict[str, int]
    holidays: dict[str, str]
    estimated_sites: list[str]
    stamp: StampOut
    proof: ProofOut | None
    violations: int = Field(description="Combien de remarques portent ses tournées et ses passages.")
    outdated: bool = Field(description="Le réseau a changé depuis que ce planning a été fait ou retouché.")
    possible: list[PossibleRound] = Field(
        description="Les tournées possibles qui ne roulent pas (brouillon)."
    )
    can_undo: bool
    can_redo: bool


class PlanIn(Wire):
    """A new draft: empty for a week, or the copy of another plan (of the same week)."""

    week: Week | None = Field(default=None, description="Pour un brouillon vide.", examples=["2026-W49"])
    copy_of: UUID | None = Field(default=None, description="Le planning à copier, quel que soit son état.")
    kind: PlanKind | None = Field(
        default=None, description="`template` pour une semaine type ; par défaut comme l'original."
    )
    title: Title = ""


class PlanChange(Wire):
    """What may change of a draft besides its rounds."""

    title: Title


class PlaceOut(Wire):
    """A place on a round, as the driver needs it."""

    code: str
    name: str
    kind: str
    commune: str
    address: str
    postcode: str
    lon: float
    lat: float
    access: str
    access_note: str
    phone: str
    assumed: list[str]


class RoundPage(RoundOut):
    """A published round, with its places in full and the plan that it belongs to."""

    plan: UUID
    plan_number: int
    version: int
    week: Week
    published_at: datetime | None
    vehicle_name: str
    driver_name: str
    coordinator_phone: str
    places: list[PlaceOut]


class RoundHead(Wire):
    """A published round in a list."""

    code: Code
    label: str
    day: date
    vehicle: str
    driver: str
    start_s: int
    end_s: int
    visits: int
