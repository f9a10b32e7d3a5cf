"""What drafts alone need: rounds that go, and the steps that can be undone."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from models.tables.plans import (
    DraftStepRecord,
    PlanRecord,
    PlanStatus,
    RoundRecord,
    VisitActionRecord,
    VisitRecord,
)

OF_DRAFT = "navette_of_draft"  # an execution option of statements sent by who has seen that it is a draft


def forget_rounds(session: Session, draft: PlanRecord, rounds: Sequence[UUID]) -> None:
    """Delete rounds of a draft with their visits. The caller has seen that it is one."""
    assert draft.status is PlanStatus.DRAFT
    if not rounds:
        return
    options = {OF_DRAFT: True}
    mine = select(VisitRecord.id).where(col(VisitRecord.round).in_(rounds))
    session.execute(
        delete(VisitActionRecord).where(col(VisitActionRecord.visit).in_(mine)),
        execution_options={"synchronize_session": False},
    )
    session.execute(delete(VisitRecord).where(col(VisitRecord.round).in_(rounds)), execution_options=options)
    session.execute(delete(RoundRecord).where(col(RoundRecord.id).in_(rounds)), execution_options=options)


def count_steps(session: Session, plan: UUID) -> tuple[int, int]:
    """How many changes can be undone, how many done again."""
    query = select(DraftStepRecord.undone, func.count()).where(DraftStepRecord.plan == plan)
    found = {
        bool(undone): int(many) for undone, many in session.exec(query.group_by(col(DraftStepRecord.undone)))
    }
    return found.get(False, 0), found.get(True, 0)


def last_step(session: Session, plan: UUID) -> int:
    """The number of the latest step that a draft ever had and still remembers."""
    query = select(func.max(DraftStepRecord.number)).where(DraftStepRecord.plan == plan)
    return int(session.exec(query).one() or 0)


def find_step(session: Session, plan: UUID, *, undone: bool) -> DraftStepRecord | None:
    """The next change to undo, or to do again when `undone`."""
    query = select(DraftStepRecord).where(DraftStepRecord.plan == plan, DraftStepRecord.undone == undone)
    order = col(DraftStepRecord.number)
    return session.exec(query.order_by(order.asc() if undone else order.desc()).limit(1)).first()


def forget_steps(session: Session, plan: UUID, *, up_to: int) -> None:
    """Forget what was undone, and steps up to a number."""
    old = or_(col(DraftStepRecord.undone), col(DraftStepRecord.number) <= up_to)
    session.execute(delete(DraftStepRecord).where(col(DraftStepRecord.plan) == plan, old))
