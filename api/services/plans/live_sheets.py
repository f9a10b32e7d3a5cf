"""What the sheets of a published plan print besides the plan: crates to leave and to take, as on phones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from api.services.road.actions import actions_of_rounds
from models.plan import Plan, Round
from models.tables.plans import PlanRecord, PlanStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """How many crates are left and taken at a visit, and the codes of those to leave, as far as known."""

    round: str
    number: int
    leave: int
    take: int
    codes: tuple[str, ...]


def live(session: Session, record: PlanRecord, rounds: Sequence[str]) -> tuple[Printed, ...]:
    """What is known now of the visits of a published plan's rounds; of another plan nothing."""
    if record.status is not PlanStatus.PUBLISHED:
        return ()
    return tuple(
        Printed(
            round=tour.round,
            number=visit.number,
            leave=visit.leave,
            take=visit.take,
            codes=tuple(action.crate for action in visit.leaving if action.crate),
        )
        for tour in actions_of_rounds(session, rounds)
        for visit in tour.visits
    )


def codes_of(printed: Sequence[Printed]) -> dict[tuple[str, int], tuple[str, ...]]:
    """The crates to leave, by round and number of visit."""
    return {(one.round, one.number): one.codes for one in printed if one.codes}


def with_live(plan: Plan, printed: Sequence[Printed]) -> Plan:
    """The plan with the crates that are known now. What is more or less than planned is loaded at the depot,
    and brought back there."""
    known = {(one.round, one.number): one for one in printed}
    return replace(plan, rounds=tuple(_with_live(tour, known) for tour in plan.rounds))


def _with_live(tour: Round, known: Mapping[tuple[str, int], Printed]) -> Round:
    visits = []
    for visit in tour.visits:
        one = known.get((tour.id, visit.number))
        visits.append(replace(visit, deliver=one.leave, collect=one.take) if one else visit)
    more = sum(visit.deliver for visit in visits) - sum(visit.deliver for visit in tour.visits)
    back = sum(visit.collect for visit in visits) - sum(visit.collect for visit in tour.visits)
    return replace(
        tour,
        visits=tuple(visits),
        load_start=max(0, tour.load_start + more),
        load_end=max(0, tour.load_end + back),
    )
