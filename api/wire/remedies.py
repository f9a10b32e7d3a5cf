"""What could be done about a visit that is not planned, on the wire."""

from datetime import date
from uuid import UUID

from pydantic import Field

from api.services.plans import edits
from api.services.plans.desk import Desk
from api.services.reasons.remedies import Hours, Kind, Remedy
from api.services.reasons.remedy_words import sentence
from api.wire.base import Wire
from api.wire.plan_edits import AddIn, EditIn, LockRoundIn, MoveIn
from api.wire.plans import Code
from api.wire.reasons import ElseOut, others
from models.plan import Unplanned
from models.tables.plans import PlanRecord


class HoursOut(Wire):
    """When the site would have to receive the shuttle on a weekday (0: Monday), seconds of the day."""

    weekday: int
    early: int
    late: int
    more_s: int = Field(description="Combien c'est de plus qu'aujourd'hui.")


class RemedyOut(Wire):
    """One way to plan the visit, with its figures."""

    kind: Kind
    sentence: str
    round: Code
    day: date
    number: int
    begin_s: int
    duration_s: int
    distance_m: int
    cents: int = Field(description="Ce que coûte la route, habitudes comprises.")
    saves_cents: int = Field(description="Ce que la semaine ne paie plus : passage manqué, attente.")
    breaks: list[str]
    shifted: list[ElseOut]
    clean: bool = Field(description="Rien ne casse.")
    hours: HoursOut | None
    fewer_crates: int
    edits: list[EditIn] = Field(
        description="À envoyer tels quels à `POST /plans/{plan}/edits` ; vide quand il faut d'abord changer "
        "les horaires du lieu."
    )


class RemediesOut(Wire):
    """Up to three ways, the one that takes least first."""

    plan: UUID
    version: int
    site: str
    name: str
    missing: int
    reason: str
    remedies: list[RemedyOut]


def remedies_out(record: PlanRecord, desk: Desk, entry: Unplanned, found: tuple[Remedy, ...]) -> RemediesOut:
    """The remedies of one entry of the tray."""
    return RemediesOut(
        plan=record.id,
        version=record.version,
        site=entry.site,
        name=desk.network.site(entry.site).name,
        missing=entry.missing,
        reason=entry.reason,
        remedies=[_remedy(desk, one) for one in found],
    )


def _remedy(desk: Desk, one: Remedy) -> RemedyOut:
    return RemedyOut(
        kind=one.kind,
        sentence=sentence(one, desk.network),
        round=one.outing.code,
        day=one.outing.day,
        number=one.number,
        begin_s=one.begin_s,
        duration_s=one.duration_s,
        distance_m=one.distance_m,
        cents=one.cents,
        saves_cents=one.spared_cents,
        breaks=list(one.breaks),
        shifted=others(desk, one.shifted),
        clean=not one.breaks,
        hours=_hours(one.hours) if one.hours else None,
        fewer_crates=one.crates,
        edits=[_edit(each) for each in one.edits],
    )


def _hours(found: Hours) -> HoursOut:
    return HoursOut(
        weekday=found.weekday, early=found.window.early, late=found.window.late, more_s=found.more_s
    )


def _edit(one: edits.Edit) -> EditIn:
    match one:
        case edits.Move():
            return MoveIn(kind="move", visit=one.visit, round=one.round, number=one.number)
        case edits.Add():
            return AddIn(
                kind="add",
                site=one.site,
                round=one.round,
                number=one.number,
                deliver=one.deliver,
                collect=one.collect,
            )
        case edits.LockRound():
            return LockRoundIn(kind="lock_round", round=one.round, locked=one.locked)
    raise TypeError(f"no remedy makes {one}")
