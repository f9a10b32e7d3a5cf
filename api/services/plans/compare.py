"""Plans side by side: what they cost, what they emit, how long readers wait, and in which villages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.service import Service
from api.services.assemble import DAYS
from api.services.delays.compare import compared
from api.services.delays.table import of_record
from api.services.plans.store import plans_of_records
from api.wire.delays import DelayCompareOut, DelaysOut
from models.errors import InputError, NotFound
from models.network.values import Network, SiteKind
from models.plan import Plan
from models.tables.plans import PlanRecord

MOST = 4
_EMPTY_WEEK_DAYS = 7.0  # never visited: a week, as the planner counts it
_FELT_DAYS = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One plan of a comparison. `waiting_days` is the mean over its libraries, each counting alike;
    `waiting_by_flow` weighs them by the documents they exchange. `co2_g` is None without a factor."""

    record: PlanRecord
    plan: Plan
    visits: int
    missing: int
    distance_m: int
    duration_s: int
    co2_g: int | None
    waiting_days: float
    waiting_by_flow: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Village:
    """How long readers of one library wait under each plan, in the order asked."""

    site: str
    waiting_days: tuple[float, ...]

    @property
    def change_days(self) -> float:
        """The last plan less the first: less than zero is better."""
        return self.waiting_days[-1] - self.waiting_days[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Plans in the order asked, and the libraries whose readers feel a difference, the worst off first."""

    plans: tuple[Measured, ...]
    villages: tuple[Village, ...]
    delays: DelayCompareOut


def compare(session: Session, service: Service, ids: Sequence[UUID], *, pairs: bool = False) -> Comparison:
    """Two to four plans; `pairs`: with the delays of all pairs.

    InputError for fewer, more, or one twice; NotFound names those that do not exist.
    """
    if not 2 <= len(ids) <= MOST or len(set(ids)) != len(ids):
        raise InputError(f"Comparez de deux à {MOST} plannings différents.")
    records = {record.id: record for record in repository.plans_named(session, ids)}
    gone = [str(one) for one in ids if one not in records]
    if gone:
        raise NotFound(f"Ces plannings n'existent pas : {', '.join(gone)}.")
    ordered = [records[one] for one in ids]
    plans = plans_of_records(session, ordered)
    network = service.territories.open(session).network
    factor = service.settings.co2_g_per_km
    tables = [DelaysOut.model_validate_json(of_record(session, service, one)[1]) for one in ordered]
    waits = {one.id: waiting(network, plans[one.id]) for one in ordered}
    return Comparison(
        plans=tuple(_measured(one, plans[one.id], network, waits[one.id], factor) for one in ordered),
        villages=_villages([waits[one.id] for one in ordered]),
        delays=compared(tables, pairs=pairs),
    )


def waiting(network: Network, plan: Plan) -> Mapping[str, float]:
    """site → mean days until the shuttle comes by: Σ g² / 14 over the gaps between its days."""
    days: dict[str, set[int]] = {}
    for tour in plan.rounds:
        for visit in tour.visits:
            days.setdefault(visit.site, set()).add(tour.date.weekday())
    served = [one for one in network.sites if one.kind is not SiteKind.DEPOT and one.visits_per_week > 0]
    return {site.id: mean_wait(days.get(site.id, set())) for site in served}


def mean_wait(days: set[int]) -> float:
    """Days that a document asked for at any moment waits for a visit, on average."""
    if not days:
        return _EMPTY_WEEK_DAYS
    ordered = sorted(days)
    gaps = [(b - a) % DAYS or DAYS for a, b in zip(ordered, ordered[1:] + ordered[:1], strict=True)]
    return sum(gap * gap for gap in gaps) / (2 * DAYS)


def _measured(
    record: PlanRecord, plan: Plan, network: Network, waits: Mapping[str, float], factor: int | None
) -> Measured:
    metres = sum(tour.distance_m for tour in plan.rounds)
    flows = {site: network.site(site).weekly_documents for site in waits}
    flow = sum(flows.values())
    return Measured(
        record=record,
        plan=plan,
        visits=sum(len(tour.visits) for tour in plan.rounds),
        missing=sum(entry.missing for entry in plan.unplanned),
        distance_m=metres,
        duration_s=sum(tour.duration_s for tour in plan.rounds),
        co2_g=None if factor is None else metres * factor // 1000,
        waiting_days=sum(waits.values()) / max(1, len(waits)),
        waiting_by_flow=sum(waits[site] * flows[site] for site in waits) / max(1, flow),
    )


def _villages(waits: Sequence[Mapping[str, float]]) -> tuple[Village, ...]:
    found = [Village(site=site, waiting_days=tuple(each[site] for each in waits)) for site in waits[0]]
    felt = [one for one in found if max(one.waiting_days) - min(one.waiting_days) > _FELT_DAYS]
    return tuple(sorted(felt, key=lambda one: (-one.change_days, one.site)))
