"""What a week comes to, in the figures that people compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from api.services.delays.table import WEEKS, middle, off_diagonal
from api.services.plans.compare import waiting
from api.services.promises.timetables import repeated
from models.network.values import Network
from models.plan import Plan
from routing.promise.chances import Chances, Odds
from routing.promise.delays import delays
from routing.promise.matrix import hours_of_week

_DRIVING = ("rounds", "hours", "distance")


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """A plan's totals. `driving_cents` leaves out what readers' waiting and broken habits are reckoned at;
    `waiting_days` weighs libraries by the documents they exchange; delays are hours from library to library,
    None where half of the pairs are never served."""

    rounds: int
    visits: int
    missing: int
    distance_m: int
    duration_s: int
    cents: int
    driving_cents: int
    waiting_days: float
    median_h: int | None
    ninety_h: int | None


def figures_of(network: Network, plan: Plan, chances: Chances) -> Figures:
    """The figures of a plan on its network; a second or two for the delays of 45 libraries."""
    timetable = repeated(network, plan, WEEKS)
    libraries = [one.id for one in network.libraries]
    found = delays(Odds(timetable, chances), hours_of_week(timetable.from_at), libraries)
    hours = middle(off_diagonal(found.median_s)), middle(off_diagonal(found.ninety_s))
    return totals_of(network, plan, waiting(network, plan), hours)


def totals_of(
    network: Network, plan: Plan, waits: Mapping[str, float], delays_h: tuple[int | None, int | None]
) -> Figures:
    """The figures of a plan whose waits and delays (median, nine out of ten) are known."""
    flows = {site: network.site(site).weekly_documents for site in waits}
    return Figures(
        rounds=len(plan.rounds),
        visits=sum(len(tour.visits) for tour in plan.rounds),
        missing=sum(entry.missing for entry in plan.unplanned),
        distance_m=sum(tour.distance_m for tour in plan.rounds),
        duration_s=sum(tour.duration_s for tour in plan.rounds),
        cents=plan.total_cents,
        driving_cents=sum(plan.cost_cents.get(term, 0) for term in _DRIVING),
        waiting_days=round(sum(waits[one] * flows[one] for one in waits) / max(1, sum(flows.values())), 2),
        median_h=delays_h[0],
        ninety_h=delays_h[1],
    )


def weekdays_of(plan: Plan, site: str) -> list[date]:
    """The days on which a plan visits a site."""
    return sorted({tour.date for tour in plan.rounds if any(one.site == site for one in tour.visits)})
