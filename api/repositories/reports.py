"""What a report is made of: aggregates of plans, of how visits went, of what was sent. None reads facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func
from sqlmodel import Session, col, select

from api.repositories.outcomes import Period
from models.custody.visits import VisitState
from models.service_day import ServiceDay
from models.tables.demand import ItemRecord, ShipmentRecord, ShipmentState
from models.tables.network import DriverRecord, VehicleRecord
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord
from models.tables.scans import OutcomeRecord
from models.transfers.values import ItemState

_DONE = (VisitState.DONE, VisitState.LEFT)
_PUBLISHED = and_(col(PlanRecord.status) == PlanStatus.PUBLISHED, col(PlanRecord.kind) == PlanKind.WEEK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Driven:
    """The rounds of one van with one driver; `told` are those that any fact tells of."""

    vehicle: str
    driver: str
    told: bool
    rounds: int
    seconds: int
    metres: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """The planned visits of one site."""

    site: str
    planned: int
    done: int
    closed: int
    useless: int
    begun: int
    punctual: int


def driven(session: Session, period: Period) -> list[Driven]:
    """The rounds of published plans, by van, driver, and whether facts tell of them."""
    told_rounds = select(OutcomeRecord.round).where(_in(OutcomeRecord.day, period)).distinct()
    told = col(RoundRecord.code).in_(told_rounds)
    legs = (
        select(VisitRecord.round, func.sum(col(VisitRecord.leg_m)).label("metres"))
        .join(RoundRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .where(_in(RoundRecord.day, period))
        .group_by(col(VisitRecord.round))
        .subquery()
    )
    query: Any = (
        select(
            RoundRecord.vehicle,
            RoundRecord.driver,
            case((told, 1), else_=0).label("told"),
            func.count(),
            func.sum(col(RoundRecord.end_s) - col(RoundRecord.start_s)),
            func.sum(col(RoundRecord.leg_back_m) + func.coalesce(legs.c.metres, 0)),
        )  # type: ignore[call-overload]  # its overloads end at four
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .outerjoin(legs, legs.c.round == col(RoundRecord.id))
        .where(_PUBLISHED, _in(RoundRecord.day, period))
        .group_by(RoundRecord.vehicle, RoundRecord.driver, "told")
    )
    return [
        Driven(
            vehicle=vehicle,
            driver=driver,
            told=bool(is_told),
            rounds=int(rounds),
            seconds=int(seconds),
            metres=int(metres),
        )
        for vehicle, driver, is_told, rounds, seconds, metres in session.exec(query)
    ]


def served(session: Session, period: Period) -> list[Served]:
    """How the visits that published plans promised went, by site."""
    done = col(OutcomeRecord.state).in_(_DONE)
    nothing = (
        func.coalesce(col(OutcomeRecord.delivered), 0) + func.coalesce(col(OutcomeRecord.picked_up), 0) == 0
    )
    begun = col(OutcomeRecord.began_s).is_not(None)
    on_time = col(OutcomeRecord.began_s).between(VisitRecord.announced_early, VisitRecord.announced_late)
    query: Any = (
        select(
            VisitRecord.site,
            func.count(),
            _count(done),
            _count(col(OutcomeRecord.state) == VisitState.CLOSED),
            _count(and_(done, nothing)),
            _count(begun),
            _count(on_time),
        )  # type: ignore[call-overload]
        .join(RoundRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .outerjoin(OutcomeRecord, col(OutcomeRecord.visit) == col(VisitRecord.ref))
        .where(_PUBLISHED, _in(RoundRecord.day, period))
        .group_by(VisitRecord.site)
        .order_by(VisitRecord.site)
    )
    names = ("site", "planned", "done", "closed", "useless", "begun", "punctual")
    return [Served(**dict(zip(names, row, strict=True))) for row in session.exec(query)]


def on_the_road(session: Session, period: Period) -> Sequence[tuple[datetime, datetime]]:
    """For each round the first and the last fact."""
    query = (
        select(func.min(OutcomeRecord.began_at), func.max(OutcomeRecord.last_at))
        .where(_in(OutcomeRecord.day, period), col(OutcomeRecord.began_at).is_not(None))
        .group_by(OutcomeRecord.round)
    )
    return [(begun, ended) for begun, ended in session.exec(query) if begun and ended]


def empties(session: Session, period: Period) -> int:
    query = select(func.coalesce(func.sum(col(OutcomeRecord.empties)), 0)).where(
        _in(OutcomeRecord.day, period)
    )
    return int(session.exec(query).one() or 0)


def off_plan(session: Session, period: Period) -> int:
    """Visits that were done and that no published plan has."""
    planned = (
        select(VisitRecord.ref)
        .join(RoundRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(_PUBLISHED, _in(RoundRecord.day, period))
    )
    query = select(func.count()).where(
        _in(OutcomeRecord.day, period),
        col(OutcomeRecord.state).in_(_DONE),
        col(OutcomeRecord.visit).not_in(planned),
    )
    return session.exec(query).one()


def days_served(session: Session, period: Period) -> Sequence[tuple[str, date]]:
    """(site, day) of visits that were done, in order."""
    query: Any = (
        select(OutcomeRecord.site, col(OutcomeRecord.day))
        .where(_in(OutcomeRecord.day, period), col(OutcomeRecord.state).in_(_DONE))
        .distinct()
        .order_by(OutcomeRecord.site, col(OutcomeRecord.day))
    )
    return [(site, day) for site, day in session.exec(query)]


def sent(session: Session, period: Period) -> dict[tuple[str, str], tuple[int, int]]:
    """(origin, destination or "") → crates and documents announced."""
    query: Any = (
        select(
            ShipmentRecord.origin,
            col(ShipmentRecord.destination),
            func.sum(col(ShipmentRecord.crates)),
            func.sum(col(ShipmentRecord.documents)),
        )
        .where(_in(ShipmentRecord.ready_on, period), ShipmentRecord.state != ShipmentState.CANCELLED)
        .group_by(ShipmentRecord.origin, col(ShipmentRecord.destination))
    )
    rows = session.exec(query)
    return {(origin, to or ""): (int(crates or 0), int(docs or 0)) for origin, to, crates, docs in rows}


def asked_for(session: Session, period: Period) -> dict[tuple[str, str], int]:
    """(origin, destination) → documents asked for in the period."""
    query = (
        select(ItemRecord.origin, ItemRecord.destination, func.count())
        .where(_at(ItemRecord.requested_at, period), ItemRecord.state != ItemState.CANCELLED)
        .group_by(ItemRecord.origin, ItemRecord.destination)
    )
    return {(origin, to): int(number) for origin, to, number in session.exec(query)}


def arrived(session: Session, period: Period) -> int:
    """Documents that arrived in the period."""
    query = select(func.count()).where(
        ItemRecord.state == ItemState.ARRIVED, _at(ItemRecord.updated_at, period)
    )
    return session.exec(query).one()


def prices(session: Session) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
    """vehicle → cents a round, cents a kilometre; driver → cents an hour."""
    vans = session.exec(select(VehicleRecord.code, VehicleRecord.run_cents, VehicleRecord.km_cents))
    drivers = session.exec(select(DriverRecord.code, DriverRecord.hour_cents))
    return {code: (run, km) for code, run, km in vans}, dict(drivers.all())


def _in(column: Any, period: Period) -> Any:
    return col(column).between(period.first, period.last)


def _at(column: Any, period: Period) -> Any:
    begins, ends = ServiceDay(period.first).at(0), ServiceDay(period.last).at(24 * 3600)
    return and_(col(column) >= begins, col(column) < ends)


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
