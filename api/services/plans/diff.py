"""Two plans, visit by visit: what moved, what came, what went, and what that costs."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.services.plans.delta import cents_between
from api.services.plans.matching import Match, matches
from api.services.plans.store import plans_of_records
from models.errors import NotFound
from models.plan import Plan
from models.tables.plans import PlanRecord


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`after` seen from `before`. Rounds are compared by their names within the week: day, half, van."""

    before: tuple[PlanRecord, Plan]
    after: tuple[PlanRecord, Plan]
    visits: tuple[Match, ...]
    rounds_added: tuple[str, ...]
    rounds_gone: tuple[str, ...]
    cents: dict[str, int]

    @property
    def distance_m(self) -> int:
        old, new = (sum(t.distance_m for t in plan.rounds) for _, plan in (self.before, self.after))
        return new - old

    @property
    def duration_s(self) -> int:
        old, new = (sum(t.duration_s for t in plan.rounds) for _, plan in (self.before, self.after))
        return new - old


def diff(session: Session, plan: UUID, other: UUID) -> Difference:
    """What `other` has that `plan` has not, and the reverse. NotFound when one of them does not exist."""
    records = {record.id: record for record in repository.plans_named(session, [plan, other])}
    if {plan, other} - set(records):
        raise NotFound("L'un des deux plannings n'existe pas, ou n'existe plus.")
    plans = plans_of_records(session, list(records.values()))
    before, after = plans[plan], plans[other]
    old, new = ({place(tour.id, one): tour.id for tour in one.rounds} for one in (before, after))
    return Difference(
        before=(records[plan], before),
        after=(records[other], after),
        visits=tuple(one for one in matches(before, after) if _differs(one, before, after)),
        rounds_added=tuple(code for where, code in new.items() if where not in old),
        rounds_gone=tuple(code for where, code in old.items() if where not in new),
        cents=cents_between(before, after),
    )


def place(code: str, plan: Plan) -> str:
    """A round's name without its week: « mar-matin-V1 »."""
    return code.removeprefix(f"{plan.week}-")


def _differs(one: Match, before: Plan, after: Plan) -> bool:
    """Whether anything that people see of a visit is not the same."""
    if one.was is None or one.now is None:
        return True
    (old_round, old), (new_round, new) = one.was, one.now
    return (
        place(old_round.id, before) != place(new_round.id, after)
        or (old.number, old.begin_s, old.announced, old.deliver, old.collect)
        != (new.number, new.begin_s, new.announced, new.deliver, new.collect)
        or old_round.date.weekday() != new_round.date.weekday()
    )
