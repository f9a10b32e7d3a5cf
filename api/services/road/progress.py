"""How far a round, a day have got; what a library is told of the visits to come."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from api.repositories import incidents, published_visits
from api.services.actor import Actor, Role
from api.services.road.follow import Followed, follow, follow_day, follow_round, foresee
from api.services.road.tell import Names, tell_round
from api.services.road.words import where
from api.wire.progress import ArrivalOut, ArrivalsOut, DayOut, RoundProgressOut
from models.custody.visits import VisitState
from models.errors import Forbidden, NotFound
from models.service_day import PARIS, ServiceDay
from models.tables.plans import RoundRecord, VisitRecord


def round_now(session: Session, actor: Actor, code: str, at: datetime) -> RoundProgressOut:
    """One round; a driver sees their own only. NotFound where no plan that people were told has it."""
    followed = follow_round(session, code, at)
    if actor.role is Role.DRIVER and followed.round.driver != actor.driver:
        raise Forbidden("Cette tournée est confiée à quelqu'un d'autre.")
    return tell_round(followed, _names(session), at)


def day_now(session: Session, day: date, at: datetime) -> DayOut:
    """All rounds of a day, and what needs a decision in them."""
    names = _names(session)
    rounds = [tell_round(one, names, at) for one in follow_day(session, day, at)]
    return DayOut(
        day=day,
        at=at,
        rounds=rounds,
        decisions=[decision for one in rounds for decision in one.decisions],
        incidents=incidents.count_open(session, ServiceDay(day)),
    )


def arrivals(session: Session, site: str, days: int, at: datetime) -> ArrivalsOut:
    """The visits at a site from today on; today's with where the shuttle is. NotFound without such a site."""
    communes = published_visits.communes_of(session)
    if site not in communes:
        raise NotFound(f"Le site « {site} » n'existe pas.")
    today = at.astimezone(PARIS).date()
    calls = published_visits.calls_at(session, site, today, today + timedelta(days=days))
    now_running = {tour.code for tour, _ in calls if tour.day == today}
    told = foresee(session, follow(session, published_visits.told_rounds(session, now_running), at))
    followed = {one.round.code: one for one in told}
    found = [_arrival(tour, visit, followed.get(tour.code), communes, at) for tour, visit in calls]
    return ArrivalsOut(site=site, at=at, arrivals=found)


def _arrival(
    tour: RoundRecord, visit: VisitRecord, live: Followed | None, communes: Mapping[str, str], at: datetime
) -> ArrivalOut:
    clock = ServiceDay(tour.day).at
    ahead = live.ahead(visit.ref, at) if live else None
    underway = live is not None and live.progress.last_at is not None
    told_at = live.progress.last_at if live else None
    if live and live.foreseen and ahead:
        told_at = live.foreseen.told_at or told_at
    return ArrivalOut(
        visit=visit.ref,
        round=tour.code,
        day=tour.day,
        announced_early_at=clock(visit.announced_early),
        announced_late_at=clock(visit.announced_late),
        deliver=visit.deliver,
        collect=visit.collect,
        state=live.of(visit.ref).state if live else VisitState.NOTHING,
        expected_at=ahead.p50_at if ahead else None,
        p10_at=ahead.p10_at if ahead else None,
        p50_at=ahead.p50_at if ahead else None,
        p90_at=ahead.p90_at if ahead else None,
        skip_permille=ahead.skip_permille if ahead else None,
        basis=live.foreseen.basis
        if ahead and live and live.foreseen
        else "pointages"
        if underway
        else "planning",
        told_at=told_at,
        age_s=max(0, (at - told_at) // timedelta(seconds=1)) if told_at else None,
        words=where(live, visit.ref, communes, at) if live else "",
    )


def _names(session: Session) -> Names:
    return Names(communes=published_visits.communes_of(session), drivers=published_visits.drivers_of(session))
