"""What people were told does not change: published and superseded plans, with their rounds and visits.

It hangs on the session itself, so that no service can forget it. A published plan may only become superseded.
One that is made and published in a single transaction can be filled until that transaction ends.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session as PlainSession
from sqlmodel import Session, SQLModel

from api.repositories.drafts import OF_DRAFT
from models.errors import Conflict
from models.tables.plans import PlanRecord, PlanStatus, RoundRecord, VisitRecord

TOLD = frozenset({PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED})
_BECOMES_PAST = frozenset({"status", "superseded_at", "version"})
_MADE = "plans_made"  # what a session keeps of the plans that its transaction made
_PARTS = (PlanRecord, RoundRecord, VisitRecord)


def guard_plans(session: Session) -> None:
    """Have a session refuse, with a Conflict, to change what was published."""
    event.listen(session, "before_flush", _refuse_changes)
    event.listen(session, "do_orm_execute", _refuse_bulk)


def _refuse_changes(session: PlainSession, *_: object) -> None:
    plans = [one for one in (*session.dirty, *session.deleted) if isinstance(one, PlanRecord)]
    for plan in plans:
        if _was(plan) in TOLD and (plan in session.deleted or not _only_becomes_past(plan)):
            raise _refusal()
    made: set[UUID] = session.info.setdefault(_MADE, set())
    made |= {plan.id for plan in session.new if isinstance(plan, PlanRecord)}
    touched = {*_plans_of_rounds(session)} - made
    with session.no_autoflush:
        for plan_id in touched:
            found = session.get(PlanRecord, plan_id)
            if found is not None and _was(found) in TOLD:
                raise _refusal()


def _plans_of_rounds(session: PlainSession) -> Iterable[UUID]:
    with session.no_autoflush:
        for one in (*session.new, *session.dirty, *session.deleted):
            if isinstance(one, RoundRecord):
                yield one.plan
            elif isinstance(one, VisitRecord):
                tour = session.get(RoundRecord, one.round)
                if tour is not None:
                    yield tour.plan


def _was(plan: PlanRecord) -> PlanStatus:
    """The status that is stored."""
    history = inspect(plan).attrs.status.history
    before: PlanStatus = history.deleted[0] if history.deleted else plan.status
    return before


def _only_becomes_past(plan: PlanRecord) -> bool:
    changed = {one.key for one in inspect(plan).attrs if one.history.has_changes()}
    if not changed:
        return True
    return changed <= _BECOMES_PAST and plan.status is PlanStatus.SUPERSEDED


def _refuse_bulk(state: ORMExecuteState) -> None:
    """Statements that name no record: only who has looked may send them."""
    if not (state.is_update or state.is_delete or state.is_insert):
        return
    mapper = state.bind_mapper
    kind: type[SQLModel] | None = mapper.class_ if mapper is not None else None
    if kind in _PARTS and not state.execution_options.get(OF_DRAFT):
        raise _refusal()


def _refusal() -> Conflict:
    return Conflict(
        "Un planning publié ne change plus. Faites-en un brouillon, modifiez-le, puis publiez ce brouillon."
    )
