"""What calendars tell: visits and rounds that were published, and those that have fallen away since."""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from models.tables.network import DriverRecord, SiteRecord, VehicleRecord
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord

_TOLD = (PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED)
VisitTold: TypeAlias = tuple[VisitRecord, RoundRecord, PlanRecord]
RoundTold: TypeAlias = tuple[RoundRecord, PlanRecord]


def visits_told(session: Session, site: str, since: date) -> Sequence[VisitTold]:
    """Every version of the visits of a site that people were told, the latest version last."""
    query = (
        select(VisitRecord, RoundRecord, PlanRecord)
        .join(RoundRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(PlanRecord.kind == PlanKind.WEEK, col(PlanRecord.status).in_(_TOLD))
        .where(VisitRecord.site == site, col(RoundRecord.day) >= since)
    )
    return session.exec(query.order_by(col(PlanRecord.published_at), col(PlanRecord.number))).all()


def rounds_of_vehicle(session: Session, vehicle: str, since: date) -> Sequence[RoundTold]:
    """Every version of a vehicle's rounds that people were told, the latest version last."""
    return session.exec(_rounds(since).where(RoundRecord.vehicle == vehicle)).all()


def rounds_of_driver(session: Session, driver: str, since: date) -> Sequence[RoundTold]:
    """The same of a driver."""
    return session.exec(_rounds(since).where(RoundRecord.driver == driver)).all()


def _rounds(since: date) -> Select[RoundRecord, PlanRecord]:
    return (
        select(RoundRecord, PlanRecord)
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(PlanRecord.kind == PlanKind.WEEK, col(PlanRecord.status).in_(_TOLD))
        .where(col(RoundRecord.day) >= since)
        .order_by(col(PlanRecord.published_at), col(PlanRecord.number))
    )


def published_numbers(session: Session, weeks: Sequence[str]) -> dict[str, PlanRecord]:
    """Week → its published plan."""
    query = select(PlanRecord).where(
        PlanRecord.status == PlanStatus.PUBLISHED,
        PlanRecord.kind == PlanKind.WEEK,
        col(PlanRecord.week).in_(weeks),
    )
    return {one.week: one for one in session.exec(query)}


def stops_of(session: Session, rounds: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Round → the names of the places it calls at, in order."""
    query = (
        select(VisitRecord.round, SiteRecord.name)
        .join(SiteRecord, col(VisitRecord.site) == col(SiteRecord.code))
        .where(col(VisitRecord.round).in_(rounds))
        .order_by(col(VisitRecord.round), col(VisitRecord.number))
    )
    found: dict[UUID, list[str]] = {}
    for tour, name in session.exec(query):
        found.setdefault(tour, []).append(name)
    return found


def site_named(session: Session, code: str) -> SiteRecord | None:
    return session.exec(select(SiteRecord).where(SiteRecord.code == code)).first()


def driver_named(session: Session, code: str) -> DriverRecord | None:
    return session.exec(select(DriverRecord).where(DriverRecord.code == code)).first()


def vehicle_named(session: Session, code: str) -> VehicleRecord | None:
    return session.exec(select(VehicleRecord).where(VehicleRecord.code == code)).first()


def published_from(session: Session, week: str) -> Sequence[PlanRecord]:
    """The published plans of a week and those after it, in order."""
    query = select(PlanRecord).where(
        PlanRecord.status == PlanStatus.PUBLISHED,
        PlanRecord.kind == PlanKind.WEEK,
        col(PlanRecord.week) >= week,
    )
    return session.exec(query.order_by(col(PlanRecord.week))).all()
