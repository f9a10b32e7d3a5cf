"""What is asked of the engine: the week of the network, what libraries are used to, what is locked."""

from collections import defaultdict
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.services.assemble import WeekAsked, assemble
from api.services.folder import Territory
from api.services.plans.habit import Told, told_by, with_habit
from api.services.plans.locks import FixedCall, FixedRound, with_crates, with_locks
from api.services.plans.store import plan_of_record
from models.service_day import IsoWeek
from models.tables.plans import PlanRecord, VisitRecord
from models.values import TimeWindow


def question_for(
    session: Session, territory: Territory, week: IsoWeek, *, base: UUID | None = None, habit: bool = True
) -> WeekAsked:
    """The week problem of the network, with the crates and under the locks of the draft `base`.

    `habit`: what was told to libraries has its price (see `used_to`). Locks that cannot hold stand in
    `WeekAsked.unkept`. NotFound when there is no plan `base`.
    """
    asked = assemble(territory.network, territory.travel, week)
    if habit:
        told = used_to(session, week)
        asked = with_habit(asked, told) if told else asked
    if base is None:
        return asked
    draft = fixed_rounds(session, repository.get_plan(session, base))
    return with_locks(with_crates(asked, draft), draft)


def used_to(session: Session, week: IsoWeek) -> Told:
    """What libraries were told of a week: by its published plan, else by the published template, else by the
    latest published week; empty where nothing was ever published.
    """
    found = told_plan(session, week)
    return told_by(plan_of_record(session, found)) if found else {}


def told_plan(session: Session, week: IsoWeek) -> PlanRecord | None:
    """The plan that libraries are used to in a week."""
    return repository.find_told(session, str(week))


def fixed_rounds(session: Session, record: PlanRecord) -> list[FixedRound]:
    """The rounds of a draft with their locks."""
    visits: dict[UUID, list[VisitRecord]] = defaultdict(list)
    for visit in repository.visits_of(session, [record.id]):
        visits[visit.round].append(visit)
    return [
        FixedRound(
            code=tour.code,
            day=tour.day.weekday(),
            vehicle=tour.vehicle,
            driver=tour.driver,
            window=TimeWindow(tour.shift_early, tour.shift_late),
            locked=tour.locked,
            calls=tuple(
                FixedCall(
                    ref=one.ref,
                    site=one.site,
                    deliver=one.deliver,
                    collect=one.collect,
                    lock=one.lock,
                    after=one.after,
                )
                for one in visits[tour.id]
            ),
        )
        for tour in repository.rounds_of(session, [record.id])
    ]
