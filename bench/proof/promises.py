"""Promises from library to library, made week by week from the past alone, held against the true year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from api.services.promises.happened import MADE
from api.services.promises.learning import learnt
from api.services.promises.timetables import Weeks, timetable_of
from bench.sim.chance import stream
from bench.sim.journeys import Journeys
from bench.sim.year import Run, Year
from models.custody.visits import VisitProgress, visits_progress
from models.plan import Round, visit_refs
from models.service_day import IsoWeek
from routing.promise.chances import Chances, Odds
from routing.promise.quantiles import promised

LEVELS_PPM = (500_000, 600_000, 700_000, 800_000, 900_000, 950_000, 990_000)
BINS = (0, 55, 65, 75, 85, 91, 94, 97, 99.2, 100.1)  # percent announced
WARM_UP_WEEKS = 4
COUNT = 6  # weeks that a timetable knows
PAST = timedelta(days=180)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """A date that was told with a chance, for one of `LEVELS_PPM`, and whether it was kept."""

    asked_for: int
    chance: float
    days: float
    kept: bool
    early_s: float


def promise(year: Year, a_week: int) -> Iterator[Promised]:
    """So many questions a week, any pair, any moment of it, after the first weeks and before the last."""
    journeys = Journeys(year)
    plans = {plan.week: plan.rounds for plan in year.plans}
    weeks = list(plans)
    for number in range(WARM_UP_WEEKS, len(weeks) - COUNT):
        odds = _odds(year, plans, weeks[number])
        yield from _asked(odds, weeks[number], year, journeys, a_week)


def _odds(year: Year, plans: Mapping[IsoWeek, Sequence[Round]], week: IsoWeek) -> Odds:
    weeks = Weeks(first=week.monday, count=COUNT, published=plans)
    past = [run for run in year.runs if week.monday - PAST <= run.tour.date < week.monday]
    return Odds(timetable_of(year.world.network, weeks), chances_from(past))


def chances_from(past: Sequence[Run]) -> Chances:
    """What the service learns from the facts of these rounds; silent ones teach nothing."""
    seen: list[tuple[str, bool]] = []
    late: list[int] = []
    for run in past:
        known = visits_progress(run.telling.scans)
        refs = visit_refs(run.tour)
        for ref, visit in zip(refs, run.tour.visits, strict=True) if known else ():
            progress = known.get(ref) or VisitProgress(visit=ref)
            seen.append((visit.site, progress.state in MADE))
            if progress.state in MADE and progress.clocked_at:
                late.append(run.tour.day.second(progress.clocked_at) - visit.end_s)
    return learnt(seen, late)


def _asked(odds: Odds, week: IsoWeek, year: Year, journeys: Journeys, many: int) -> Iterator[Promised]:
    chance = stream(year.settings.seed, "questions", week)
    index = {place.code: k for k, place in enumerate(odds.timetable.places)}
    monday_at = int(week.days[0].zero.timestamp())
    for number in range(many):
        origin, destination = chance.sample(year.world.served, 2)
        asked_at = monday_at + chance.randrange(7 * 86_400)
        ready_at = odds.reach.ready_at(index[origin], asked_at)
        pickup = odds.reach.pickup(index[origin], ready_at)
        if pickup is None:
            continue
        arrived_at = journeys.arrives_at(origin, destination, ready_at, number)
        shares = odds.waiting[index[origin]][pickup, index[destination]].astype(np.int64)
        for level in LEVELS_PPM:
            found = promised(odds, index[destination], shares, level)
            if found is not None:
                yield Promised(
                    asked_for=level // 1000,
                    chance=found.share / 1_000_000,
                    days=(found.at - asked_at) / 86_400,
                    kept=arrived_at is not None and arrived_at <= found.at,
                    early_s=found.at - arrived_at if arrived_at is not None else float("-inf"),
                )


def kept_figures(promises: Sequence[Promised]) -> Iterator[dict[str, Any]]:
    """By announced chance, and for what each of the three dates that people see asks for."""
    for low, high in pairwise(BINS):
        some = [one for one in promises if low <= 100 * one.chance < high]
        if some:
            yield {"view": f"announced {low:g} to {min(100, high):g} %", **_kept(some)}
    for level, name in ((500, "likely"), (900, "due"), (990, "worst")):
        some = [one for one in promises if one.asked_for == level]
        if some:
            yield {"view": name, **_kept(some)}


def _kept(some: Sequence[Promised]) -> dict[str, Any]:
    n = len(some)
    told = 100 * sum(one.chance for one in some) / n
    kept = 100 * sum(one.kept for one in some) / n
    days = sum(one.days for one in some) / n
    return {
        "n": n,
        "announced_percent": round(told, 1),
        "kept_percent": round(kept, 1),
        "difference": round(kept - told, 1),
        "mean_days": round(days, 2),
    }
