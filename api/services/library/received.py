"""« Bien reçu » : what was left at the last visit, and what the library says of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from api.repositories import library, published_visits
from api.services.library import phrases
from api.services.road.outcomes import progress_of_rounds
from models.custody.visits import VisitProgress, VisitState
from models.service_day import ServiceDay
from models.tables.plans import RoundRecord, VisitRecord

_BACK = timedelta(days=8)


@dataclass(frozen=True, kw_only=True, slots=True)
class LastVisit:
    """The last visit that took place. `told` is what the driver's side says was left, None where nobody did;
    `own` what the library confirmed; `crates` what the form proposes."""

    visit: str
    when: str
    day: date
    told: int | None
    own: int | None
    crates: int


def last_visit(session: Session, site: str, at: datetime) -> LastVisit | None:
    """None when the shuttle has not called for a week, or found the door closed."""
    today = phrases.iso_today(at)
    calls = published_visits.calls_at(session, site, today - _BACK, today)
    known = progress_of_rounds(session, sorted({tour.code for tour, _ in calls}))
    for tour, visit in reversed(calls):
        found = known.get(visit.ref)
        if _took_place(tour, visit, found, at):
            return _last(session, tour, visit, found, today)
    return None


def _took_place(tour: RoundRecord, visit: VisitRecord, found: VisitProgress | None, at: datetime) -> bool:
    if found is not None and found.state is not VisitState.PROBLEM:
        return found.state in {VisitState.ARRIVED, VisitState.LEFT, VisitState.DONE}
    return ServiceDay(tour.day).at(visit.announced_late) < at  # nobody told of it: ask


def _last(
    session: Session, tour: RoundRecord, visit: VisitRecord, found: VisitProgress | None, today: date
) -> LastVisit:
    scan = library.told_by_library(session, visit.ref)
    own = scan.count if scan else None
    told = _of_others(found, scan.author if scan else "")
    return LastVisit(
        visit=visit.ref,
        when=phrases.near_day(tour.day, today),
        day=tour.day,
        told=told,
        own=own,
        crates=own if own is not None else told if told is not None else visit.deliver,
    )


def _of_others(found: VisitProgress | None, own: str) -> int | None:
    """What others than the library say was left: where they differ, their own figure; else the one of all."""
    figure = found.delivered if found else None
    if figure is None:
        return None
    return next((one.crates for one in figure.claims if one.teller != own), figure.crates)
