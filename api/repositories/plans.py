"""Plans, rounds and visits, fetched: one query per table, however large the plan."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import case, delete, func, or_
from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord
from models.tables.plans import (
    DraftStepRecord,
    PlanKind,
    PlanRecord,
    PlanStatus,
    RoundRecord,
    VisitActionRecord,
    VisitRecord,
)

OF_DRAFT = "navette_of_draft"  # an execution option of statements sent by who has seen that it is a draft
_TURN = 0x504C414E  # one at a time numbers or publishes plans, on PostgreSQL; on SQLite writers take turns
_SHOWN = (PlanStatus.DRAFT, PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED)


def take_turn(session: Session) -> None:
    """Wait until nobody else numbers or publishes plans; what they did is then seen."""
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(select(func.pg_advisory_xact_lock(_TURN)))


def next_number(session: Session) -> int:
    """The number of the next plan; take your turn first."""
    return (session.exec(select(func.max(PlanRecord.number))).one() or 0) + 1


def find_plan(session: Session, plan: UUID) -> PlanRecord | None:
    return session.get(PlanRecord, plan)


def get_plan(session: Session, plan: UUID) -> PlanRecord:
    """NotFound when there is none."""
    found = find_plan(session, plan)
    if found is None:
        raise NotFound("Ce planning n'existe pas, ou n'existe plus.")
    return found


def get_plan_to_change(session: Session, plan: UUID) -> PlanRecord:
    """The same, held until the end of this transaction, as it stands once others are done with it."""
    query = select(PlanRecord).where(PlanRecord.id == plan).with_for_update()
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound("Ce planning n'existe pas, ou n'existe plus.")
    return found


def list_plans(
    session: Session,
    asked: Slice,
    *,
    week: str | None = None,
    status: PlanStatus | None = None,
    kind: PlanKind | None = None,
) -> Page[PlanRecord]:
    """Plans, the last made first; discarded ones only when asked for."""
    query = select(PlanRecord)
    if week is not None:
        query = query.where(PlanRecord.week == week)
    if kind is not None:
        query = query.where(PlanRecord.kind == kind)
    wanted = (status,) if status is not None else _SHOWN
    query = query.where(col(PlanRecord.status).in_(wanted))
    return page(session, query, [PlanRecord.number], asked, newest_first=True)


def plans_named(session: Session, ids: Sequence[UUID]) -> Sequence[PlanRecord]:
    """Those of `ids` that exist, in any order."""
    return session.exec(select(PlanRecord).where(col(PlanRecord.id).in_(ids))).all()


def find_published(session: Session, week: str | None, kind: PlanKind = PlanKind.WEEK) -> PlanRecord | None:
    """The published plan of a week; the latest published one when `week` is None."""
    query = select(PlanRecord).where(PlanRecord.status == PlanStatus.PUBLISHED, PlanRecord.kind == kind)
    if week is not None:
        query = query.where(PlanRecord.week == week)
    return session.exec(query.order_by(col(PlanRecord.week).desc()).limit(1)).first()


def find_told(session: Session, week: str) -> PlanRecord | None:
    """What libraries were told of a week: its published plan, else the published template, else the published
    plan of the latest week."""
    rank = case(
        ((col(PlanRecord.kind) == PlanKind.WEEK) & (col(PlanRecord.week) == week), 0),
        (col(PlanRecord.kind) == PlanKind.TEMPLATE, 1),
        else_=2,
    )
    query = select(PlanRecord).where(PlanRecord.status == PlanStatus.PUBLISHED)
    return session.exec(query.order_by(rank, col(PlanRecord.week).desc()).limit(1)).first()


def find_latest_draft(session: Session, week: str | None) -> PlanRecord | None:
    """The draft of a week that was made last; of the latest week when `week` is None."""
    query = select(PlanRecord).where(PlanRecord.status == PlanStatus.DRAFT, PlanRecord.kind == PlanKind.WEEK)
    if week is not None:
        query = query.where(PlanRecord.week == week)
    order = (col(PlanRecord.week).desc(), col(PlanRecord.number).desc())
    return session.exec(query.order_by(*order).limit(1)).first()


def planned_weeks(session: Session, limit: int) -> Sequence[PlanRecord]:
    """Published plans and drafts of the latest weeks, later weeks first, then the last made first."""
    wanted = (PlanStatus.DRAFT, PlanStatus.PUBLISHED)
    query = select(PlanRecord).where(col(PlanRecord.status).in_(wanted), PlanRecord.kind == PlanKind.WEEK)
    order = (col(PlanRecord.week).desc(), col(PlanRecord.number).desc())
    return session.exec(query.order_by(*order).limit(limit)).all()


def find_by_digest(session: Session, digest: str) -> PlanRecord | None:
    """The plan that was first stored with these very contents."""
    return session.exec(select(PlanRecord).where(PlanRecord.digest == digest).limit(1)).first()


def rounds_of(session: Session, plans: Sequence[UUID]) -> Sequence[RoundRecord]:
    """The rounds of some plans, each plan's in its order."""
    query = select(RoundRecord).where(col(RoundRecord.plan).in_(plans))
    return session.exec(query.order_by(col(RoundRecord.plan), col(RoundRecord.position))).all()


def visits_of(session: Session, plans: Sequence[UUID]) -> Sequence[VisitRecord]:
    """The visits of some plans, each round's in its order."""
    mine = select(RoundRecord.id).where(col(RoundRecord.plan).in_(plans))
    query = select(VisitRecord).where(col(VisitRecord.round).in_(mine))
    return session.exec(query.order_by(col(VisitRecord.round), col(VisitRecord.number))).all()


def find_round(session: Session, code: str) -> tuple[PlanRecord, RoundRecord] | None:
    """The round that people know by this code: of the published plan of its week."""
    query = (
        select(PlanRecord, RoundRecord)
        .join(RoundRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            RoundRecord.code == code,
            PlanRecord.status == PlanStatus.PUBLISHED,
            PlanRecord.kind == PlanKind.WEEK,
        )
    )
    return session.exec(query.limit(1)).first()


def get_round(session: Session, code: str) -> tuple[PlanRecord, RoundRecord]:
    """NotFound when no published plan has it."""
    found = find_round(session, code)
    if found is None:
        raise NotFound(f"La tournée « {code} » n'est dans aucun planning publié.")
    return found


def find_round_in_drafts(session: Session, code: str) -> tuple[PlanRecord, RoundRecord] | None:
    """A round of that code in the draft made last."""
    query = (
        select(PlanRecord, RoundRecord)
        .join(RoundRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            RoundRecord.code == code,
            PlanRecord.status == PlanStatus.DRAFT,
            PlanRecord.kind == PlanKind.WEEK,
        )
    )
    return session.exec(query.order_by(col(PlanRecord.number).desc()).limit(1)).first()


def count_visits(session: Session, rounds: Sequence[UUID]) -> dict[UUID, int]:
    """round → how many visits it has."""
    query = (
        select(VisitRecord.round, func.count())
        .where(col(VisitRecord.round).in_(rounds))
        .group_by(col(VisitRecord.round))
    )
    return {tour: int(many) for tour, many in session.exec(query)}


def rounds_between(
    session: Session, from_day: date, to_day: date, *, driver: str | None = None
) -> Sequence[RoundRecord]:
    """Rounds of published plans on days from `from_day` to `to_day`, both included, in time order."""
    query = (
        select(RoundRecord)
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            PlanRecord.status == PlanStatus.PUBLISHED,
            PlanRecord.kind == PlanKind.WEEK,
            RoundRecord.day >= from_day,
            RoundRecord.day <= to_day,
        )
    )
    if driver is not None:
        query = query.where(RoundRecord.driver == driver)
    return session.exec(query.order_by(col(RoundRecord.day), col(RoundRecord.start_s))).all()


def visits_of_round(session: Session, round_id: UUID) -> Sequence[VisitRecord]:
    """The visits of one round, in order."""
    query = select(VisitRecord).where(VisitRecord.round == round_id)
    return session.exec(query.order_by(col(VisitRecord.number))).all()


def visits_of_site(
    session: Session, site: str, from_day: date, to_day: date
) -> Sequence[tuple[RoundRecord, VisitRecord]]:
    """When published plans serve a site, days both included, in time order."""
    query = (
        select(RoundRecord, VisitRecord)
        .join(VisitRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            VisitRecord.site == site,
            PlanRecord.status == PlanStatus.PUBLISHED,
            PlanRecord.kind == PlanKind.WEEK,
            RoundRecord.day >= from_day,
            RoundRecord.day <= to_day,
        )
    )
    return session.exec(query.order_by(col(RoundRecord.day), col(VisitRecord.begin_s))).all()


def known_codes(session: Session) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Every site, vehicle and driver that was ever here, archived or not."""
    kinds = (SiteRecord.code, VehicleRecord.code, DriverRecord.code)
    sites, vehicles, drivers = (frozenset(session.exec(select(code)).all()) for code in kinds)
    return sites, vehicles, drivers


def former_records(
    session: Session, sites: Sequence[str], vehicles: Sequence[str], drivers: Sequence[str]
) -> tuple[Sequence[SiteRecord], Sequence[VehicleRecord], Sequence[DriverRecord]]:
    """Records by code, archived or not; nothing is asked about a kind of which none is named."""
    return (
        session.exec(select(SiteRecord).where(col(SiteRecord.code).in_(sites))).all() if sites else (),
        session.exec(select(VehicleRecord).where(col(VehicleRecord.code).in_(vehicles))).all()
        if vehicles
        else (),
        session.exec(select(DriverRecord).where(col(DriverRecord.code).in_(drivers))).all()
        if drivers
        else (),
    )


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


def steps_of(session: Session, plan: UUID) -> Sequence[DraftStepRecord]:
    """What can be undone, or done again, in a draft, oldest first."""
    query = select(DraftStepRecord).where(DraftStepRecord.plan == plan)
    return session.exec(query.order_by(col(DraftStepRecord.number))).all()


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


def totals_of(session: Session, plans: Sequence[UUID]) -> dict[UUID, tuple[int, int, int, int]]:
    """plan → (rounds, visits, metres, seconds from depot to depot), in two queries."""
    tours = (
        select(
            RoundRecord.plan,
            func.count(),
            func.sum(col(RoundRecord.leg_back_m)),
            func.sum(col(RoundRecord.end_s) - col(RoundRecord.start_s)),
        )
        .where(col(RoundRecord.plan).in_(plans))
        .group_by(col(RoundRecord.plan))
    )
    calls = (
        select(RoundRecord.plan, func.count(), func.sum(col(VisitRecord.leg_m)))
        .join(VisitRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .where(col(RoundRecord.plan).in_(plans))
        .group_by(col(RoundRecord.plan))
    )
    visits = {plan: (int(many), int(metres)) for plan, many, metres in session.exec(calls)}
    return {
        plan: (int(many), visits.get(plan, (0, 0))[0], int(back) + visits.get(plan, (0, 0))[1], int(spent))
        for plan, many, back, spent in session.exec(tours)
    }
