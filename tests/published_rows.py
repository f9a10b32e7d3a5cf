"""A plan put into the tables as published, by hand: tests of what reads published plans need no more."""

from sqlmodel import Session

from models.plan import Plan
from models.tables.base import now
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord


def publish(session: Session, plan: Plan, number: int = 1, kind: PlanKind = PlanKind.WEEK) -> PlanRecord:
    """The plan's rounds and visits, as rows; locks and pauses left out."""
    record = PlanRecord(
        number=number,
        kind=kind,
        week=str(plan.week),
        network_code=plan.network,
    )
    session.add(record)
    session.flush()
    for position, tour in enumerate(plan.rounds):
        row = RoundRecord(
            plan=record.id,
            code=tour.id,
            position=position,
            label=tour.label,
            day=tour.date,
            vehicle=tour.vehicle,
            driver=tour.driver,
            start_site=tour.start_site,
            end_site=tour.end_site,
            start_s=tour.start_s,
            end_s=tour.end_s,
            shift_early=tour.shift.early,
            shift_late=tour.shift.late,
            leg_back_s=tour.leg_back_s,
            leg_back_m=tour.leg_back_m,
            load_start=tour.load_start,
            load_peak=tour.load_peak,
            load_end=tour.load_end,
        )
        session.add(row)
        session.flush()
        for visit in tour.visits:
            session.add(
                VisitRecord(
                    round=row.id,
                    number=visit.number,
                    ref=f"{tour.id}/{visit.site}",
                    site=visit.site,
                    arrival_s=visit.arrival_s,
                    begin_s=visit.begin_s,
                    end_s=visit.end_s,
                    window_early=visit.window.early,
                    window_late=visit.window.late,
                    announced_early=visit.announced.early,
                    announced_late=visit.announced.late,
                    leg_s=visit.leg_s,
                    leg_m=visit.leg_m,
                    deliver=visit.deliver,
                    collect=visit.collect,
                    load_after=visit.load_after,
                )
            )
    session.flush()
    record.status, record.published_at = PlanStatus.PUBLISHED, now()
    session.add(record)
    session.flush()
    return record
