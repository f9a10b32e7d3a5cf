"""Chances between what is stored and what is thought, and learnt from how visits went.

A share is shrunk towards what is assumed: so many visits' worth of the assumption are added to those that
were seen (the mean of a beta distribution after the data, as in any text on empirical Bayes, for instance
Casella, « An Introduction to Empirical Bayes Data Analysis », The American Statistician 39, 1985). Sites are
shrunk towards all sites, all sites towards the assumption.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from api.repositories import promises as repository
from api.services.promises.happened import MADE, told_with_progress
from models.custody.visits import VisitProgress
from models.service_day import PARIS, ServiceDay
from routing.promise.chances import ONE, Chances

SINCE = timedelta(days=180)
WEIGHT = 20  # visits that an assumption weighs
_SETTLED = timedelta(days=1)  # rounds may be told of on paper


def chances_of(content: Mapping[str, Any] | None) -> Chances:
    """What was stored; the assumed chances where nothing was, or where it cannot be used."""
    if not content:
        return Chances()
    try:
        return Chances(**{**content, "late": tuple((int(at), int(share)) for at, share in content["late"])})
    except (KeyError, TypeError, ValueError):
        return Chances()


def content_of(chances: Chances) -> dict[str, Any]:
    """As plain JSON."""
    return asdict(chances)


def learn(session: Session, now: datetime) -> int:
    """Learn from the rounds of the last half year that were told of; how many visits that were.

    Rounds of which nobody told anything teach nothing. Nothing is stored while there is nothing to learn.
    """
    today = now.astimezone(PARIS).date()
    rounds = told_with_progress(session, today - SINCE, today - _SETTLED)
    seen: list[tuple[str, bool]] = []
    late: list[int] = []
    for told, known in rounds:
        clock = ServiceDay(told.round.day)
        for visit in told.visits if known else ():
            progress = known.get(visit.ref) or VisitProgress(visit=visit.ref)
            seen.append((visit.site, progress.state in MADE))
            if progress.state in MADE and progress.clocked_at:
                late.append(clock.second(progress.clocked_at) - visit.end_s)
    if not seen:
        return 0
    repository.put_learnt(session, content_of(learnt(seen, late)))
    return len(seen)


def learnt(seen: Sequence[tuple[str, bool]], late_s: Sequence[int]) -> Chances:
    """Chances from visits, (site, whether it took place), and from how far behind the plan they ended."""
    assumed = Chances()
    every, made = Counter(site for site, _ in seen), Counter(site for site, took_place in seen if took_place)
    take_any = _shrunk(made.total(), every.total(), assumed.take_any)
    deliver_any = _shrunk(made.total(), every.total(), assumed.deliver_any)
    return replace(
        assumed,
        take_any=take_any,
        deliver_any=deliver_any,
        take={site: _shrunk(made[site], every[site], take_any) for site in sorted(every)},
        deliver={site: _shrunk(made[site], every[site], deliver_any) for site in sorted(every)},
        late=tuple(
            (at, ONE if share == ONE else _shrunk(sum(one <= at for one in late_s), len(late_s), share))
            for at, share in assumed.late
        ),
        seen=every.total(),
    )


def _shrunk(hits: int, of: int, assumed: int) -> int:
    return (hits * ONE + WEIGHT * assumed) // (of + WEIGHT)
