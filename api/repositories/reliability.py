"""What was foretold beside what came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from api.repositories.outcomes import Period
from models.service_day import ServiceDay
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord
from models.tables.predictions import PredictionRecord, PromiseRecord
from models.tables.scans import OutcomeRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Foretold:
    """One prediction of a visit that took place, made before it began."""

    site: str
    visit: str
    made_at: datetime
    p05_at: datetime
    p10_at: datetime
    p90_at: datetime
    p95_at: datetime
    began_at: datetime


def foretold(session: Session, period: Period) -> list[Foretold]:
    """Every prediction of a period's visits, with when they began, where « arrivé » was told."""
    row = PredictionRecord
    columns = (row.site, row.visit, row.made_at, row.p05_at, row.p10_at, row.p90_at, row.p95_at)
    query = (
        select(*columns, OutcomeRecord.arrived_at)  # type: ignore[call-overload]  # its overloads end at four
        .join(OutcomeRecord, col(OutcomeRecord.visit) == col(row.visit))
        .where(
            col(row.day).between(period.first, period.last), col(OutcomeRecord.arrived_at) > col(row.made_at)
        )
    )
    names = ("site", "visit", "made_at", "p05_at", "p10_at", "p90_at", "p95_at", "began_at")
    return [Foretold(**dict(zip(names, found, strict=True))) for found in session.exec(query)]


def announced(session: Session, period: Period) -> list[tuple[str, bool]]:
    """The site of each published visit that took place, and whether it began within its announced window."""
    query = (
        select(OutcomeRecord.site, RoundRecord.day, OutcomeRecord.began_at, VisitRecord)  # type: ignore[call-overload]
        .join(VisitRecord, col(VisitRecord.ref) == col(OutcomeRecord.visit))
        .join(RoundRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            col(OutcomeRecord.day).between(period.first, period.last),
            col(OutcomeRecord.began_at).is_not(None),
            PlanRecord.kind == PlanKind.WEEK,
            PlanRecord.status == PlanStatus.PUBLISHED,
        )
    )
    return [
        (site, visit.announced_early <= ServiceDay(day).second(began) <= visit.announced_late)
        for site, day, began, visit in session.exec(query)
    ]


def promises(session: Session, first: datetime, last: datetime) -> Sequence[tuple[int, bool | None]]:
    """Announced chance (permille) of each settled promise that was due in a span, and whether it was kept."""
    query = select(PromiseRecord.chance_permille, PromiseRecord.kept).where(
        col(PromiseRecord.kept).is_not(None), col(PromiseRecord.due_at).between(first, last)
    )
    return session.exec(query).all()
