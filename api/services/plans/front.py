"""Plans between kilometres and readers' waiting: the same week asked several times, waiting priced otherwise.

What a plan is told to cost is always at the network's own prices, so that its points can be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlmodel import Session

from api.repositories import plan_runs as repository
from api.repositories import plans as stored
from api.service import Service
from api.services import plan_runs
from api.services.actor import Actor
from api.services.assemble import WeekAsked, waiting_cents
from api.services.delays.table import of_record
from api.services.plans.compare import waiting
from api.services.plans.store import plans_of_records
from api.services.what_if.figures import Figures, totals_of
from api.wire.delays import DelaysOut
from models.errors import NotFound
from models.network.values import Network
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.plans import PlanKind, PlanRunRecord

# Readers' waiting in per cent of the network's price, from a plan that does not look at it to one that hardly
# looks at anything else.
PERCENTS = {3: (0, 100, 1000), 4: (0, 100, 400, 1500), 5: (0, 50, 100, 400, 1500)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One run of a front, its plan and figures once there are any; `dominated`: another plan costs no more
    on the road and lets readers wait no longer."""

    run: PlanRunRecord
    plan: UUID | None
    figures: Figures | None
    dominated: bool = False


def ask(  # noqa: PLR0913  # a front, whole
    session: Session,
    service: Service,
    week: IsoWeek,
    *,
    kind: PlanKind,
    points: int,
    seconds: float,
    base: UUID | None,
    actor: Actor,
) -> list[PlanRunRecord]:
    """Have as many plans computed; `seconds` for each. As `plan_runs.ask`."""
    front = uuid4()
    return [
        plan_runs.ask(
            session,
            service.jobs,
            plan_runs.Wanted(
                week=week, kind=kind, seconds=seconds, base=base, front=front, reader_percent=percent
            ),
            actor,
        )
        for percent in PERCENTS[points]
    ]


def weighed(asked: WeekAsked, percent: int) -> WeekAsked:
    """The same week where readers' waiting costs so many per cent of what it does."""
    stops = tuple(
        replace(
            stop,
            patterns=tuple(
                replace(one, waiting_cents=one.waiting_cents * percent // 100) for one in stop.patterns
            ),
        )
        for stop in asked.problem.stops
    )
    return replace(asked, problem=replace(asked.problem, stops=stops))


def repriced(asked: WeekAsked, plan: Plan) -> Plan:
    """A plan of a week weighed otherwise, at the network's price of waiting."""
    days: dict[str, set[int]] = {}
    for tour in plan.rounds:
        for visit in tour.visits:
            days.setdefault(visit.site, set()).add(tour.date.weekday())
    rules = asked.network.rules
    cents = sum(waiting_cents(site, rules, tuple(sorted(days.get(site.id, set())))) for site in asked.served)
    return replace(plan, cost_cents={**plan.cost_cents, "waiting": cents})


def points(session: Session, service: Service, front: UUID) -> list[Point]:
    """The runs of a front, the cheapest for the road first. NotFound when there is none."""
    runs = repository.runs_of_front(session, front)
    if not runs:
        raise NotFound("Ces calculs n'existent pas, ou plus.")
    plans = repository.plans_of(session, [run.id for run in runs])
    records = {record.id: record for record in stored.plans_named(session, list(plans.values()))}
    whole = plans_of_records(session, list(records.values()))
    network = service.territories.open(session).network
    found = []
    for run in runs:
        plan = plans.get(run.id)
        figures = None
        if plan is not None and plan in records:
            table = DelaysOut.model_validate_json(of_record(session, service, records[plan])[1])
            figures = _figures(network, whole[plan], table)
        found.append(Point(run=run, plan=plan, figures=figures))
    return [replace(one, dominated=_dominated(one, found)) for one in found]


def _figures(network: Network, plan: Plan, table: DelaysOut) -> Figures:
    return totals_of(network, plan, waiting(network, plan), (table.median_h, table.ninety_h))


def _dominated(one: Point, others: Sequence[Point]) -> bool:
    if one.figures is None:
        return False
    mine = _worth(one.figures)
    for other in others:
        if other is one or other.figures is None:
            continue
        theirs = _worth(other.figures)
        if theirs != mine and all(a <= b for a, b in zip(theirs, mine, strict=True)):
            return True
    return False


def _worth(figures: Figures) -> tuple[int, int, float]:
    return figures.missing, figures.driving_cents, figures.waiting_days
