"""The index that promises are answered from: prepared once, again as soon as what it rests on has changed."""

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeGuard
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as stored
from api.repositories import promises as repository
from api.repositories.promises import Heard, Stamp
from api.services.network_records import network_of
from api.services.plans.store import round_of
from api.services.promises.learning import chances_of
from api.services.promises.timetables import Weeks, timetable_of
from api.services.promises.underway import Underway, named, underway, with_rounds
from models.custody.rounds import RoundState
from models.network.values import Network, Site, SiteKind
from models.plan import Round
from models.service_day import PARIS, IsoWeek
from models.tables.plans import PlanKind, PlanRecord, VisitRecord
from routing.promise.chances import Odds
from routing.promise.timetable import Basis, Run

WEEKS = 13
_JUST_BEFORE_S = 0.5
AHEAD = timedelta(days=56)  # how far ahead one may ask: the rest is what late documents need to arrive


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A site as promises name it. `words` is « Cassel », with the site's name where a commune has several;
    `served`: documents go to it and come from it."""

    index: int
    code: str
    words: str
    served: bool


@dataclass(frozen=True, kw_only=True)
class Index:
    """Everything a promise is told from, frozen.

    `tag` names it: equal tags, equal answers. `published_until` is the last Sunday of the weeks that follow
    one another with a published plan, None without any. `told_at` is when each run became known, by its
    code; `learnt_at` when the chances were learnt. `live` are the rounds of today that the road tells of, by
    code: `odds` are then those of how they are driven.
    """

    tag: str
    first: date
    odds: Odds
    sites: Mapping[str, Known]
    published_until: date | None
    has_template: bool
    told_at: Mapping[str, datetime]
    learnt_at: datetime | None
    live: Mapping[str, Underway] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.first + timedelta(days=1)

    @property
    def by_index(self) -> list[Known]:
        return sorted(self.sites.values(), key=lambda site: site.index)

    def run(self, code: str) -> int | None:
        """The index of a run."""
        return next((k for k, run in enumerate(self.odds.timetable.runs) if run.code == code), None)


@dataclass(frozen=True, kw_only=True)
class _Lived:
    """An index with what the road tells; it holds for the hints and, while anything is under way, for the
    minute in which it was made: whoever is late is not expected before now."""

    planned: Index
    heard: Heard
    minute: int | None
    index: Index


class Promises:
    """Keeps the index of one service. Whoever comes while it is made anew waits for it: nobody is told what
    is not published any more. While only what the road tells is laid on it anew, which takes hundredths of a
    second, others are told what still held less than a second ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: tuple[Stamp, date, Index] | None = None
        self._lived: _Lived | None = None
        self._held_at = 0.0

    def open(self, session: Session, moment: datetime) -> Index:
        """The index as it holds now. NotFound while there is no network."""
        stamp, heard = repository.stamps_of(session)
        made, lived = self._made, self._lived
        if made and lived and made[:2] == (stamp, _day(moment)) and lived.planned is made[2]:
            if _holds(lived, made[2], heard, moment):
                self._held_at = time.monotonic()
                return lived.index
            if time.monotonic() - self._held_at < _JUST_BEFORE_S and self._lock.locked():
                return lived.index
        with self._lock:
            return self._anew(session, stamp, heard, moment)

    def _anew(self, session: Session, stamp: Stamp, heard: Heard, moment: datetime) -> Index:
        """Make what does not hold; with the lock."""
        today = _day(moment)
        if self._made is None or self._made[:2] != (stamp, today):
            self._made = (stamp, today, make_index(session, stamp, today))
        if not _holds(self._lived, self._made[2], heard, moment):
            self._lived = _live(session, self._made[2], self._lived, heard, moment)
        self._held_at = time.monotonic()
        return self._lived.index

    def forget(self) -> None:
        """Make it anew for whoever asks next."""
        with self._lock:
            self._made = self._lived = None


def _holds(lived: _Lived | None, planned: Index, heard: Heard, moment: datetime) -> TypeGuard[_Lived]:
    if lived is None or lived.planned is not planned or lived.heard != heard:
        return False
    return lived.minute is None or lived.minute == _minute(moment)


def _live(session: Session, planned: Index, before: _Lived | None, heard: Heard, moment: datetime) -> _Lived:
    """What the road tells, to the minute, laid on the timetable; the same index where that is nothing new."""
    rounds = underway(session, planned.odds, moment.replace(second=0, microsecond=0))
    tag = planned.tag + named(rounds)
    minute = _minute(moment) if any(one.state is not RoundState.ENDED for one in rounds.values()) else None
    if before and before.planned is planned and before.index.tag == tag:
        index = before.index
    else:
        index = replace(planned, tag=tag, live=rounds, odds=with_rounds(planned.odds, rounds))
    return _Lived(planned=planned, heard=heard, minute=minute, index=index)


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def make_index(session: Session, stamp: Stamp, today: date) -> Index:
    """From the database, the day before `today` included: what was taken along then is still on its way."""
    first = today - timedelta(days=1)
    network = network_of(session)
    records = repository.published_plans(session, str(IsoWeek.of(first)))
    rounds = _rounds(session, records)
    template = next((one for one in records if one.kind is PlanKind.TEMPLATE), None)
    weeks = Weeks(
        first=first,
        count=WEEKS,
        published={IsoWeek.parse(one.week): rounds[one.id] for one in records if one.kind is PlanKind.WEEK},
        template=rounds[template.id] if template else (),
    )
    timetable = timetable_of(network, weeks)
    learnt = repository.find_learnt(session)
    return Index(
        tag=hashlib.sha256(repr((stamp, today)).encode()).hexdigest()[:16],
        first=first,
        odds=Odds(timetable, chances_of(learnt.content if learnt else None)),
        sites=_known(network, {place.code: k for k, place in enumerate(timetable.places)}),
        published_until=_until(weeks),
        has_template=template is not None,
        told_at={run.code: _told_at(run, records) for run in timetable.runs},
        learnt_at=learnt.made_at if learnt else None,
    )


def _rounds(session: Session, records: Sequence[PlanRecord]) -> dict[UUID, list[Round]]:
    """The rounds of plans, by the plan's id, in two queries."""
    ids = [one.id for one in records]
    visits: dict[UUID, list[VisitRecord]] = {}
    for visit in stored.visits_of(session, ids):
        visits.setdefault(visit.round, []).append(visit)
    found: dict[UUID, list[Round]] = {key: [] for key in ids}
    for tour in stored.rounds_of(session, ids):
        found[tour.plan].append(round_of(tour, visits.get(tour.id, [])))
    return found


def _known(network: Network, index: Mapping[str, int]) -> dict[str, Known]:
    communes = Counter(site.commune for site in network.libraries)
    return {
        site.id: Known(
            index=index[site.id],
            code=site.id,
            words=_called(site, communes[site.commune]),
            served=site.kind is not SiteKind.DEPOT,
        )
        for site in network.sites
    }


def _called(site: Site, libraries: int) -> str:
    """The commune alone where its library is meant, and there is only one."""
    alone = libraries < 2 and site.kind is not SiteKind.PARTNER
    return site.commune if alone else f"{site.commune} ({site.name})"


def _until(weeks: Weeks) -> date | None:
    last = None
    for week in weeks.each:
        if week not in weeks.published:
            break
        last = week.days[-1].date
    return last


def _told_at(run: Run, records: Sequence[PlanRecord]) -> datetime:
    """When the plan that a run is from was published."""
    template = run.basis is Basis.TEMPLATE
    for one in records:
        if (one.kind is PlanKind.TEMPLATE) == template and (template or run.code.startswith(one.week)):
            return one.published_at or one.created_at
    return records[-1].created_at
