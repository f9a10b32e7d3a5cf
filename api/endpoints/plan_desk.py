"""Plans: the list, one of them whole, and drafts that begin, change and end."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, etag, tagged
from api.repositories import plans as repository
from api.repositories.drafts import count_steps
from api.repositories.plan_totals import totals_of
from api.services.actor import Role
from api.services.network_records import the_network
from api.services.plans import compare, drafts, edits, lifecycle, reading
from api.wire import tell_compare as beside
from api.wire import tell_plans as tell
from api.wire.base import Listed, listed
from api.wire.plan_compare import CompareOut
from api.wire.plan_edits import EditOut, EditsIn, OrderIn
from api.wire.plans import PlanChange, PlanHead, PlanIn, PlanOut, Week
from models.errors import InputError
from models.service_day import IsoWeek
from models.tables.plans import PlanKind, PlanStatus

router = APIRouter(tags=["planning"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="plans:write")]
Attempt = Annotated[
    bool, Query(alias="try", description="Répondre ce que cela donnerait, sans rien enregistrer.")
]
_CHANGES = described(404, 409, 428)


@router.get("/plans", summary="Les plannings, le dernier fait d'abord")
def list_plans(
    caller: Reader,
    paging: Paging,
    week: Annotated[Week | None, Query(description="Une semaine ISO.")] = None,
    status: PlanStatus | None = None,
    kind: PlanKind | None = None,
) -> Listed[PlanHead]:
    with caller.read() as session:
        wanted = str(IsoWeek.parse(week)) if week else None
        found = repository.list_plans(session, paging, week=wanted, status=status, kind=kind)
        sums = totals_of(session, [record.id for record in found.rows])
        return listed(found, lambda record: tell.head(record, tell.sums(sums.get(record.id))))


@router.post(
    "/plans", status_code=201, summary="Un nouveau brouillon, vide ou copié", responses=described(404, 409)
)
def begin_plan(asked: PlanIn, caller: Writer, once: Once, response: Response) -> PlanOut:
    with caller.write() as session:
        made = once(session, caller.actor, asked, lambda: _begun(caller, session, asked), PlanOut)
    response.headers["Location"] = f"/api/v1/plans/{made.id}"
    return tagged(response, made)


@router.get("/plans/compare", summary="De deux à quatre plannings côte à côte", responses=described(404))
def compare_plans(
    caller: Reader,
    ids: Annotated[list[UUID], Query(min_length=2, max_length=compare.MOST)],
    pairs: Annotated[bool, Query(description="Aussi les délais de chaque paire de bibliothèques.")] = False,
) -> CompareOut:
    with caller.read() as session:
        found = compare.compare(session, caller.service, ids, pairs=pairs)
        return beside.comparison(found, caller.service.settings.co2_source)


@router.get("/plans/{plan}", summary="Un planning, entier", response_model=PlanOut, responses=described(404))
def show_plan(plan: UUID, caller: Reader) -> Response:
    """What was published never changes: its text is made once, not at every look."""

    def made() -> bytes:
        return tell.whole(reading.whole(session, caller.service, plan)).model_dump_json().encode()

    with caller.read() as session:
        record = repository.get_plan(session, plan)
        key = f"{plan} {record.version} {the_network(session).revision}"
        fixed = record.status is not PlanStatus.DRAFT
        content = caller.service.answers.get(key, made) if fixed else made()
    return Response(content, media_type="application/json", headers={"ETag": etag(record.version)})


@router.patch("/plans/{plan}", summary="Changer le titre d'un brouillon", responses=_CHANGES)
def rename_plan(plan: UUID, change: PlanChange, caller: Writer, seen: Seen, response: Response) -> PlanOut:
    with caller.write() as session:
        lifecycle.rename(session, plan, seen, change.title)
        session.flush()
        return tagged(response, tell.whole(reading.whole(session, caller.service, plan)))


@router.delete("/plans/{plan}", status_code=204, summary="Écarter un brouillon", responses=_CHANGES)
def discard_plan(plan: UUID, caller: Writer, seen: Seen) -> None:
    with caller.write() as session:
        lifecycle.discard(session, plan, seen)


@router.post(
    "/plans/{plan}/restore",
    status_code=201,
    summary="Un nouveau brouillon d'un planning remplacé ou écarté",
    responses=described(404, 409),
)
def restore_plan(plan: UUID, caller: Writer, response: Response) -> PlanOut:
    with caller.write() as session:
        made = lifecycle.restore(session, plan, caller.actor)
        told = tell.whole(reading.whole(session, caller.service, made.id))
    response.headers["Location"] = f"/api/v1/plans/{told.id}"
    return tagged(response, told)


@router.put(
    "/plans/{plan}/rounds/{code}/order",
    summary="Changer l'ordre d'une tournée",
    responses=_CHANGES,
)
def reorder_round(  # noqa: PLR0913, PLR0917
    plan: UUID,
    code: str,
    order: OrderIn,
    caller: Writer,
    seen: Seen,
    response: Response,
    attempt: Attempt = False,
) -> EditOut:
    wanted = edits.Reorder(round=code, visits=tuple(order.visits))
    return tagged(response, _changed(caller, plan, seen, (wanted,), attempt=attempt))


@router.post("/plans/{plan}/edits", summary="Retoucher un brouillon", responses=_CHANGES)
def edit_plan(  # noqa: PLR0913, PLR0917
    plan: UUID, asked: EditsIn, caller: Writer, seen: Seen, response: Response, attempt: Attempt = False
) -> EditOut:
    """Déplacer, retirer, ajouter un passage, changer ses bacs, verrouiller… : la réponse dit les horaires,
    les écarts et ce que cela coûte. Rien n'est refusé parce que ce serait imprudent."""
    wanted = tuple(one.edit() for one in asked.edits)
    return tagged(response, _changed(caller, plan, seen, wanted, attempt=attempt))


@router.post("/plans/{plan}/undo", summary="Annuler la dernière retouche", responses=_CHANGES)
def undo_edit(plan: UUID, caller: Writer, seen: Seen, response: Response) -> EditOut:
    return tagged(response, _stepped(caller, plan, seen, back=True))


@router.post("/plans/{plan}/redo", summary="Refaire la retouche annulée", responses=_CHANGES)
def redo_edit(plan: UUID, caller: Writer, seen: Seen, response: Response) -> EditOut:
    return tagged(response, _stepped(caller, plan, seen, back=False))


def _begun(caller: Caller, session: Session, asked: PlanIn) -> PlanOut:
    service, actor = caller.service, caller.actor
    if asked.copy_of is not None and asked.week is None:
        made = lifecycle.copy(session, asked.copy_of, kind=asked.kind, title=asked.title, actor=actor)
    elif asked.week is not None and asked.copy_of is None:
        week, kind = IsoWeek.parse(asked.week), asked.kind or PlanKind.WEEK
        made = lifecycle.begin(session, service, week, kind=kind, title=asked.title, actor=actor)
    else:
        raise InputError("Donnez ou bien une semaine (week), ou bien le planning à copier (copy_of).")
    return tell.whole(reading.whole(session, service, made.id))


def _changed(
    caller: Caller, plan: UUID, seen: int, wanted: tuple[edits.Edit, ...], *, attempt: bool
) -> EditOut:
    if attempt:
        with caller.read() as session:
            made = drafts.try_edits(session, caller.service, plan, seen, wanted)
            return tell.change(made, count_steps(session, plan))
    with caller.write() as session:
        made = drafts.edit(session, caller.service, plan, seen, wanted, caller.actor)
        return tell.change(made, count_steps(session, plan))


def _stepped(caller: Caller, plan: UUID, seen: int, *, back: bool) -> EditOut:
    with caller.write() as session:
        made = drafts.undo(session, caller.service, plan, seen, back=back)
        return tell.change(made, count_steps(session, plan))
