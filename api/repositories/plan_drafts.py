"""What the weekly draft must know: is there a template, has somebody begun the week."""

from uuid import UUID

from sqlmodel import Session, col, select

from api.repositories.plan_runs import OPEN
from models.tables.plans import PlanKind, PlanRecord, PlanRunRecord, PlanStatus


def find_template(session: Session) -> UUID | None:
    """The published ordinary week."""
    query = select(PlanRecord.id).where(
        PlanRecord.kind == PlanKind.TEMPLATE, PlanRecord.status == PlanStatus.PUBLISHED
    )
    return session.exec(query.limit(1)).first()


def is_begun(session: Session, week: str) -> bool:
    """Whether a week has a plan, or will have one that is being computed."""
    plans = select(PlanRecord.id).where(
        PlanRecord.kind == PlanKind.WEEK, PlanRecord.week == week, PlanRecord.status != PlanStatus.DISCARDED
    )
    runs = select(PlanRunRecord.id).where(
        PlanRunRecord.kind == PlanKind.WEEK, PlanRunRecord.week == week, col(PlanRunRecord.state).in_(OPEN)
    )
    return any(session.exec(query.limit(1)).first() is not None for query in (plans, runs))
