"""Rounds as predictions see them: halts, signs, positions, in a number of queries that does not grow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from api.repositories import predictions as stored
from api.repositories import published_visits
from api.repositories.predictions import RoundForeseen
from api.services.foretelling.places import NOWHERE, Places, places
from api.services.road.follow import Followed, follow
from api.services.territory import Territories
from models.custody.rounds import RoundState
from models.custody.visits import VisitProgress, VisitState
from models.service_day import PARIS, ServiceDay
from models.tables.plans import RoundRecord, VisitRecord
from models.tables.scans import PositionRecord
from models.values import Coordinates
from routing.eta.values import Crew, Fix, Halt, RecordedRound, Sign, Told

FRESH = timedelta(minutes=15)  # older positions say nothing of where the van is now
TICK_S = 120  # how often a van that is overdue is thought about again


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """All that is known of a round. `stamp` names it; `known` is what was foreseen last."""

    followed: Followed
    recorded: RecordedRound
    fixes: tuple[Fix, ...]
    facts: int
    stamp: str
    known: RoundForeseen | None

    @property
    def running(self) -> bool:
        """Whether anything is known of it, and not yet its end."""
        state = self.followed.progress.state
        return state is RoundState.RUNNING or (state is RoundState.WAITING and bool(self.fixes))

    def is_news(self, at: datetime) -> bool:
        """Whether it should be thought about (again): something new is known, or the van is overdue."""
        if self.known is None:
            return self.running
        base, _, tick = self.known.stamp.rpartition(" ")
        if base != self.stamp:
            return True
        first = min((told[1] for told in self.known.visits.values()), default=None)
        overdue = first is not None and first < at.timestamp()
        return overdue and int(tick or 0) < tick_of(at)


def tick_of(at: datetime) -> int:
    return int(at.timestamp()) // TICK_S


def situations(
    session: Session,
    at: datetime,
    only: Collection[str] | None = None,
    territories: Territories | None = None,
) -> list[Situation]:
    """The rounds of the day; `only` those of some codes. `territories` know the roads."""
    day = at.astimezone(PARIS).date()
    rounds = [
        told
        for told in published_visits.rounds_of_day(session, day)
        if told.visits and (only is None or told.round.code in only)
    ]
    codes = [told.round.code for told in rounds]
    facts = stored.last_facts(session, codes)
    fixes = stored.fixes_since(session, codes, at - FRESH)
    known = stored.foreseen_of_rounds(session, codes)
    there = places(session, territories) if fixes else NOWHERE
    return [
        _situation(
            one,
            facts.get(one.round.code, 0),
            fixes.get(one.round.code, []),
            known.get(one.round.code),
            there if one.round.code in fixes else NOWHERE,
        )
        for one in follow(session, rounds, at)
    ]


def recorded_of(followed: Followed, there: Places = NOWHERE) -> RecordedRound:
    """A round with what was told of it, as learning sees it too; `there` matters for positions alone."""
    tour = followed.round
    visits = list(followed.told.visits)
    before = [tour.start_site, *(visit.site for visit in visits)]
    return RecordedRound(
        halts=tuple(_halt(tour, visit, before[k], there) for k, visit in enumerate(visits)),
        told=Told(
            started_at=_depart(followed),
            home_at=_home(followed),
            visits={
                visit.ref: _sign(followed.of(visit.ref)) for visit in visits if visit.ref in followed.known
            },
        ),
        crew=Crew(vehicle=tour.vehicle, driver=tour.driver),
    )


def _situation(
    followed: Followed,
    facts: int,
    fixes: Sequence[PositionRecord],
    known: RoundForeseen | None,
    there: Places,
) -> Situation:
    last = int(fixes[-1].at.timestamp()) // 60 if fixes else 0
    return Situation(
        followed=followed,
        recorded=recorded_of(followed, there),
        fixes=tuple(_fix(one) for one in fixes),
        facts=facts,
        stamp=f"{followed.round.id.hex[-8:]} {facts} {last}",
        known=known,
    )


def _halt(tour: RoundRecord, visit: VisitRecord, from_site: str, there: Places) -> Halt:
    zero = int(ServiceDay(tour.day).zero.timestamp())
    arrival = zero + visit.arrival_s
    return Halt(
        visit=visit.ref,
        site=visit.site,
        from_site=from_site,
        arrival_at=arrival,
        begin_at=max(zero + visit.begin_s, arrival),
        end_at=max(zero + visit.end_s, zero + visit.begin_s, arrival),
        opens_at=zero + visit.window_early,
        leg_s=visit.leg_s,
        pause_s=(tour.pause_s or 0) if tour.pause_after == visit.number - 1 else 0,
        leg_m=visit.leg_m,
        crates=visit.deliver + visit.collect,
        point=there.points.get(visit.site),
        from_point=there.points.get(from_site),
        way=there.way(from_site, visit.site),
    )


def _sign(known: VisitProgress) -> Sign:
    return Sign(
        arrived_at=_second(known.arrived.at if known.arrived else None),
        began_at=_second(known.began_at),
        left_at=_second(known.left.at if known.left else None),
        last_at=_second(known.clocked_at),
        over=known.over,
        closed=known.state is VisitState.CLOSED,
    )


def _depart(followed: Followed) -> int | None:
    tour = followed.round
    out = followed.known.get(f"{tour.code}/{tour.start_site}")
    return _second(out.left.at if out and out.left else None)


def _home(followed: Followed) -> int | None:
    tour = followed.round
    home = followed.known.get(f"{tour.code}/{tour.end_site}")
    return _second(home.arrived.at if home and home.arrived else None)


def _fix(one: PositionRecord) -> Fix:
    point = Coordinates(lon=one.lon, lat=one.lat)
    return Fix(at=int(one.at.timestamp()), point=point, accuracy_m=int(one.accuracy_m or 0))


def _second(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
