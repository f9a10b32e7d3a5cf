"""Plans and published rounds, for those who look."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.repositories.drafts import count_steps
from api.service import Service
from api.services.actor import Actor, Role
from api.services.network_records import the_network
from api.services.plans.drafts import Opened, desk_for, opened
from api.services.plans.former import absent, named_in, with_former
from api.services.plans.layout import Outing, layout_of
from api.services.plans.store import plan_of_rows, plans_of_records
from models.errors import Forbidden, InputError, NotFound
from models.network.values import Network
from models.plan import Plan, Round
from models.service_day import IsoWeek
from models.tables.plans import PlanRecord, PlanStatus, RoundRecord
from routing.problem import Shift

_LONGEST = timedelta(days=62)
_LOOKED_AT, _WEEKS_SHOWN = 60, 12


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
    steps = count_steps(session, plan)
    return Whole(found=found, possible=desk.possible, revision=revision, steps=steps)


def round_named(session: Session, service: Service, code: str, actor: Actor) -> OnTheRoad:
    """The published round of that code. Forbidden for a driver whose round it is not."""
    record, row = repository.get_round(session, code)
    if actor.role is Role.DRIVER and actor.driver != row.driver:
        raise Forbidden("Cette tournée est confiée à quelqu'un d'autre.")
    return _on_the_road(session, service, record, row)


def _on_the_road(session: Session, service: Service, record: PlanRecord, row: RoundRecord) -> OnTheRoad:
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


def rounds_between(
    session: Session, from_day: date, to_day: date, actor: Actor
) -> list[tuple[RoundRecord, int]]:
    """Published rounds with how many visits they make, in time order; a driver's own only.

    InputError when the days are the wrong way round, or too far apart.
    """
    if not timedelta(0) <= to_day - from_day <= _LONGEST:
        raise InputError("Donnez deux jours dans l'ordre, à 62 jours l'un de l'autre au plus.")
    driver = (actor.driver or "") if actor.role is Role.DRIVER else None
    found = repository.rounds_between(session, from_day, to_day, driver=driver)
    visits = repository.count_visits(session, [one.id for one in found])
    return [(one, visits.get(one.id, 0)) for one in found]


def plan_of_week(session: Session, week: str | None) -> PlanRecord:
    """What people look at: the published plan of a week (None: of the latest), else its last draft.

    NotFound says how to make one.
    """
    wanted = str(IsoWeek.parse(week)) if week else None
    found = repository.find_published(session, wanted) or repository.find_latest_draft(session, wanted)
    if found is not None:
        return found
    if wanted is None:
        raise NotFound("Aucune semaine n'est encore planifiée. Lancez « make plan », ou créez un brouillon.")
    raise NotFound(
        f"La semaine {wanted} n'est pas planifiée. Lancez « make plan WEEK={wanted} », ou créez un brouillon."
    )


def shown_weeks(session: Session) -> list[tuple[PlanRecord, Plan]]:
    """The latest weeks, later ones first, each by its published plan or its last draft; three queries."""
    best: dict[str, PlanRecord] = {}
    for record in repository.planned_weeks(session, _LOOKED_AT):
        kept = best.get(record.week)
        if kept is None or (record.status is PlanStatus.PUBLISHED and kept.status is PlanStatus.DRAFT):
            best[record.week] = record
    records = list(best.values())[:_WEEKS_SHOWN]
    plans = plans_of_records(session, records)
    return [(record, plans[record.id]) for record in records]


def round_to_show(session: Session, service: Service, code: str) -> OnTheRoad:
    """The published round of that code; where there is none, of the draft made last."""
    found = repository.find_round(session, code) or repository.find_round_in_drafts(session, code)
    if found is None:
        raise NotFound(f"La tournée « {code} » n'existe dans aucun planning.")
    return _on_the_road(session, service, *found)
