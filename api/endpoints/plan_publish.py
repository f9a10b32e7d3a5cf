"""Drafts that become public: what publishing changes, doing it; a plan laid on another week; differences."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.endpoints.once import Once
from api.endpoints.plan_desk import Reader, Writer
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.services.plans import diff, publish, reading
from api.services.plans.apply import apply
from api.wire import tell_compare as beside
from api.wire import tell_plans as tell
from api.wire.plan_compare import ApplyIn, DiffOut, PublicationOut, Published, PublishIn
from api.wire.plans import PlanOut
from models.service_day import IsoWeek

router = APIRouter(tags=["planning"])


@router.get(
    "/plans/{plan}/diff/{other}", summary="Ce qui change d'un planning à l'autre", responses=described(404)
)
def diff_plans(plan: UUID, other: UUID, caller: Reader) -> DiffOut:
    with caller.read() as session:
        return beside.difference(diff.diff(session, plan, other))


@router.get("/plans/{plan}/publication", summary="Ce que publier changerait", responses=described(404, 409))
def show_publication(plan: UUID, caller: Reader, response: Response) -> PublicationOut:
    with caller.read() as session:
        found = publish.publication(session, caller.service, plan)
        return tagged(response, beside.publication(found))


@router.post("/plans/{plan}/publish", summary="Publier un brouillon", responses=described(404, 409, 428))
def publish_plan(  # noqa: PLR0913, PLR0917
    plan: UUID, asked: PublishIn, caller: Writer, seen: Seen, once: Once, response: Response
) -> Published:
    """Le planning publié jusque-là est remplacé ; seules celles dont le créneau bouge l'apprennent."""

    def make() -> Published:
        found = publish.publish(session, caller.service, plan, seen, asked.replaces, caller.actor)
        return beside.published(found, tell.whole(reading.whole(session, caller.service, plan)))

    with caller.write() as session:
        return tagged(response, once(session, caller.actor, asked, make, Published))


@router.post(
    "/plans/{plan}/apply",
    status_code=201,
    summary="Poser une semaine type sur une semaine datée",
    responses=described(404, 409),
)
def apply_plan(plan: UUID, asked: ApplyIn, caller: Writer, once: Once, response: Response) -> PlanOut:
    """Sans calcul : fermetures, fêtes et absences respectées ; ce qui ne tient pas reste non planifié."""

    def make() -> PlanOut:
        week = IsoWeek.parse(asked.week)
        record = apply(session, caller.service, plan, week, title=asked.title, actor=caller.actor)
        return tell.whole(reading.whole(session, caller.service, record.id))

    with caller.write() as session:
        made = once(session, caller.actor, asked, make, PlanOut)
    response.headers["Location"] = f"/api/v1/plans/{made.id}"
    return tagged(response, made)
