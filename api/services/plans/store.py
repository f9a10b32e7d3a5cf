"""Plans between records and frozen values, both ways, without loss."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.services.actor import Actor
from api.services.network_records import the_network
from api.services.plans.inherit import carry_locks
from models.plan import Pause, Plan, Proof, Round, RunStamp, Unplanned, Visit, visit_refs
from models.plan_file import dump_plan
from models.service_day import IsoWeek
from models.tables.plans import PlanKind, PlanRecord, RoundRecord, VisitRecord
from models.values import TimeWindow


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
    """Store a plan as a new draft, numbered next; what was locked in its `parent` stays locked.

    Conflict when `run` has stored its plan already.
    """
    repository.take_turn(session)
    record = PlanRecord(
        number=repository.next_number(session),
        kind=kind,
        week=str(plan.week),
        title=title,
        parent=parent,
        run=run,
        created_by=actor.name,
        network_code=plan.network,
        network_revision=the_network(session).revision,
        digest=digest_of(plan),
        stamp=asdict(plan.run),
    )
    write_head(record, plan)
    record.created_at = plan.created_at
    session.add(record)
    session.flush()
    add_rounds(session, record, enumerate(plan.rounds))
    if parent is not None and plan.rounds:
        carry_locks(session, record.id, parent)
    return record


def digest_of(plan: Plan) -> str:
    """What a plan is recognised by, wherever it was stored or written."""
    return hashlib.sha256(dump_plan(plan).encode()).hexdigest()


def write_head(record: PlanRecord, plan: Plan) -> None:
    """Everything of a plan that editing may change, but its rounds."""
    record.cost_cents = dict(plan.cost_cents)
    record.unplanned = [asdict(entry) for entry in plan.unplanned]
    record.holidays = {day.isoformat(): name for day, name in plan.holidays.items()}
    record.estimated_sites = list(plan.estimated_sites)
    record.proof = asdict(plan.proof) if plan.proof else None


def add_rounds(
    session: Session, record: PlanRecord, rounds: Iterable[tuple[int, Round]]
) -> list[RoundRecord]:
    """Store rounds, each with its place among those of its plan; their records, in the order given."""
    placed = [(round_record(record.id, position, tour), tour) for position, tour in rounds]
    session.add_all(one for one, _ in placed)
    session.flush()
    session.add_all(visit for one, tour in placed for visit in visit_records(one.id, tour))
    session.flush()
    return [one for one, _ in placed]


def round_record(plan: UUID, position: int, tour: Round) -> RoundRecord:
    """A round as a new row."""
    return RoundRecord(
        plan=plan,
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
        pause_after=tour.pause.after if tour.pause else None,
        pause_begin_s=tour.pause.begin_s if tour.pause else None,
        pause_s=tour.pause.length_s if tour.pause else None,
        leg_back_s=tour.leg_back_s,
        leg_back_m=tour.leg_back_m,
        load_start=tour.load_start,
        load_peak=tour.load_peak,
        load_end=tour.load_end,
        notes=list(tour.notes),
    )


def visit_records(round_id: UUID, tour: Round) -> list[VisitRecord]:
    """The visits of a round as new rows."""
    return [
        VisitRecord(
            round=round_id,
            number=visit.number,
            ref=ref,
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
            notes=list(visit.notes),
        )
        for ref, visit in zip(visit_refs(tour), tour.visits, strict=True)
    ]


def plan_of_record(session: Session, record: PlanRecord) -> Plan:
    """The plan that a record stands for, whole: two more queries."""
    return plans_of_records(session, [record])[record.id]


def plans_of_records(session: Session, records: Sequence[PlanRecord]) -> Mapping[UUID, Plan]:
    """Several plans, by their id, in two queries."""
    ids = [record.id for record in records]
    rounds = repository.rounds_of(session, ids)
    visits = repository.visits_of(session, ids)
    return {record.id: plan_of_rows(record, rounds, visits) for record in records}


def plan_of_rows(record: PlanRecord, rounds: Iterable[RoundRecord], visits: Iterable[VisitRecord]) -> Plan:
    """A plan from its rows, sorted as the repository does; rows of other plans are passed over."""
    by_round: dict[UUID, list[VisitRecord]] = defaultdict(list)
    for visit in visits:
        by_round[visit.round].append(visit)
    return Plan(
        week=IsoWeek.parse(record.week),
        network=record.network_code,
        created_at=record.created_at,
        rounds=tuple(round_of(one, by_round[one.id]) for one in rounds if one.plan == record.id),
        unplanned=tuple(Unplanned(**entry) for entry in record.unplanned),
        cost_cents=dict(record.cost_cents),
        holidays={date.fromisoformat(day): name for day, name in record.holidays.items()},
        estimated_sites=tuple(record.estimated_sites),
        run=stamp_of(record.stamp),
        proof=Proof(**record.proof) if record.proof else None,
    )


def stamp_of(stored: Mapping[str, Any]) -> RunStamp:
    """How a plan was made."""
    return RunStamp(**stored)


def round_of(record: RoundRecord, visits: Iterable[VisitRecord]) -> Round:
    """A round from its rows."""
    rests = (record.pause_after, record.pause_begin_s, record.pause_s)
    after, begin_s, length_s = rests
    paused = after is not None and begin_s is not None and length_s is not None
    return Round(
        id=record.code,
        label=record.label,
        date=record.day,
        vehicle=record.vehicle,
        driver=record.driver,
        start_site=record.start_site,
        end_site=record.end_site,
        start_s=record.start_s,
        end_s=record.end_s,
        shift=TimeWindow(record.shift_early, record.shift_late),
        visits=tuple(visit_of(visit) for visit in visits),
        pause=Pause(after=after or 0, begin_s=begin_s or 0, length_s=length_s or 0) if paused else None,
        leg_back_s=record.leg_back_s,
        leg_back_m=record.leg_back_m,
        load_start=record.load_start,
        load_peak=record.load_peak,
        load_end=record.load_end,
        notes=tuple(record.notes),
    )


def visit_of(record: VisitRecord) -> Visit:
    """A visit from its row."""
    return Visit(
        number=record.number,
        site=record.site,
        arrival_s=record.arrival_s,
        begin_s=record.begin_s,
        end_s=record.end_s,
        window=TimeWindow(record.window_early, record.window_late),
        announced=TimeWindow(record.announced_early, record.announced_late),
        leg_s=record.leg_s,
        leg_m=record.leg_m,
        deliver=record.deliver,
        collect=record.collect,
        load_after=record.load_after,
        notes=tuple(record.notes),
    )


def published_for(session: Session, week: IsoWeek | str) -> PlanRecord | None:
    """The published plan of a week."""
    return repository.find_published(session, str(week))
