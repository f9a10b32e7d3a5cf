"""The next visit of a library: its window, where the shuttle is, what to prepare, what is coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from api.repositories import crates, library
from api.services.library import phrases
from api.services.road import progress
from api.services.road.actions import round_actions
from api.wire.progress import ArrivalOut
from api.wire.shipments import ActionOut
from models.custody.visits import OVER, VisitState
from models.errors import NotFound

AHEAD_DAYS = 56
_FORGIVEN = timedelta(hours=2)  # a visit nobody told of is still expected so long after its window
_TOLD_LATE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """Crates that come with a visit; `empty` of them are empty, `lines` say whence."""

    crates: int
    empty: int
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NextVisit:
    """`live` says where the shuttle is, `expected` what that makes of the window; both may be empty.

    `ready_before` is the cut-off: crates ready later wait for the visit after. `take` is how many crates the
    driver is told to take, `announced` whether the library has said so itself.
    """

    visit: str
    day: date
    early_at: datetime
    late_at: datetime
    when: str
    window: str
    live: str
    expected: str
    ready_before: str
    too_late: bool
    take: int
    announced: bool
    taking: tuple[str, ...]
    incoming: Incoming
    running: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Visits:
    """The visits of eight weeks, the next of them, and the one of today that is over."""

    arrivals: Sequence[ArrivalOut]
    next: NextVisit | None
    passed: str


def visits_of(session: Session, site: str, by: str, cut_off_s: int, at: datetime) -> Visits:
    """What a library may expect from now on; `by` is the name under which it announces crates."""
    arrivals = progress.arrivals(session, site, AHEAD_DAYS, at).arrivals
    ahead = [one for one in arrivals if _ahead(one, at)]
    over = [one for one in arrivals if one not in ahead and one.state in OVER]
    first = ahead[0] if ahead else None
    return Visits(
        arrivals=arrivals,
        next=_next(session, first, (site, by), timedelta(seconds=cut_off_s), at) if first else None,
        passed=over[-1].words if over else "",
    )


def _ahead(one: ArrivalOut, at: datetime) -> bool:
    if one.state in OVER:
        return False
    return one.state is VisitState.ARRIVED or one.announced_late_at + _FORGIVEN > at


def _next(
    session: Session, one: ArrivalOut, whose: tuple[str, str], cut_off: timedelta, at: datetime
) -> NextVisit:
    leaving, taking = _crates(session, one)
    ready_by = one.announced_early_at - cut_off
    today = phrases.iso_today(at)
    own = library.own_shipment(session, *whose)
    return NextVisit(
        visit=one.visit,
        day=one.day,
        early_at=one.announced_early_at,
        late_at=one.announced_late_at,
        when=phrases.near_day(one.day, today),
        window=phrases.window(one.announced_early_at, one.announced_late_at),
        live=one.words,
        expected=_expected(one),
        ready_before=phrases.clock(ready_by),
        too_late=ready_by <= at,
        take=own.crates if own else sum(action.crates for action in taking),
        announced=own is not None,
        taking=tuple(action.words for action in taking),
        incoming=_incoming(session, leaving),
        running=one.day == today,
    )


def _expected(one: ArrivalOut) -> str:
    """What the facts of the day make of the announced window; empty where they say nothing."""
    if one.expected_at is None or one.state is VisitState.ARRIVED:
        return ""
    early, late = one.p10_at, one.p90_at
    if early is not None and late is not None:
        said = (
            f"D'après les dernières nouvelles, sans doute {phrases.window(early, late)} (8 chances sur 10)."
        )
    else:
        said = f"D'après les dernières nouvelles, vers {phrases.clock(one.expected_at)}."
    if one.expected_at > one.announced_late_at + _TOLD_LATE:
        return f"La navette a du retard. {said}"
    return said


def _crates(session: Session, one: ArrivalOut) -> tuple[list[ActionOut], list[ActionOut]]:
    """What is left and taken at a visit."""
    try:
        found = round_actions(session, one.round, None)
    except NotFound:
        return [], []
    own = next((visit for visit in found.visits if visit.visit == one.visit), None)
    return (own.leaving, own.taking) if own else ([], [])


def _incoming(session: Session, leaving: Sequence[ActionOut]) -> Incoming:
    codes = [action.crate for action in leaving if action.crate]
    custody = crates.custody_at(session, codes)
    return Incoming(
        crates=sum(action.crates for action in leaving),
        empty=sum(one.empty is True for one in custody.values()),
        lines=tuple(action.words for action in leaving if action.crate),
    )
