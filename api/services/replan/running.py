"""A round on the road as a problem: where the van is, what is aboard, what is still to do, from when on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from api.repositories import plans as repository
from api.service import Service
from api.services.foretelling.situation import recorded_of
from api.services.plans.desk import Desk
from api.services.plans.drafts import Opened, desk_for, opened
from api.services.plans.layout import Call, Outing
from api.services.road.follow import Followed, follow_round
from models.custody.rounds import RoundState
from models.custody.visits import VisitProgress
from models.errors import Conflict
from models.plan import Round, Visit
from models.service_day import ServiceDay
from models.values import TimeWindow
from routing.eta.values import RecordedRound
from routing.problem import Break, WeekProblem
from routing.schedule import Schedule, schedule
from routing.solution import Route


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A visit that is not touched any more: made, under way, or driven by."""

    ref: str
    visit: Visit
    known: VisitProgress


@dataclass(frozen=True, kw_only=True)
class Running:
    """A round on the road. `left` are the calls still to make, in the order of the plan; the van is free at
    `place` from `free_s` on. `aboard` counts crates, as told where it was told, else as planned.
    """

    found: Opened
    desk: Desk
    outing: Outing
    tour: Round
    followed: Followed
    recorded: RecordedRound
    kept: tuple[Kept, ...]
    left: tuple[Call, ...]
    place: str
    free_s: int
    aboard: int
    now_s: int
    problem: WeekProblem

    @property
    def basis(self) -> str:
        """What a proposal rests on: it holds until this changes."""
        told = [f"{one.ref} {one.known.over} {one.known.began_at is not None}" for one in self.kept]
        facts = [str(self.found.record.id), str(self.aboard), self.place, *told, *(c.key for c in self.left)]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]

    def timed(self, order: Sequence[str]) -> Schedule:
        """The clock of the calls still to make, in an order given by their refs."""
        rank = {call.key: k for k, call in enumerate(self.left)}
        return self.clock(tuple(rank[ref] for ref in order))

    def clock(self, order: tuple[int, ...]) -> Schedule:
        """The same, by places in `left`; its first halt is where the van is now."""
        return schedule(self.problem, Route(0, (self.here, *order)))

    @property
    def here(self) -> int:
        """The stop that stands for where the van is."""
        return len(self.left)


def running(session: Session, service: Service, code: str, at: datetime) -> Running:
    """The round of that code. NotFound where no plan has it, Conflict unless it is on the road."""
    record, _ = repository.get_round(session, code)
    followed = follow_round(session, code, at)
    if followed.progress.state is RoundState.WAITING:
        raise Conflict("Cette tournée n'est pas encore partie : retouchez plutôt le planning de la semaine.")
    if followed.progress.state is RoundState.ENDED:
        raise Conflict("Cette tournée est terminée : il n'y a plus rien à réordonner.")
    found = opened(session, record)
    tours = {tour.id: tour for tour in found.plan.rounds}
    outing = found.layout.outing(code)
    assert outing is not None
    return _running(found, desk_for(session, service, found.layout), outing, tours[code], followed, at)


def _running(  # noqa: PLR0913, PLR0917  # a round as planned and as driven
    found: Opened, desk: Desk, outing: Outing, tour: Round, followed: Followed, at: datetime
) -> Running:
    coming = {one.visit for one in followed.progress.ahead if followed.of(one.visit).began_at is None}
    pairs = list(zip(outing.calls, tour.visits, strict=True))
    kept = tuple(
        Kept(ref=call.key, visit=visit, known=followed.of(call.key))
        for call, visit in pairs
        if call.key not in coming
    )
    left = tuple(call for call in outing.calls if call.key in coming)
    if not left:
        raise Conflict("Il ne reste aucun passage à faire : il n'y a plus rien à réordonner.")
    now_s = int((at - ServiceDay(tour.date).zero).total_seconds())
    place, free_s = _where(tour, kept, followed, now_s, _leg_s(tour, outing, left[0]))
    aboard = _aboard(tour, kept)
    return Running(
        found=found,
        desk=desk,
        outing=outing,
        tour=tour,
        followed=followed,
        recorded=recorded_of(followed),
        kept=kept,
        left=left,
        place=place,
        free_s=free_s,
        aboard=aboard,
        now_s=now_s,
        problem=_problem(
            desk, replace(outing, calls=left, departure_s=free_s), place, aboard, tour, len(kept)
        ),
    )


def _leg_s(tour: Round, outing: Outing, call: Call) -> int:
    return next(v.leg_s for c, v in zip(outing.calls, tour.visits, strict=True) if c.key == call.key)


def _where(tour: Round, kept: Sequence[Kept], followed: Followed, now_s: int, leg_s: int) -> tuple[str, int]:
    """Where the van was last, and since or from when it is free; now, where it should be farther already."""
    zero = ServiceDay(tour.date).zero
    last = max(
        (one for one in kept if one.known.clocked_at and one.known.began_at),
        key=lambda one: one.known.clocked_at or zero,
        default=None,
    )
    if last is None:
        out = followed.progress.started_at
        free = int((out - zero).total_seconds()) if out else now_s
        return tour.start_site, free if now_s <= free + leg_s else now_s
    known = last.known
    if known.over and known.clocked_at:
        free = int((known.clocked_at - zero).total_seconds())
        return last.visit.site, free if now_s <= free + leg_s else now_s
    assert known.began_at is not None
    began = max(int((known.began_at - zero).total_seconds()), last.visit.window.early)
    return last.visit.site, max(now_s, began + last.visit.end_s - last.visit.begin_s)


def _aboard(tour: Round, kept: Sequence[Kept]) -> int:
    load = tour.load_start
    for one in kept:
        if not one.known.over:  # driven by, or still at it: as planned where it is being made
            made = one.known.began_at is not None
            load += (one.visit.collect - one.visit.deliver) if made else 0
            continue
        left = one.known.delivered.crates if one.known.delivered else _untold(one, one.visit.deliver)
        taken = one.known.picked_up.crates if one.known.picked_up else _untold(one, one.visit.collect)
        load += taken - left
    return max(0, load)


def _untold(one: Kept, planned: int) -> int:
    """What is reckoned for a visit that is over and of whose crates nothing was told."""
    return 0 if one.known.closed_at else planned


def _problem(  # noqa: PLR0913, PLR0917
    desk: Desk, rest: Outing, place: str, aboard: int, tour: Round, kept: int
) -> WeekProblem:
    """The rest of the round alone, from where the van is. Crates aboard that nobody is to get take room."""
    problem, _ = desk.question(rest)
    shift, index = problem.shifts[0], desk.territory.travel.index[place]
    assert rest.departure_s is not None
    bound = aboard - sum(call.deliver for call in rest.calls)
    shift = replace(
        shift,
        start=index,
        capacity=max(0, shift.capacity - max(0, bound)),
        window=TimeWindow(
            min(rest.departure_s, shift.window.early), max(shift.window.late, rest.departure_s)
        ),
        pause=_pause(shift.pause, tour, kept, rest.departure_s),
    )
    here = replace(problem.stops[-1], place=index)
    return replace(problem, stops=(*problem.stops[:-1], here), shifts=(shift,))


def _pause(pause: Break | None, tour: Round, kept: int, free_s: int) -> Break | None:
    """The break still owed on the road: none once it was taken, or was had before leaving."""
    if pause is None:
        return None
    if tour.pause is not None:
        if tour.pause.after < kept:
            return None
    elif tour.start_s >= pause.window.early + pause.length_s:
        return None
    window = TimeWindow(max(pause.window.early, free_s), max(pause.window.late, free_s))
    return replace(pause, window=window)
