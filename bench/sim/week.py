"""The ordinary week, planned by our own engine, and the weeks of a year laid after it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from api.services.folder import Territory, open_folder
from api.services.planning import plan_week
from bench.sim.settings import Settings
from models.holidays import public_holidays
from models.network.read import default_folder
from models.network.values import Network
from models.plan import Plan, Round
from models.service_day import IsoWeek
from routing.child import Asked

ORDINARY = IsoWeek(2026, 49)  # no holiday in it


@lru_cache(maxsize=1)
def territory() -> Territory:
    """The network and the roads that Navette comes with."""
    return open_folder(default_folder())


@lru_cache(maxsize=4)
def ordinary_week(engine: str, iterations: int, seed: int) -> Plan:
    """The plan that every week of the year repeats; the same for the same budget and seed."""
    return plan_week(territory(), ORDINARY, Asked(engine=engine, iterations=iterations, seed=seed))


def weeks_of(settings: Settings) -> Iterator[Plan]:
    """The plans of the year, in order; holidays and closures are respected."""
    pattern = ordinary_week(settings.engine, settings.iterations, settings.seed)
    for k in range(settings.weeks):
        yield laid(pattern, IsoWeek.of(settings.first.monday + timedelta(weeks=k)), territory().network)


def laid(pattern: Plan, week: IsoWeek, network: Network) -> Plan:
    """The ordinary week on the dates of another; rounds that nobody may drive that day are left out."""
    shift = week.monday - pattern.week.monday
    moved = (
        replace(tour, date=tour.date + shift, id=tour.id.replace(str(pattern.week), str(week)))
        for tour in pattern.rounds
    )
    return replace(
        pattern,
        week=week,
        rounds=tuple(tour for tour in moved if _may_run(tour, network)),
        holidays=public_holidays(week),
    )


def _may_run(tour: Round, network: Network) -> bool:
    """Whether its driver works and its van runs on that date, the depot and every site of it open."""
    spans = network.spans(network.driver(tour.driver), tour.date)
    return bool(spans) and not any(network.site(visit.site).closed(tour.date) for visit in tour.visits)
