"""Changes of a draft on the wire, and what they come to."""

from datetime import date
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from api.services.plans import edits
from api.wire.base import Wire
from api.wire.plans import MAX_SECOND, Code, Ref, RoundOut, Text, UnplannedOut, WindowOut
from models.tables.plans import Lock

Number: TypeAlias = Annotated[
    int | None,
    Field(ge=1, le=500, description="Quel arrêt de la tournée il devient ; nul : là où il coûte le moins."),
]
Crates: TypeAlias = Annotated[int, Field(ge=0, le=500)]
Site: TypeAlias = Annotated[Text, Field(max_length=100, examples=["cassel"])]


class OrderIn(Wire):
    """All visits of a round, in their new order."""

    visits: list[Ref] = Field(
        max_length=500, examples=[["2026-W49-mar-matin-V1/oxelaere", "2026-W49-mar-matin-V1/cassel"]]
    )


class MoveIn(Wire):
    """A visit to another round (of any day) or another place; `round` may be a possible round."""

    kind: Literal["move"]
    visit: Ref
    round: Code
    number: Number = None

    def edit(self) -> edits.Edit:
        return edits.Move(visit=self.visit, round=self.round, number=self.number)


class AddIn(Wire):
    """One more visit to a site, or one from the tray."""

    kind: Literal["add"]
    site: Site
    round: Code
    number: Number = None
    deliver: Crates | None = Field(default=None, description="Nul : comme d'habitude.")
    collect: Crates | None = None

    def edit(self) -> edits.Edit:
        return edits.Add(
            site=self.site, round=self.round, number=self.number, deliver=self.deliver, collect=self.collect
        )


class TakeOutIn(Wire):
    """A visit out of its round; if it is owed, it stands among what is not planned."""

    kind: Literal["take_out"]
    visit: Ref

    def edit(self) -> edits.Edit:
        return edits.TakeOut(visit=self.visit)


class CratesIn(Wire):
    """Other crates at one visit."""

    kind: Literal["crates"]
    visit: Ref
    deliver: Crates
    collect: Crates

    def edit(self) -> edits.Edit:
        return edits.Crates(visit=self.visit, deliver=self.deliver, collect=self.collect)


class DepartureIn(Wire):
    """When a round leaves; null: as late as suits."""

    kind: Literal["departure"]
    round: Code
    departure_s: int | None = Field(ge=0, le=MAX_SECOND, examples=[30600])

    def edit(self) -> edits.Edit:
        return edits.Departure(round=self.round, departure_s=self.departure_s)


class LockVisitIn(Wire):
    """What is fixed of a visit: `none`, its `day`, its `round`, its `position`; `after` makes a pair."""

    kind: Literal["lock_visit"]
    visit: Ref
    lock: Lock
    after: Ref | None = None

    def edit(self) -> edits.Edit:
        return edits.LockVisit(visit=self.visit, lock=self.lock, after=self.after)


class LockRoundIn(Wire):
    """A whole round fixed, or free again."""

    kind: Literal["lock_round"]
    round: Code
    locked: bool

    def edit(self) -> edits.Edit:
        return edits.LockRound(round=self.round, locked=self.locked)


class ReassignIn(Wire):
    """A whole round to another vehicle, driver or day of the week. Its code follows vehicle and day."""

    kind: Literal["reassign"]
    round: Code
    vehicle: Site | None = None
    driver: Site | None = None
    day: date | None = None

    def edit(self) -> edits.Edit:
        return edits.Reassign(round=self.round, vehicle=self.vehicle, driver=self.driver, day=self.day)


class RetimeIn(Wire):
    """All clocks anew, as the network stands now."""

    kind: Literal["retime"]

    def edit(self) -> edits.Edit:
        return edits.Retime()


EditIn: TypeAlias = Annotated[
    MoveIn | AddIn | TakeOutIn | CratesIn | DepartureIn | LockVisitIn | LockRoundIn | ReassignIn | RetimeIn,
    Field(discriminator="kind"),
]


class EditsIn(Wire):
    """Changes made together, one after the other: one new version, one thing to undo.

    Visits are named as they were before all of them.
    """

    edits: list[EditIn] = Field(
        min_length=1,
        max_length=50,
        examples=[
            [{"kind": "move", "visit": "2026-W49-mar-matin-V1/cassel", "round": "2026-W49-mer-matin-V1"}]
        ],
    )


class ShiftedOut(Wire):
    """A visit whose announced window is not what it was; `moved_s` is null when it changed days."""

    ref: Ref
    site: str
    was_day: date
    was: WindowOut
    day: date
    now: WindowOut
    moved_s: int | None


class DeltaOut(Wire):
    """What the change adds (less than zero: saves)."""

    duration_s: int
    distance_m: int
    cents: int
    terms: dict[str, int]
    shifted: list[ShiftedOut]


class EditOut(Wire):
    """What a change comes to. `stored` is false after `?try=true`."""

    plan: UUID
    version: int
    stored: bool
    rounds: list[RoundOut] = Field(description="Les tournées changées, entières.")
    gone: list[Code] = Field(description="Les tournées qui n'existent plus.")
    delta: DeltaOut
    unplanned: list[UnplannedOut]
    total_cents: int
    violations: int
    can_undo: bool
    can_redo: bool
