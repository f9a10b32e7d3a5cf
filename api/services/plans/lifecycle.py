"""How drafts begin and end: made empty, copied, titled, discarded, restored."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import Actor
from api.services.changes import announce
from api.services.plans.drafts import add_outings, desk_for, must_be_draft, opened
from api.services.plans.layout import Layout
from api.services.plans.store import save_plan
from api.services.versions import must_match
from models.errors import Conflict
from models.holidays import public_holidays
from models.plan import Plan, RunStamp
from models.service_day import IsoWeek
from models.tables.plans import PlanKind, PlanRecord, PlanStatus

BY_HAND = "aucun"  # the engine of plans that no engine made


def empty_plan(session: Session, service: Service, week: IsoWeek, made_at: datetime) -> Plan:
    """A week without a round: everything that is owed is unplanned."""
    layout = Layout(week=week, outings=())
    desk = desk_for(session, service, layout)
    return Plan(
        week=week,
        network=desk.network.id,
        created_at=made_at,
        rounds=(),
        unplanned=tuple(replace(entry, reason="Pas encore planifié.") for entry in desk.unplanned(layout)),
        cost_cents=desk.cost_cents(layout),
        holidays=public_holidays(week),
        estimated_sites=desk.estimated,
        run=RunStamp(
            engine=BY_HAND,
            version=version("navette"),
            seconds=None,
            iterations=None,
            seed=0,
            travel=desk.territory.travel.stamp.short,
            network=desk.network.fingerprint,
            spent_s=0.0,
        ),
    )


def begin(  # noqa: PLR0913
    session: Session, service: Service, week: IsoWeek, *, kind: PlanKind, title: str, actor: Actor
) -> PlanRecord:
    """A new empty draft of a week."""
    made = empty_plan(session, service, week, datetime.now(UTC))
    record = save_plan(session, made, kind=kind, title=title, actor=actor)
    announce(session, "plans", str(record.id))
    return record


def copy(
    session: Session, plan: UUID, *, kind: PlanKind | None = None, title: str = "", actor: Actor
) -> PlanRecord:
    """A new draft with the same rounds and locks, whatever became of the plan that it is copied from."""
    source = opened(session, repository.get_plan(session, plan))
    record = save_plan(
        session,
        replace(source.plan, created_at=datetime.now(UTC), rounds=()),
        kind=kind or source.record.kind,
        parent=source.record.id,
        title=title or source.record.title,
        actor=actor,
    )
    record.network_revision = source.record.network_revision
    pairs = zip(source.layout.outings, source.plan.rounds, strict=True)
    add_outings(session, record.id, [(k, *pair) for k, pair in enumerate(pairs)])
    announce(session, "plans", str(record.id))
    return record


def rename(session: Session, plan: UUID, seen: int, title: str) -> PlanRecord:
    """Give a draft another title."""
    record = repository.get_plan_to_change(session, plan)
    must_be_draft(record)
    must_match(record, seen)
    record.title = title
    announce(session, "plans", str(plan))
    return record


def discard(session: Session, plan: UUID, seen: int) -> PlanRecord:
    """Put a draft aside; it can be restored."""
    record = repository.get_plan_to_change(session, plan)
    must_be_draft(record)
    must_match(record, seen)
    record.status = PlanStatus.DISCARDED
    announce(session, "plans", str(plan))
    return record


def restore(session: Session, plan: UUID, actor: Actor) -> PlanRecord:
    """A plan of before as a new draft: one that was superseded, or put aside. Conflict for others."""
    record = repository.get_plan(session, plan)
    if record.status not in {PlanStatus.SUPERSEDED, PlanStatus.DISCARDED}:
        raise Conflict(
            f"Le planning n° {record.number} n'a pas à être rétabli : il est en cours. "
            "Pour le modifier, copiez-le dans un brouillon."
        )
    return copy(session, plan, actor=actor)
