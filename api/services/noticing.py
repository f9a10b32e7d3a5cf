"""When a library is told that a coming visit has another window, or does not take place.

A publication or an accepted closure tells once, of what moves by more than a quarter of an hour. The road
tells when the likely time of a visit has been outside of the window last told for three minutes: the first
time by a minute or more, afterwards by a quarter of an hour, half an hour after the notice before at the
earliest, and three times for one visit at most. Nobody is told the same window of a visit twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from api.repositories import notices as stored
from api.repositories import published_visits
from api.repositories.predictions import Foreseen, foreseen_of_day, likely_before
from api.services.changes import announce
from api.services.jobs import Jobs
from api.services.plans.matching import Match
from maps import words
from models.custody.facts import site_of
from models.plan import Round, Visit, visit_refs
from models.service_day import PARIS, ServiceDay
from models.tables.network import ClosureRecord
from models.tables.plans import RoundRecord, VisitRecord
from models.tables.predictions import NoticeRecord
from models.values import TimeWindow

JOB = "notice"
MOVES = timedelta(minutes=15)
STAYS = timedelta(minutes=3)
FIRST = timedelta(minutes=1)
APART = timedelta(minutes=30)
MOST = 3
PLAN, CLOSURE, ROAD = "plan", "closure", "road"
_STEP_S, _NARROWEST_S = 300, 900
_UNLIKELY = 500  # permille: a visit that will rather not take place is not told a window


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """When a visit begins, as it is told: both ends included."""

    early_at: datetime
    late_at: datetime

    def misses(self, moment: datetime) -> timedelta:
        """How far outside a moment is; nought inside."""
        return max(self.early_at - moment, moment - self.late_at, timedelta())


def of_publication(session: Session, news: Iterable[Match], at: datetime) -> None:
    """Tell libraries of the dated visits that a publication moves, or takes away."""
    communes = published_visits.communes_of(session)
    rows = []
    for one in news:
        if one.was is None:
            continue  # one more visit breaks no window
        commune = communes.get(one.site, one.site)
        rows.append(_moved(one.now, one.was, commune) if one.now else _dropped(one.was, commune))
    _store(session, [row | {"why": PLAN} for row in rows], at)


def of_closure(session: Session, closure: ClosureRecord, at: datetime) -> None:
    """Tell libraries that the shuttle does not come while they are closed: once each, at the first visit."""
    first = max(closure.starts_on, at.astimezone(PARIS).date())
    calls = published_visits.calls_between(session, closure.site, first, closure.ends_on)
    communes = published_visits.communes_of(session)
    rows: dict[str, dict[str, Any]] = {}
    for tour, visit in calls:
        window = _announced(tour, visit)
        if window.late_at < at or visit.site in rows:
            continue
        sentence = f"La navette ne passera pas à {communes.get(visit.site, visit.site)} {_closed(closure)}."
        rows[visit.site] = _row(visit.site, visit.ref, window, sentence, gone=True) | {"why": CLOSURE}
    _store(session, list(rows.values()), at)


def of_road(session: Session, day: date, at: datetime) -> int:
    """Tell libraries of the visits of a day whose likely time has left their window; to how many."""
    foreseen = foreseen_of_day(session, day)
    ahead = {ref: one for row in foreseen for ref, one in row.pushed(at).items()}
    if not ahead:
        return 0
    announced = {ref: _announced(*call) for ref, call in published_visits.calls_named(session, ahead).items()}
    told = _told(stored.notices_of_visits(session, list(announced)))
    broken = [
        ref
        for ref, window in announced.items()
        if ahead[ref].skip_permille < _UNLIKELY and _breaks(ahead[ref].p50_at, window, told.get(ref, []), at)
    ]
    if not broken:
        return 0
    before = likely_before(session, broken, at - STAYS)
    known = {ref: _last(announced[ref], told.get(ref, [])) for ref in broken}
    lasting = [ref for ref in broken if ref in before and known[ref].misses(before[ref])]
    communes = published_visits.communes_of(session)
    rows = [_foreseen(ref, ahead[ref], known[ref], communes, at) for ref in lasting]
    return _store(session, [row | {"why": ROAD} for row in rows], at)


def _breaks(likely_at: datetime, announced: Window, told: Sequence[NoticeRecord], at: datetime) -> bool:
    miss = _last(announced, told).misses(likely_at)
    if not told:
        return miss >= FIRST
    on_road = [one for one in told if one.why == ROAD]
    if told[-1].gone or len(on_road) >= MOST:
        return False
    if not on_road:
        return miss >= FIRST
    return miss >= MOVES and at - on_road[-1].made_at >= APART


def _last(announced: Window, told: Sequence[NoticeRecord]) -> Window:
    """The window that people know: of the last notice from the road, else the one that is announced now."""
    on_road = [one for one in told if one.why == ROAD]
    return Window(early_at=on_road[-1].early_at, late_at=on_road[-1].late_at) if on_road else announced


def _told(notices: Sequence[NoticeRecord]) -> dict[str, list[NoticeRecord]]:
    found: dict[str, list[NoticeRecord]] = {}
    for one in notices:
        found.setdefault(one.visit, []).append(one)
    return found


def _foreseen(
    ref: str, ahead: Foreseen, before: Window, communes: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    """A window of whole five minutes from p10 to p90, a quarter of an hour at least."""
    early = int(ahead.p10_at.timestamp()) // _STEP_S * _STEP_S
    late = -(-int(ahead.p90_at.timestamp()) // _STEP_S) * _STEP_S
    zone = at.tzinfo
    window = Window(
        early_at=datetime.fromtimestamp(early, zone),
        late_at=datetime.fromtimestamp(max(late, early + _NARROWEST_S), zone),
    )
    site = site_of(ref) or ""
    where = communes.get(site, site)
    sentence = f"La navette est attendue à {where} {_said(window)}, au lieu de : {_between(before)}."
    return _row(site, ref, window, sentence)


def _moved(now: tuple[Round, Visit], was: tuple[Round, Visit], commune: str) -> dict[str, Any]:
    window, before = _of(*now), _of(*was)
    former = _between(before) if now[0].date == was[0].date else _said(before)
    sentence = f"La navette passera à {commune} {_said(window)}, au lieu de : {former}."
    return _row(now[1].site, _ref(*now), window, sentence)


def _dropped(was: tuple[Round, Visit], commune: str) -> dict[str, Any]:
    window = _of(*was)
    sentence = f"La navette ne passera pas à {commune} le {words.day(was[0].date)} ({_between(window)})."
    return _row(was[1].site, _ref(*was), window, sentence, gone=True)


def _row(site: str, ref: str, window: Window, sentence: str, *, gone: bool = False) -> dict[str, Any]:
    return {
        "site": site,
        "visit": ref,
        "early_at": window.early_at,
        "late_at": window.late_at,
        "words": words.typeset(sentence),
        "gone": gone,
    }


def _store(session: Session, rows: Sequence[dict[str, Any]], at: datetime) -> int:
    """Keep what is still to come, once, and have it sent."""
    coming = [row | {"made_at": at} for row in rows if row["late_at"] >= at]
    jobs: Jobs | None = session.info.get("jobs")
    new = stored.add_notices(session, coming)
    for notice in new:
        if jobs is not None:  # otherwise the next sweep takes it along
            jobs.submit(session, JOB, str(notice))
    for site in sorted({row["site"] for row in coming}) if new else ():
        announce(session, "notices", site, site)
    return len(new)


def _ref(tour: Round, visit: Visit) -> str:
    return visit_refs(tour)[visit.number - 1]


def _of(tour: Round, visit: Visit) -> Window:
    return Window(early_at=tour.day.at(visit.announced.early), late_at=tour.day.at(visit.announced.late))


def _announced(tour: RoundRecord, visit: VisitRecord) -> Window:
    clock = ServiceDay(tour.day).at
    return Window(early_at=clock(visit.announced_early), late_at=clock(visit.announced_late))


def _said(window: Window) -> str:
    """« le jeudi 3 décembre, entre 9 h 40 et 10 h 10 »."""
    return f"le {words.day(window.early_at.astimezone(PARIS).date())}, {_between(window)}"


def _between(window: Window) -> str:
    day = ServiceDay(window.early_at.astimezone(PARIS).date())
    return words.between(TimeWindow(day.second(window.early_at), day.second(window.late_at)))


def _closed(closure: ClosureRecord) -> str:
    reason = f" ({closure.reason})" if closure.reason else ""
    return f"{words.dates(closure.starts_on, closure.ends_on)} : fermeture{reason}"
