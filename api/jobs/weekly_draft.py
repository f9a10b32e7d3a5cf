"""The weekly draft: the template as the next week that has no plan yet, and then a calculation from it."""

from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import Session

from api.repositories import plan_drafts
from api.service import Service
from api.services import plan_runs
from api.services.actor import SYSTEM
from api.services.plan_runs import Wanted
from api.services.plans.apply import apply
from models.errors import Conflict
from models.service_day import IsoWeek

_SECONDS = 60.0
_TITLE = "Semaine type"


def draft(service: Service, ref: str) -> None:
    """Made in week `ref`, of the next week or the one after; nothing while no template is published."""
    try:
        with service.database.write() as session:
            week = _wanted(session, IsoWeek.parse(ref))
            if week is not None:
                base = _laid(session, service, week)
                wanted = Wanted(week=week, seconds=_SECONDS, base=base, run=_run_of(ref))
                plan_runs.ask(session, service.jobs, wanted, SYSTEM)
    except Conflict:
        return  # somebody has just asked for it


def _wanted(session: Session, made_in: IsoWeek) -> IsoWeek | None:
    if plan_drafts.find_template(session) is None:
        return None
    coming = (made_in.next(), made_in.next().next())
    return next((week for week in coming if not plan_drafts.is_begun(session, str(week))), None)


def _laid(session: Session, service: Service, week: IsoWeek) -> UUID | None:
    """The draft that is the template laid on that week: what the calculation starts from."""
    template = plan_drafts.find_template(session)
    if template is None:
        return None
    return apply(session, service, template, week, title=_TITLE, actor=SYSTEM).id


def _run_of(ref: str) -> UUID:
    """One run for each week in which a draft is made, whoever makes it."""
    return uuid5(NAMESPACE_URL, f"urn:navette:weekly-draft:{ref}")
