"""Why an order is as it is, and what could be done about a visit that is missing: on the wire."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.services.plans.desk import Desk
from api.services.reasons.why import Explained, Move, Placed, Shifted
from api.services.reasons.why_words import Binding, Words
from api.wire.base import Wire
from api.wire.plan_edits import MoveIn
from api.wire.plans import Code, Ref
from models.tables.plans import PlanRecord


class ElseOut(Wire):
    """Another visit, whose announced window moves by more than the tolerance."""

    ref: Ref
    site: str
    name: str
    begin_s: int
    moved_s: int


class MoveOut(Wire):
    """The best place of its kind for a visit, and what changes: figures less than zero are saved."""

    where: Literal["earlier", "later", "other"] = Field(
        description="Avant ou après, dans la même tournée ; ou dans une autre."
    )
    round: Code
    label: str
    day: date
    is_new: bool = Field(description="Une tournée possible, que personne ne fait encore.")
    number: int
    begin_s: int
    duration_s: int
    distance_m: int
    cents: int = Field(description="Tout compris : heures, kilomètres, attente des lecteurs, habitudes.")
    breaks: list[str] = Field(description="Ce qui ne serait plus tenu.")
    shifted: list[ElseOut] = Field(description="Les autres passages à annoncer de nouveau.")
    sentence: str
    edit: MoveIn = Field(description="À envoyer tel quel à `POST /plans/{plan}/edits`.")


class VisitWhy(Wire):
    """One visit: what holds it there, how far it could move with nothing broken, and its best moves."""

    ref: Ref
    site: str
    name: str
    number: int
    begin_s: int
    binding: Binding
    sentence: str
    earlier_s: int | None = Field(description="De combien il pourrait avancer ; nul s'il ne tient pas.")
    later_s: int | None = Field(description="De combien il pourrait reculer ; nul s'il ne tient pas.")
    moves: list[MoveOut]


class WhyOut(Wire):
    """Why a round runs in this order."""

    plan: UUID
    version: int
    round: Code
    sentences: list[str]
    visits: list[VisitWhy]


def why(record: PlanRecord, desk: Desk, found: Explained, driven: frozenset[str]) -> WhyOut:
    """The reasons of a round; `driven` are the codes of the plan's rounds."""
    words = Words(desk, found)
    return WhyOut(
        plan=record.id,
        version=record.version,
        round=found.outing.code,
        sentences=words.round_sentences(),
        visits=[_visit(desk, words, visit, driven) for visit in found.visits],
    )


def _visit(desk: Desk, words: Words, visit: Placed, driven: frozenset[str]) -> VisitWhy:
    reason = words.reason(visit)
    return VisitWhy(
        ref=visit.call.key,
        site=visit.call.site,
        name=desk.network.site(visit.call.site).name,
        number=visit.number,
        begin_s=visit.begin_s,
        binding=reason.binding,
        sentence=reason.sentence,
        earlier_s=reason.earlier_s,
        later_s=reason.later_s,
        moves=[_move(desk, words, visit.call.key, move, driven) for move in visit.moves],
    )


def _move(desk: Desk, words: Words, key: str, move: Move, driven: frozenset[str]) -> MoveOut:
    return MoveOut(
        where=move.where,
        round=move.outing.code,
        label=f"{move.label} · {desk.network.vehicle(move.outing.vehicle).name}",
        day=move.outing.day,
        is_new=move.outing.code not in driven,
        number=move.number,
        begin_s=move.begin_s,
        duration_s=move.duration_s,
        distance_m=move.distance_m,
        cents=move.cents,
        breaks=list(move.breaks),
        shifted=others(desk, move.shifted),
        sentence=words.sentence(move),
        edit=MoveIn(kind="move", visit=key, round=move.outing.code, number=move.number),
    )


def others(desk: Desk, moved: tuple[Shifted, ...]) -> list[ElseOut]:
    """Other visits that move."""
    return [
        ElseOut(
            ref=one.ref,
            site=one.site,
            name=desk.network.site(one.site).name,
            begin_s=one.begin_s,
            moved_s=one.moved_s,
        )
        for one in moved
    ]
