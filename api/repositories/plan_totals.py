"""What plans come to, counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as plain_select
from sqlmodel import Session, col

from models.tables.plans import RoundRecord, VisitRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """What the rounds of a plan come to; seconds are from depot to depot."""

    rounds: int = 0
    visits: int = 0
    distance_m: int = 0
    duration_s: int = 0
    deliver: int = 0
    collect: int = 0


def totals_of(session: Session, plans: Sequence[UUID]) -> dict[UUID, Sums]:
    """The sums of some plans, in two queries; a plan without a round is not among them."""
    tours = (
        plain_select(
            col(RoundRecord.plan),
            func.count(),
            func.sum(col(RoundRecord.leg_back_m)),
            func.sum(col(RoundRecord.end_s) - col(RoundRecord.start_s)),
        )
        .where(col(RoundRecord.plan).in_(plans))
        .group_by(col(RoundRecord.plan))
    )
    found = {
        plan: Sums(rounds=int(many), distance_m=int(back), duration_s=int(spent))
        for plan, many, back, spent in session.execute(tours)
    }
    calls = (
        plain_select(
            col(RoundRecord.plan),
            func.count(),
            func.sum(col(VisitRecord.leg_m)),
            func.sum(col(VisitRecord.deliver)),
            func.sum(col(VisitRecord.collect)),
        )
        .join(VisitRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .where(col(RoundRecord.plan).in_(plans))
        .group_by(col(RoundRecord.plan))
    )
    for plan, many, metres, deliver, collect in session.execute(calls):
        so_far = found[plan]
        found[plan] = replace(
            so_far,
            visits=int(many),
            distance_m=so_far.distance_m + int(metres),
            deliver=int(deliver),
            collect=int(collect),
        )
    return found
