"""Rounds as they were driven: the same timetable with what really happened, for the same rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.repositories import published_visits
from api.repositories.published_visits import Told
from api.services.road.outcomes import progress_of_rounds
from models.custody.facts import round_of
from models.custody.visits import VisitProgress, VisitState
from models.network.values import Rules
from models.service_day import ServiceDay
from routing.promise.earliest import Reach
from routing.promise.timetable import Call, Place, Run, Timetable

MADE = frozenset({VisitState.DONE, VisitState.LEFT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """What the road tells of some days. `silent` are instants at which rounds began of which nobody told
    anything: they may have been driven or not."""

    reach: Reach
    sites: Mapping[str, int]
    silent: tuple[int, ...]


def told_with_progress(
    session: Session, first: date, last: date
) -> list[tuple[Told, dict[str, VisitProgress]]]:
    """The rounds of some days with what facts tell of their visits, in three queries."""
    told = published_visits.rounds_between(session, first, last)
    known: dict[str, dict[str, VisitProgress]] = {}
    for ref, progress in progress_of_rounds(session, [one.round.code for one in told]).items():
        known.setdefault(round_of(ref) or "", {})[ref] = progress
    return [(one, known.get(one.round.code, {})) for one in told]


def happened(session: Session, rules: Rules, first: date, last: date) -> Happened:
    """The rounds of some days as they were driven. Their calls are those that took place, when they did."""
    rounds = told_with_progress(session, first, last)
    depots = {site for told, _ in rounds for site in (told.round.start_site, told.round.end_site)}
    codes = sorted(depots | {visit.site for told, _ in rounds for visit in told.visits})
    sites = {code: k for k, code in enumerate(codes)}
    timetable = Timetable(
        places=tuple(Place(code=code, depot=code in depots) for code in codes),
        runs=tuple(_driven(told, known, sites) for told, known in rounds if known),
        cut_off_s=rules.cut_off_s,
        sorting_s=rules.sorting_s,
        sorts_on_road=bool(rules.sorts_on_road),
        from_at=_at(first, 0),
        until_at=_at(last, 86_400),
    )
    silent = [_at(told.round.day, told.round.start_s) for told, known in rounds if not known and told.current]
    return Happened(reach=Reach(timetable), sites=sites, silent=tuple(sorted(silent)))


def _driven(told: Told, known: Mapping[str, VisitProgress], sites: Mapping[str, int]) -> Run:
    tour = told.round
    zero = _at(tour.day, 0)
    calls = _in_order(_calls(told, known, sites, zero))
    out, home = known.get(f"{tour.code}/{tour.start_site}"), known.get(f"{tour.code}/{tour.end_site}")
    left = int(out.left.at.timestamp()) if out and out.left else zero + tour.start_s
    back = int(home.arrived.at.timestamp()) if home and home.arrived else None
    first = calls[0].begin_at if calls else left
    last = calls[-1].end_at if calls else left
    start_at = min(left, first)
    planned_back = last + tour.leg_back_s if calls else zero + tour.end_s
    return Run(
        code=tour.code,
        start=sites[tour.start_site],
        end=sites[tour.end_site],
        start_at=start_at,
        end_at=max(last, start_at + 1, planned_back if back is None else back),
        calls=tuple(calls),
    )


def _calls(
    told: Told, known: Mapping[str, VisitProgress], sites: Mapping[str, int], zero: int
) -> Iterable[Call]:
    for visit in told.visits:
        progress = known.get(visit.ref)
        if progress is None or progress.state not in MADE:
            continue
        moments = [one for one in (progress.began_at, progress.clocked_at, progress.last_at) if one]
        begin_at = int(moments[0].timestamp()) if moments else zero + visit.begin_s
        end = progress.clocked_at or progress.last_at
        yield Call(
            site=sites[visit.site],
            ref=visit.ref,
            early_at=zero + visit.announced_early,
            late_at=zero + visit.announced_late,
            begin_at=begin_at,
            end_at=max(begin_at + 1, int(end.timestamp()) if end else zero + visit.end_s),
        )


def _in_order(calls: Iterable[Call]) -> Sequence[Call]:
    """By when they began; where told times overlap, each ends before the next begins."""
    found: list[Call] = []
    for call in sorted(calls, key=lambda one: (one.begin_at, one.end_at)):
        begin_at = max(call.begin_at, found[-1].end_at) if found else call.begin_at
        found.append(
            Call(
                site=call.site,
                ref=call.ref,
                early_at=call.early_at,
                late_at=call.late_at,
                begin_at=begin_at,
                end_at=max(call.end_at, begin_at + 1),
            )
        )
    return found


def _at(day: date, second: int) -> int:
    return int(ServiceDay(day).zero.timestamp()) + second
