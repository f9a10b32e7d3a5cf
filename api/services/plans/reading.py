"""Plans and published rounds, for those who look."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import Actor, Role
from api.services.network_records import the_network
from api.services.plans.drafts import Opened, desk_for, opened
from api.services.plans.former import absent, named_in, with_former
from api.services.plans.layout import Outing, layout_of
from api.services.plans.store import plan_of_rows
from models.errors import Forbidden
from models.network.values import Network
from models.plan import Round
from models.tables.plans import PlanRecord, PlanStatus
from routing.problem import Shift


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A plan, and what a desk needs beside it."""

    found: Opened
    possible: tuple[Shift, ...]
    revision: int
    steps: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class OnTheRoad:
    """A published round, its plan, and the network that it was made for."""

    record: PlanRecord
    tour: Round
    outing: Outing
    network: Network


def whole(session: Session, service: Service, plan: UUID) -> Whole:
    """A plan, whole; drafts with what can be undone and driven besides."""
    found = opened(session, repository.get_plan(session, plan))
    revision = the_network(session).revision
    if found.record.status is not PlanStatus.DRAFT:
        return Whole(found=found, possible=(), revision=revision, steps=(0, 0))
    desk = desk_for(session, service, found.layout)
    steps = repository.count_steps(session, plan)
    return Whole(found=found, possible=desk.possible, revision=revision, steps=steps)


def round_named(session: Session, service: Service, code: str, actor: Actor) -> OnTheRoad:
    """The published round of that code. Forbidden for a driver whose round it is not."""
    record, row = repository.get_round(session, code)
    if actor.role is Role.DRIVER and actor.driver != row.driver:
        raise Forbidden("Cette tournée est confiée à quelqu'un d'autre.")
    visits = repository.visits_of_round(session, row.id)
    plan = plan_of_rows(record, [row], visits)
    territory = service.territories.open(session)
    known = with_former(session, territory, absent(territory, named_in(plan)))
    return OnTheRoad(
        record=record,
        tour=plan.rounds[0],
        outing=layout_of(record, [row], visits).outings[0],
        network=known.network,
    )
