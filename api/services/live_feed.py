"""The day's rounds as they go, for other software: facts where there are some, predictions where not."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session

from api.repositories.changes import newest_seq
from api.repositories.live_rounds import last_positions
from api.repositories.predictions import RoundForeseen, foreseen_of_rounds
from api.service import Service
from api.services import published_feed
from api.services.road.follow import Followed, follow_day
from maps.export.live_feed import LiveHalt, LivePlace, LiveTrip, live_feed
from models.custody.rounds import Expected, RoundState
from models.custody.visits import VisitProgress, VisitState
from models.service_day import PARIS, ServiceDay
from models.tables.plans import VisitRecord

STEP_S = 15  # how often the feed is made again although nothing happened: readers want it fresh
_SEEN = timedelta(minutes=5)  # an older position tells nothing


def feed_json(session: Session, service: Service, now: datetime) -> tuple[str, bytes]:
    """What the feed depends on, as a tag, and its text: made once in 15 seconds, or when something happens.

    NotFound while there is no network.
    """
    at = now.replace(second=now.second // STEP_S * STEP_S, microsecond=0)
    static = published_feed.stated(session, at.astimezone(PARIS).date(), service.settings.public_url)
    key = f"live {static.version} {newest_seq(session)} {at.isoformat()} {service.settings.live_positions}"

    def made() -> bytes:
        told = _message(session, service, at, static.version)
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    return key, service.answers.get(key, made)


def _message(session: Session, service: Service, at: datetime, version: str) -> dict[str, object]:
    rounds = [one for one in follow_day(session, at.astimezone(PARIS).date(), at) if one.told.current]
    foreseen = foreseen_of_rounds(session, [one.round.code for one in rounds])
    places = _places(session, rounds, at) if service.settings.live_positions else ()
    trips = [_trip(one, foreseen.get(one.round.code), at) for one in rounds]
    return live_feed(trips, places, at=_epoch(at), version=version)


def _trip(one: Followed, told: RoundForeseen | None, at: datetime) -> LiveTrip:
    tour, ended = one.round, one.progress.state is RoundState.ENDED
    moments = [one.progress.last_at, told.made_at if told else None]
    told_at = max((moment for moment in moments if moment), default=None)
    halts = list(_halts(one, told, at))
    nowhere = bool(one.told.visits) and all(halt.skipped for halt in halts[1:-1])
    return LiveTrip(
        code=tour.code,
        day=tour.day,
        vehicle=tour.vehicle,
        halts=halts,
        told_at=_epoch(min(told_at, at)) if told_at else None,
        cancelled=ended and nowhere,
    )


def _halts(one: Followed, told: RoundForeseen | None, at: datetime) -> Iterator[LiveHalt]:
    tour, day = one.round, ServiceDay(one.round.day)
    leaves, comes = _epoch(day.at(tour.start_s)), _epoch(day.at(tour.end_s))
    left = one.of(f"{tour.code}/{tour.start_site}").left
    yield LiveHalt(
        number=0,
        site=tour.start_site,
        planned_arrival_at=leaves,
        planned_departure_at=leaves,
        departure_at=_epoch(left.at) if left else None,
        uncertainty_s=0,
    )
    last: LiveHalt | None = None
    for visit, plan in zip(one.told.visits, one.expected, strict=True):
        yield (last := _halt(one, visit, plan, told, at))
    home_at, sure = _home(one, last)
    yield LiveHalt(
        number=len(one.told.visits) + 1,
        site=tour.end_site,
        planned_arrival_at=comes,
        planned_departure_at=comes,
        arrival_at=home_at,
        uncertainty_s=0 if sure else last.uncertainty_s if last else None,
    )


def _home(one: Followed, last: LiveHalt | None) -> tuple[int | None, bool]:
    """When the van is back, and whether it is; foreseen from the last visit."""
    home = one.of(f"{one.round.code}/{one.round.end_site}").arrived
    if home:
        return _epoch(home.at), True
    if last is None or last.departure_at is None or last.uncertainty_s == 0:
        return None, False
    return last.departure_at + one.round.leg_back_s, False


def _halt(
    one: Followed, visit: VisitRecord, plan: Expected, told: RoundForeseen | None, at: datetime
) -> LiveHalt:
    known = one.of(visit.ref)
    arrival, departure, uncertainty_s = _clock(one, known, plan, told, at)
    return LiveHalt(
        number=visit.number,
        site=visit.site,
        planned_arrival_at=_epoch(plan.arrival_at),
        planned_departure_at=_epoch(plan.end_at),
        arrival_at=_epoch(arrival) if arrival else None,
        departure_at=_epoch(departure) if departure else None,
        uncertainty_s=uncertainty_s,
        skipped=known.state is VisitState.CLOSED or visit.ref in one.progress.skipped,
    )


def _clock(
    one: Followed, known: VisitProgress, plan: Expected, told: RoundForeseen | None, at: datetime
) -> tuple[datetime | None, datetime | None, int | None]:
    """Arrival, departure, and how far they may be off."""
    lasts = plan.end_at - plan.begin_at
    began = known.began_at
    if known.over:
        left = known.left.at if known.left else known.clocked_at
        return began, max(began, left or began) if began else None, 0
    if began:  # it is there now
        return began, max(began + lasts, at), None
    begin, uncertainty_s = _foreseen(one, plan, told, at)
    if begin is None:
        return None, None, None
    early = min(plan.arrival_at, begin) if begin <= plan.begin_at else begin  # it may wait before the door
    return max(early, at), begin + lasts, uncertainty_s


def _foreseen(
    one: Followed, plan: Expected, told: RoundForeseen | None, at: datetime
) -> tuple[datetime | None, int | None]:
    """When a visit to come begins: the last prediction, never before now; without one, the delay so far."""
    ahead = next((each for each in one.progress.ahead if each.visit == plan.visit), None)
    if ahead is None:
        return None, None
    if told is not None and plan.visit in told.visits:
        early, likely, late, _ = told.visits[plan.visit]
        return max(datetime.fromtimestamp(likely, at.tzinfo), at), (late - early) // 2
    return (ahead.begin_at, None) if one.progress.delay_s is not None else (None, None)


def _places(session: Session, rounds: list[Followed], at: datetime) -> Iterator[LivePlace]:
    """Where the vans of running rounds are; of no other."""
    running = {one.round.code: one for one in rounds if one.progress.state is RoundState.RUNNING}
    for code, fix in sorted(last_positions(session, running, at - _SEEN).items()):
        tour = running[code].round
        yield LivePlace(
            code=code,
            day=tour.day,
            vehicle=tour.vehicle,
            at=_epoch(min(fix.at, at)),
            lat=fix.lat,
            lon=fix.lon,
            heading_deg=fix.heading_deg,
            speed_mps=fix.speed_mps,
        )


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def packed(feed: bytes) -> bytes:
    """The feed's JSON → the same in protobuf."""
    from google.protobuf.json_format import Parse  # noqa: PLC0415  # 50 ms to import, for those who ask
    from google.transit.gtfs_realtime_pb2 import FeedMessage  # noqa: PLC0415

    return bytes(Parse(feed, FeedMessage()).SerializeToString())
