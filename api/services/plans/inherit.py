"""What was locked in a draft stays locked in the plan that was computed from it, where it was kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from models.tables.plans import Lock, RoundRecord, VisitRecord


def carry_locks(session: Session, plan: UUID, parent: UUID) -> None:
    """Lock in `plan` what `parent` had locked: rounds that kept their order, visits that kept their day,
    their round or their place, pairs of which both are there. In two queries.
    """
    rounds = repository.rounds_of(session, [plan, parent])
    visits: dict[UUID, list[VisitRecord]] = defaultdict(list)
    for visit in repository.visits_of(session, [plan, parent]):
        visits[visit.round].append(visit)
    old = [(one, visits[one.id]) for one in rounds if one.plan == parent]
    new = [(one, visits[one.id]) for one in rounds if one.plan == plan]
    _lock_rounds(old, new)
    _lock_visits(old, new)
    session.flush()


def _lock_rounds(
    old: Iterable[tuple[RoundRecord, Sequence[VisitRecord]]],
    new: Iterable[tuple[RoundRecord, Sequence[VisitRecord]]],
) -> None:
    orders = {one.code: [visit.site for visit in calls] for one, calls in old if one.locked}
    for one, calls in new:
        if orders.get(one.code) == [visit.site for visit in calls]:
            one.locked = True


def _lock_visits(
    old: Iterable[tuple[RoundRecord, Sequence[VisitRecord]]],
    new: Iterable[tuple[RoundRecord, Sequence[VisitRecord]]],
) -> None:
    stands: dict[tuple[str, date], tuple[RoundRecord, VisitRecord]] = {}
    for one, calls in new:
        for visit in calls:
            stands.setdefault((visit.site, one.day), (one, visit))
    where = {visit.ref: (visit.site, one.day) for one, calls in old for visit in calls}
    for one, calls in old:
        for was in calls:
            found = stands.get((was.site, one.day))
            if found is None:
                continue
            if _kept(was, one, *found):
                found[1].lock = was.lock
            first = stands.get(where.get(was.after or "", ("", one.day)))
            if first is not None:
                found[1].after = first[1].ref


def _kept(was: VisitRecord, old: RoundRecord, tour: RoundRecord, visit: VisitRecord) -> bool:
    """Whether a visit stands where it was locked."""
    same_round = tour.code == old.code
    return {
        Lock.NONE: False,
        Lock.DAY: True,
        Lock.ROUND: same_round,
        Lock.POSITION: same_round and visit.number == was.number,
    }[was.lock]
