"""A round as its sheet of paper shows it, with what was keyed in and what others told beside it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from api.repositories import scans as facts
from api.repositories.network import list_coded
from api.services.keying.sayings import Saying, Square, squares
from api.services.road.actions import round_actions
from api.services.road.follow import Followed, follow_round
from api.wire.keying import SayingOut, SheetOut, SheetVisitOut, SquareOut
from api.wire.shipments import VisitActionsOut
from models.custody.facts import ScanKind
from models.custody.settle import Fact, settle
from models.service_day import ServiceDay
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord
from models.tables.plans import VisitRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A followed round and the squares of its visits, by ref."""

    followed: Followed
    squares: Mapping[str, Mapping[ScanKind, Square]]

    @property
    def day(self) -> ServiceDay:
        return ServiceDay(self.followed.round.day)


def read(session: Session, code: str, at: datetime) -> Sheet:
    """NotFound where no plan that people were told has the round."""
    followed = follow_round(session, code, at)
    refs = [visit.ref for visit in followed.told.visits]
    told = facts.with_mendings(session, facts.scans_of_visits(session, refs))
    settled = settle(told)
    sources = facts.sources_of(session, [fact.scan.id for fact in settled])
    by_visit: dict[str, list[Fact]] = defaultdict(list)
    for fact in settled:
        by_visit[fact.visit].append(fact)
    return Sheet(
        followed=followed,
        squares={ref: squares(by_visit[ref], sources, followed.of(ref)) for ref in refs},
    )


def told(session: Session, sheet: Sheet) -> SheetOut:
    """The sheet on the wire, in the order of the paper."""
    tour = sheet.followed.round
    actions = {one.visit: one for one in round_actions(session, tour.code, None).visits}
    sites = {site.code: site for site in list_coded(session, SiteRecord, archived=True)}
    visits = [_visit(sheet, visit, actions[visit.ref], sites) for visit in sheet.followed.told.visits]
    each = [square for one in sheet.squares.values() for square in one.values()]
    return SheetOut(
        code=tour.code,
        label=tour.label,
        day=tour.day,
        vehicle_name=_name(list_coded(session, VehicleRecord, archived=True), tour.vehicle),
        driver_name=_name(list_coded(session, DriverRecord, archived=True), tour.driver),
        current=sheet.followed.told.current,
        start_at=sheet.day.at(tour.start_s),
        end_at=sheet.day.at(tour.end_s),
        visits=visits,
        keyed=sum(any(one.keyed for one in of.values()) for of in sheet.squares.values()),
        conflicts=sum(bool(square.why) for square in each),
    )


def clock(day: ServiceDay, at: datetime) -> str:
    """« 9:12 » on the clock of a service day, as it is keyed in."""
    minute = day.second(at) // 60
    return f"{minute // 60}:{minute % 60:02d}"


def _visit(
    sheet: Sheet, visit: VisitRecord, actions: VisitActionsOut, sites: Mapping[str, SiteRecord]
) -> SheetVisitOut:
    site, found, planned_at = sites.get(visit.site), sheet.squares[visit.ref], sheet.day.at(visit.begin_s)
    return SheetVisitOut(
        visit=visit.ref,
        number=visit.number,
        site=visit.site,
        name=site.name if site else visit.site,
        commune=site.commune if site else visit.site,
        planned_at=planned_at,
        planned=clock(sheet.day, planned_at),
        leave=actions.leave,
        take=actions.take,
        codes=[one.crate for one in actions.leaving if one.crate],
        state=sheet.followed.of(visit.ref).state,
        time=_square(sheet.day, found[ScanKind.ARRIVED]),
        delivered=_square(sheet.day, found[ScanKind.DELIVERED]),
        picked_up=_square(sheet.day, found[ScanKind.PICKED_UP]),
        empties=_square(sheet.day, found[ScanKind.EMPTY]),
        closed=_square(sheet.day, found[ScanKind.CLOSED]),
    )


def _square(day: ServiceDay, square: Square) -> SquareOut:
    return SquareOut(
        kind=square.kind,
        keyed=_saying(day, square.keyed) if square.keyed else None,
        others=[_saying(day, one) for one in square.others],
        conflict=bool(square.why),
        why=square.why,
    )


def _saying(day: ServiceDay, one: Saying) -> SayingOut:
    return SayingOut(
        source=one.source,
        teller=one.fact.scan.teller,
        at=one.fact.at,
        time=clock(day, one.fact.at),
        crates=one.fact.count,
        scan=one.fact.scan.id,
        counts=one.counts,
    )


def _name(rows: Sequence[VehicleRecord] | Sequence[DriverRecord], code: str) -> str:
    return next((one.name for one in rows if one.code == code), code)
