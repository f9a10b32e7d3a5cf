"""Plans between records and frozen values."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, select

from api.services.actor import Actor
from api.services.network_records import the_network
from models.plan import Plan, Round
from models.tables.plans import PlanKind, PlanRecord, RoundRecord, VisitRecord


def save_plan(  # noqa: PLR0913  # what a plan is, and where it comes from
    session: Session,
    plan: Plan,
    *,
    kind: PlanKind = PlanKind.WEEK,
    parent: UUID | None = None,
    run: UUID | None = None,
    title: str = "",
    actor: Actor,
) -> PlanRecord:
    """Store a plan as a new draft, numbered next. Conflict when `run` has stored its plan already."""
    record = PlanRecord(
        number=(session.exec(select(func.max(PlanRecord.number))).one() or 0) + 1,
        kind=kind,
        week=str(plan.week),
        title=title,
        parent=parent,
        run=run,
        created_by=actor.name,
        created_at=plan.created_at,
        network_code=plan.network,
        network_revision=the_network(session).revision,
        cost_cents=dict(plan.cost_cents),
        unplanned=[asdict(entry) for entry in plan.unplanned],
        holidays={day.isoformat(): name for day, name in plan.holidays.items()},
        estimated_sites=list(plan.estimated_sites),
        stamp=asdict(plan.run),
        proof=asdict(plan.proof) if plan.proof else None,
    )
    session.add(record)
    session.flush()
    for position, tour in enumerate(plan.rounds):
        _add(session, record.id, position, tour)
    return record


def _add(session: Session, plan: UUID, position: int, tour: Round) -> None:
    told = asdict(tour)
    fields = {
        name: value for name, value in told.items() if name in RoundRecord.model_fields and name != "id"
    }
    round_record = RoundRecord(
        **{**fields, "notes": list(tour.notes)},
        plan=plan,
        code=tour.id,
        position=position,
        day=tour.date,
        shift_early=tour.shift.early,
        shift_late=tour.shift.late,
        pause_after=tour.pause.after if tour.pause else None,
        pause_begin_s=tour.pause.begin_s if tour.pause else None,
        pause_s=tour.pause.length_s if tour.pause else None,
    )
    session.add(round_record)
    session.flush()
    for visit in tour.visits:
        told = asdict(visit)
        session.add(
            VisitRecord(
                **{n: v for n, v in told.items() if n in VisitRecord.model_fields and n != "notes"},
                round=round_record.id,
                ref=f"{tour.id}/{visit.site}",
                notes=list(visit.notes),
                window_early=visit.window.early,
                window_late=visit.window.late,
                announced_early=visit.announced.early,
                announced_late=visit.announced.late,
            )
        )
    session.flush()
