"""What a library's page reads beside what others read: the ordinary week's calls, its own calendar link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.network.values import SiteKind
from models.tables.demand import ShipmentRecord, ShipmentState
from models.tables.network import ClosureRecord, ClosureStatus, SiteRecord
from models.tables.people import LinkKind, LinkRecord
from models.tables.plans import PlanKind, PlanRecord, PlanStatus, RoundRecord, VisitRecord
from models.tables.scans import MessageRecord, ScanRecord, ScanSource


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """A call of the published ordinary week: Monday is 0, seconds of the service day."""

    weekday: int
    early: int
    late: int


def usual_calls(session: Session, site: str) -> list[Usual]:
    """When the published ordinary week calls at a site, in time order."""
    query = (
        select(col(RoundRecord.day), col(VisitRecord.announced_early), col(VisitRecord.announced_late))
        .join(VisitRecord, col(VisitRecord.round) == col(RoundRecord.id))
        .join(PlanRecord, col(RoundRecord.plan) == col(PlanRecord.id))
        .where(
            VisitRecord.site == site,
            PlanRecord.kind == PlanKind.TEMPLATE,
            PlanRecord.status == PlanStatus.PUBLISHED,
        )
    )
    found = [Usual(weekday=day.weekday(), early=early, late=late) for day, early, late in session.exec(query)]
    return sorted(found, key=lambda one: (one.weekday, one.early))


def open_sites(session: Session) -> Sequence[SiteRecord]:
    """The libraries and partners that are in use, by commune and name."""
    query = select(SiteRecord).where(
        col(SiteRecord.archived_at).is_(None), col(SiteRecord.kind) != SiteKind.DEPOT
    )
    return session.exec(query.order_by(col(SiteRecord.commune), col(SiteRecord.name))).all()


def site_of_code(session: Session, code: str) -> SiteRecord | None:
    """A site, also when it is archived."""
    return session.exec(select(SiteRecord).where(SiteRecord.code == code)).first()


def feed_link(session: Session, site: str, label: str) -> LinkRecord | None:
    """The calendar link of a site that its own page made, unless it was revoked."""
    query = select(LinkRecord).where(
        LinkRecord.kind == LinkKind.SITE_FEED,
        LinkRecord.subject == site,
        LinkRecord.label == label,
        col(LinkRecord.revoked_at).is_(None),
    )
    return session.exec(query.order_by(col(LinkRecord.id))).first()


def own_shipment(session: Session, site: str, by: str, *, to_change: bool = False) -> ShipmentRecord | None:
    """What a library itself announced to be ready and nobody has taken yet: the last of it."""
    query = select(ShipmentRecord).where(
        ShipmentRecord.origin == site,
        ShipmentRecord.declared_by == by,
        ShipmentRecord.state == ShipmentState.ANNOUNCED,
        col(ShipmentRecord.destination).is_(None),
    )
    query = query.order_by(col(ShipmentRecord.id).desc())
    return session.exec(query.with_for_update() if to_change else query).first()


def told_by_library(session: Session, visit: str) -> ScanRecord | None:
    """What a library last said it received at a visit."""
    query = select(ScanRecord).where(ScanRecord.visit == visit, ScanRecord.source == ScanSource.LIBRARY)
    return session.exec(query.order_by(col(ScanRecord.seq).desc())).first()


def closures_ahead(session: Session, site: str, today: date) -> Sequence[ClosureRecord]:
    """The closures of a site and of the whole network that are not over, by date."""
    query = select(ClosureRecord).where(
        (col(ClosureRecord.site) == site) | col(ClosureRecord.site).is_(None),
        ClosureRecord.ends_on >= today,
        ClosureRecord.status != ClosureStatus.WITHDRAWN,
    )
    return session.exec(query.order_by(col(ClosureRecord.starts_on), col(ClosureRecord.id))).all()


def last_messages(session: Session, site: str, how_many: int) -> list[MessageRecord]:
    """The last messages with a library, in the order in which they were written."""
    query = select(MessageRecord).where(MessageRecord.site == site)
    newest = query.order_by(col(MessageRecord.at).desc(), col(MessageRecord.id).desc()).limit(how_many)
    return list(session.exec(newest).all())[::-1]
