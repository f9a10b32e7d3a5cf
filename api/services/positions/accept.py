"""Which fixes are kept: those of a driver whose round runs, not too many, with a clock that can be right.

All others are thrown away and counted. Trackers are never told to try again: they would for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import cos, hypot, radians

from sqlmodel import Session

from api.repositories import positions as stored
from api.repositories.published_visits import told_rounds
from api.services.actor import Actor
from api.services.changes import announce
from api.services.positions.fixes import Fix
from api.services.road.follow import Followed, follow
from models.service_day import PARIS, ServiceDay
from models.tables.scans import PositionRecord

AHEAD = timedelta(minutes=2)
OLDEST = timedelta(hours=24)
AROUND = timedelta(minutes=30)  # a round may leave earlier and come home later than planned
LATEST = timedelta(hours=3)  # a round whose end nobody told is over by then
NEAR_S, NEAR_M = 10, 50
_METRE = 111_195  # metres in a degree of latitude


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What became of fixes: kept, too close to another, outside of any round, with an impossible clock."""

    kept: int = 0
    thinned: int = 0
    outside: int = 0
    refused: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """When a round may tell where it is, both ends included."""

    code: str
    begins_at: datetime
    ends_at: datetime

    def holds(self, moment: datetime) -> bool:
        return self.begins_at <= moment <= self.ends_at


def accept(session: Session, actor: Actor, fixes: Sequence[Fix], received_at: datetime) -> Counted:
    """Keep what may be kept of a driver's fixes."""
    timely = [fix for fix in fixes if received_at - OLDEST <= fix.at <= received_at + AHEAD]
    counted = Counted(refused=len(fixes) - len(timely))
    running = running_rounds(session, actor.driver, timely) if actor.driver and timely else []
    for round_ in running:
        mine = [fix for fix in timely if round_.holds(fix.at)]
        timely = [fix for fix in timely if not round_.holds(fix.at)]
        kept = _spread(mine, stored.between(session, round_.code, *_span(mine))) if mine else []
        session.add_all(_record(fix, round_.code, actor, received_at) for fix in kept)
        counted = replace(
            counted, kept=counted.kept + len(kept), thinned=counted.thinned + len(mine) - len(kept)
        )
        if kept:
            announce(session, "positions", round_.code)
    return replace(counted, outside=len(timely))


def running_rounds(session: Session, driver: str, fixes: Sequence[Fix]) -> list[Running]:
    """A driver's published rounds around the time of some fixes, and when each ran."""
    days = [fix.at.astimezone(PARIS).date() for fix in fixes]
    codes = stored.rounds_of_driver(session, driver, min(days) - timedelta(days=1), max(days))
    latest = max(fix.at for fix in fixes)
    return [_running(one) for one in follow(session, told_rounds(session, codes), latest)]


def _running(followed: Followed) -> Running:
    """From its first fact, or half an hour before its time, to the end that was told, or must have been."""
    tour, told = followed.round, followed.progress
    clock = ServiceDay(tour.day).at
    earliest = told.started_at or clock(tour.start_s) - AROUND
    latest = clock(tour.end_s) + (LATEST if told.started_at else AROUND)
    last = followed.of(followed.expected[-1].visit) if followed.expected else None
    ended = told.ended_at or (last.last_at if last and last.over else None)
    return Running(
        code=tour.code,
        begins_at=min(earliest, clock(tour.start_s)),
        ends_at=min(ended or latest, latest),
    )


def _span(fixes: Sequence[Fix]) -> tuple[datetime, datetime]:
    margin = timedelta(seconds=NEAR_S)
    return min(fix.at for fix in fixes) - margin, max(fix.at for fix in fixes) + margin


def _spread(fixes: Sequence[Fix], known: Sequence[PositionRecord]) -> list[Fix]:
    """Without those within 10 s and 50 m of one that is kept."""
    taken = [(one.at, one.lat, one.lon) for one in known]
    kept = []
    for fix in sorted(fixes, key=lambda one: one.at):
        if not any(_near(fix, *other) for other in taken):
            kept.append(fix)
            taken.append((fix.at, fix.lat, fix.lon))
    return kept


def _near(fix: Fix, at: datetime, lat: float, lon: float) -> bool:
    if abs((fix.at - at).total_seconds()) >= NEAR_S:
        return False
    east = (fix.lon - lon) * cos(radians(lat))
    return hypot(fix.lat - lat, east) * _METRE < NEAR_M


def _record(fix: Fix, code: str, actor: Actor, received_at: datetime) -> PositionRecord:
    return PositionRecord(
        round=code,
        device=actor.device,
        at=fix.at,
        received_at=received_at,
        lon=fix.lon,
        lat=fix.lat,
        accuracy_m=fix.accuracy_m,
        speed_mps=fix.speed_mps,
        heading_deg=fix.heading_deg,
    )
