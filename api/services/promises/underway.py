"""Today's rounds as the road tells of them, for promises: when each call takes place, or that it does not."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from api.services.road.follow import Followed, follow_day
from models.custody.rounds import Expectation, RoundState
from models.custody.visits import VisitState
from models.service_day import PARIS, ServiceDay
from routing.promise.chances import Odds
from routing.promise.revised import revised
from routing.promise.road import Road, Seen, as_driven
from routing.promise.timetable import Call, Run


@dataclass(frozen=True, kw_only=True, slots=True)
class Underway:
    """A round of today that the road tells of. `planned` is its run as published, `run` as it is driven;
    `heard_at` is when it was last heard of, `closed` the calls where the door was shut, and when."""

    code: str
    label: str
    state: RoundState
    planned: Run
    run: Run
    heard_at: datetime | None
    closed: Mapping[str, datetime]

    def call(self, ref: str) -> tuple[Call, Call]:
        """As published, and as driven."""
        published = next(one for one in self.planned.calls if one.ref == ref)
        return published, next(one for one in self.run.calls if one.ref == ref)


def underway(session: Session, odds: Odds, now: datetime) -> dict[str, Underway]:
    """The rounds of the day that facts or positions tell of, by code."""
    runs = {run.code: run for run in odds.timetable.runs}
    followed = follow_day(session, now.astimezone(PARIS).date(), now)
    return {
        one.round.code: _underway(one, runs[one.round.code], odds, now)
        for one in followed
        if one.round.code in runs and one.expected and _is_told_of(one)
    }


def with_rounds(odds: Odds, rounds: Mapping[str, Underway]) -> Odds:
    """The timetable as it is driven."""
    which = {run.code: k for k, run in enumerate(odds.timetable.runs)}
    return revised(odds, {which[code]: one.run for code, one in rounds.items()})


def named(rounds: Mapping[str, Underway]) -> str:
    """Equal names, equal answers; empty while nothing is under way."""
    return hashlib.sha256(repr(sorted(rounds.items())).encode()).hexdigest()[:16] if rounds else ""


def _is_told_of(one: Followed) -> bool:
    return one.progress.state is not RoundState.WAITING or bool(one.foreseen and one.foreseen.visits)


def _underway(one: Followed, run: Run, odds: Odds, now: datetime) -> Underway:
    progress = one.progress
    home = one.known.get(f"{one.round.code}/{one.round.end_site}")
    left = one.known.get(f"{one.round.code}/{one.round.start_site}")
    road = Road(
        now_at=int(now.timestamp()),
        calls=_seen(one, now),
        cut_off_s=odds.timetable.cut_off_s,
        late=odds.chances.late,
        started_at=_second(left.left.at if left and left.left else None),
        home_at=_second(home.arrived.at if home and home.arrived else None),
        ended=progress.state is RoundState.ENDED,
    )
    foreseen_at = one.foreseen.told_at if one.foreseen and one.foreseen.visits else None
    heard = [moment for moment in (progress.last_at, foreseen_at) if moment]
    return Underway(
        code=one.round.code,
        label=one.round.label,
        state=progress.state,
        planned=run,
        run=as_driven(run, road),
        heard_at=max(heard, default=None),
        closed={ref: at for ref in progress.closed if (at := one.of(ref).closed_at)},
    )


def _seen(one: Followed, now: datetime) -> dict[str, Seen]:
    ahead = {coming.visit: coming for coming in one.progress.ahead}
    clock = ServiceDay(one.round.day).at
    until = min([now, *(moment for moment in (one.progress.ended_at,) if moment)])
    planned = {visit.ref: min(clock(visit.begin_s), until) for visit in one.told.visits}
    return {ref: _seen_of(one, ref, ahead.get(ref), at, now) for ref, at in planned.items()}


def _seen_of(one: Followed, ref: str, coming: Expectation | None, passed_at: datetime, now: datetime) -> Seen:
    """`passed_at`: when it is taken as driven by, where nobody told anything and the van is further on."""
    told = one.of(ref)
    if told.state is VisitState.CLOSED:
        return Seen(begin_at=_at(told.closed_at or passed_at), over=True, off=True)
    if coming is not None:
        return _coming(one, coming, now)
    if told.began_at is None:
        return Seen(begin_at=_at(passed_at), over=True, off=True)
    if told.over or one.progress.last_visit != ref:
        return Seen(begin_at=_at(told.began_at), end_at=_second(told.clocked_at), over=True)
    return Seen(begin_at=_at(told.began_at))


def _coming(one: Followed, coming: Expectation, now: datetime) -> Seen:
    """As it was foreseen and stored; before that as the delay is carried on."""
    foreseen = one.ahead(coming.visit, now)
    if foreseen is None:
        return Seen(begin_at=_at(coming.begin_at))
    return Seen(
        begin_at=_at(foreseen.p50_at),
        p10_at=_at(foreseen.p10_at),
        p90_at=_at(foreseen.p90_at),
        missed=foreseen.skip_permille * 1000,
    )


def _at(moment: datetime) -> int:
    return int(moment.timestamp())


def _second(moment: datetime | None) -> int | None:
    return None if moment is None else _at(moment)
