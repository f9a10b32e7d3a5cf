"""A published plan in a test's database."""

from dataclasses import replace

from api.service import Service
from api.services.actor import SYSTEM
from api.services.plans.store import published_for, save_plan
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.base import now
from models.tables.plans import PlanRecord, PlanStatus


def publish(service: Service, plan: Plan) -> PlanRecord:
    """Store a plan as published, in place of the one of its week."""
    with service.database.write() as session:
        before = published_for(session, plan.week)
        if before is not None:
            before.status, before.superseded_at = PlanStatus.SUPERSEDED, now()
            session.add(before)
            session.flush()
        record = save_plan(session, plan, actor=SYSTEM)
        record.status, record.published_at = PlanStatus.PUBLISHED, now()
    return record


def moved(plan: Plan, week: IsoWeek) -> Plan:
    """The same plan in another week."""
    days = week.monday - plan.week.monday
    rounds = [
        replace(tour, date=tour.date + days, id=tour.id.replace(str(plan.week), str(week)))
        for tour in plan.rounds
    ]
    return replace(plan, week=week, rounds=tuple(rounds))
