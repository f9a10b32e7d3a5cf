"""Closures on the wire, and their effect before anybody accepts them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from api.services.described.effect import Effect, Lost
from api.services.described.effect_words import move_words, summary, told_of
from api.services.described.moves import Move
from api.wire.base import Wire
from api.wire.text import Code, Line
from models.school_holidays import SchoolHoliday
from models.tables.network import ClosureRecord, ClosureStatus

_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31), examples=["2026-12-21"])]
_Reason = Annotated[Line, Field(max_length=200, examples=["Inventaire"])]


class ClosureOut(Wire):
    """Days, both included, on which a site takes no shuttle; `site` is null for the whole network."""

    version: int
    id: UUID
    site: str | None
    starts_on: date
    ends_on: date
    reason: str
    status: ClosureStatus
    declared_by: str
    declared_at: datetime
    decided_by: str
    decided_at: datetime | None

    @classmethod
    def of(cls, record: ClosureRecord) -> "ClosureOut":
        return cls(**record.model_dump())


class _Dates(Wire):
    starts_on: _Day
    ends_on: _Day
    reason: _Reason = ""

    @model_validator(mode="after")
    def _in_order(self) -> "_Dates":
        if self.starts_on > self.ends_on:
            raise ValueError("ends_on : la fin vient avant le début.")
        if (self.ends_on - self.starts_on).days > 370:
            raise ValueError("ends_on : une fermeture dure au plus un an ; archivez plutôt le lieu.")
        return self


class ClosureIn(_Dates):
    """A closure to declare. A library proposes; a coordinator may accept at once."""

    accepted: Annotated[bool, Field(description="Acceptée tout de suite (coordination).")] = False


class ClosureAsked(_Dates):
    """A closure of which only the effect is asked; nothing is stored."""

    site: Annotated[Code | None, Field(description="Nul : tout le réseau.")] = None


class MoveOut(Wire):
    """Another place for a visit, in its week."""

    day: date
    round: str
    label: str
    number: int
    begin_s: Annotated[int, Field(description="Secondes du jour de tournée.")]
    added_minutes: int
    added_km: float
    added_cents: int
    breaches: Annotated[list[str], Field(description="Ce qui ne serait plus tenu.")]
    new_round: bool
    sentence: str

    @classmethod
    def of(cls, move: Move) -> "MoveOut":
        return cls(
            day=move.day,
            round=move.round,
            label=move.label,
            number=move.number,
            begin_s=move.begin_s,
            added_minutes=round(move.added_s / 60),
            added_km=round(move.added_m / 1000, 1),
            added_cents=move.added_cents,
            breaches=list(move.breaches),
            new_round=move.is_new,
            sentence=f"Déplacer {move_words(move)}.",
        )


class LostOut(Wire):
    """A published visit that falls on the closure, what readers lose, what could be done."""

    ref: str
    round: str
    day: date
    site: str
    site_name: str
    begin_s: int
    announced_early: int
    announced_late: int
    next_day: date | None
    waiting_days: int | None
    documents: int
    proposed: Annotated[str, Field(examples=["déplacer", "sauter"])]
    move: MoveOut | None
    moves: list[MoveOut]
    sentences: list[str]

    @classmethod
    def of(cls, lost: Lost, *, with_moves: bool) -> "LostOut":
        tour, visit = lost.told.round, lost.told.visit
        return cls(
            ref=visit.ref,
            round=tour.code,
            day=tour.day,
            site=visit.site,
            site_name=lost.site_name,
            begin_s=visit.begin_s,
            announced_early=visit.announced_early,
            announced_late=visit.announced_late,
            next_day=lost.next_day,
            waiting_days=lost.waiting_days,
            documents=lost.documents,
            proposed="déplacer" if lost.move else "sauter",
            move=MoveOut.of(lost.move) if lost.move and with_moves else None,
            moves=[MoveOut.of(one) for one in lost.moves] if with_moves else [],
            sentences=told_of(lost)[: 3 if with_moves else 2],
        )


class HolidayOut(Wire):
    """A holiday that the closure meets: one public holiday, or school holidays of zone B."""

    name: str
    first: date
    last: date
    school: bool

    @classmethod
    def of_school(cls, found: SchoolHoliday) -> "HolidayOut":
        return cls(name=found.name, first=found.first, last=found.last, school=True)


class EffectOut(Wire):
    """What a closure does to what was published. Nothing is stored by asking."""

    site: str | None
    starts_on: date
    ends_on: date
    summary: list[str]
    holidays: list[HolidayOut]
    rounds: list[str]
    expected: Annotated[
        int, Field(description="Passages de la semaine type dans les semaines qui ne sont pas publiées.")
    ]
    visits: list[LostOut]

    @classmethod
    def of(cls, effect: Effect, name: str, *, with_moves: bool = True) -> "EffectOut":
        public = [HolidayOut(name=name, first=on, last=on, school=False) for on, name in effect.holidays]
        school = [HolidayOut.of_school(one) for one in effect.school]
        return cls(
            site=effect.site,
            starts_on=effect.closure.first,
            ends_on=effect.closure.last,
            summary=summary(effect, name),
            holidays=[*public, *school],
            rounds=list(effect.rounds),
            expected=effect.expected,
            visits=[LostOut.of(one, with_moves=with_moves) for one in effect.lost],
        )
