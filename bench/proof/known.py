"""What is known of a simulated round at an instant, as predictions read it. The truth stays out of here."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.sim.tell import Telling
from bench.sim.week import territory
from models.custody.facts import Scan
from models.custody.rounds import Expected
from models.custody.visits import VisitProgress, VisitState, visits_progress
from models.plan import Round, Visit, visit_refs
from routing.eta.values import Crew, Fix, Halt, RecordedRound, Sign, Told

TOGETHER_S = 5  # facts heard within so many seconds are looked at as one


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of one round at `now_at`: its facts folded, and as predictions read them."""

    now_at: int
    visits: dict[str, VisitProgress]
    told: Told


def halts_of(tour: Round) -> tuple[Halt, ...]:
    """The planned visits of a round."""
    froms = (tour.start_site, *(visit.site for visit in tour.visits))
    named = zip(visit_refs(tour), tour.visits, froms, strict=False)
    return tuple(_halt(tour, ref, visit, origin) for ref, visit, origin in named)


def _halt(tour: Round, ref: str, visit: Visit, origin: str) -> Halt:
    zero, site = epoch(tour.day.zero), territory().network.site
    pause = tour.pause.length_s if tour.pause and tour.pause.after == visit.number - 1 else 0
    return Halt(
        visit=ref,
        site=visit.site,
        from_site=origin,
        arrival_at=zero + visit.arrival_s,
        begin_at=zero + visit.begin_s,
        end_at=zero + visit.end_s,
        opens_at=zero + visit.window.early,
        leg_s=visit.leg_s,
        pause_s=pause,
        leg_m=visit.leg_m,
        crates=visit.deliver + visit.collect,
        point=site(visit.site).point,
        from_point=site(origin).point,
    )


def expected_of(tour: Round) -> list[Expected]:
    """The same for the timetable with its delay carried on, as the day's screen has it."""
    at = tour.day.at
    return [
        Expected(
            visit=ref,
            arrival_at=at(visit.arrival_s),
            begin_at=at(visit.begin_s),
            end_at=at(visit.end_s),
            opens_at=at(visit.window.early),
            announced_late_at=at(visit.announced.late),
            leg_s=visit.leg_s
            + (tour.pause.length_s if tour.pause and tour.pause.after == visit.number - 1 else 0),
        )
        for ref, visit in zip(visit_refs(tour), tour.visits, strict=True)
    ]


def crew_of(tour: Round) -> Crew:
    return Crew(vehicle=tour.vehicle, driver=tour.driver)


def instants(telling: Telling) -> list[int]:
    """When something new was known of a round: the last reception of each batch."""
    heard = sorted(epoch(scan.received_at) for scan in telling.scans)
    return [at for k, at in enumerate(heard) if k + 1 == len(heard) or heard[k + 1] - at > TOGETHER_S]


def known_at(tour: Round, telling: Telling, now_at: int) -> Known:
    """What had been heard by an instant, that one included."""
    heard = [scan for scan in telling.scans if epoch(scan.received_at) <= now_at]
    visits = visits_progress(heard)
    return Known(now_at=now_at, visits=visits, told=_told(tour, visits, heard))


def recorded(tour: Round, telling: Telling) -> RecordedRound:
    """A round of the past, with all that was ever told."""
    told = _told(tour, visits_progress(telling.scans), telling.scans)
    return RecordedRound(halts=halts_of(tour), told=told, crew=crew_of(tour))


def fixes_until(telling: Telling, now_at: int) -> Sequence[Fix]:
    """Positions heard by an instant."""
    heard = bisect_right([epoch(one.received_at) for one in telling.fixes], now_at)
    return [
        Fix(at=epoch(one.at), point=one.point, accuracy_m=one.accuracy_m) for one in telling.fixes[:heard]
    ]


def _told(tour: Round, visits: dict[str, VisitProgress], scans: Iterable[Scan]) -> Told:
    heard: dict[str, int] = {}
    for scan in scans:
        heard[scan.visit] = max(heard.get(scan.visit, 0), epoch(scan.received_at))
    start, end = f"{tour.id}/{tour.start_site}", f"{tour.id}/{tour.end_site}"
    out, home = visits.get(start), visits.get(end)
    return Told(
        started_at=epoch(out.left.at) if out and out.left else None,
        home_at=epoch(home.arrived.at) if home and home.arrived else None,
        visits={
            ref: _sign(one, heard[ref])
            for ref, one in visits.items()
            if ref not in {start, end} and one.clocked_at
        },
    )


def _sign(one: VisitProgress, heard_at: int) -> Sign:
    return Sign(
        arrived_at=_maybe(one.arrived.at if one.arrived else None),
        began_at=_maybe(one.began_at),
        left_at=_maybe(one.left.at if one.left else None),
        last_at=_maybe(one.clocked_at),
        over=one.over,
        closed=one.state is VisitState.CLOSED,
        heard_at=heard_at,
    )


def _maybe(at: datetime | None) -> int | None:
    return None if at is None else epoch(at)


def epoch(at: datetime) -> int:
    """Whole seconds since the Unix epoch."""
    return int(at.timestamp())
