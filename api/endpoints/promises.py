"""When will this book arrive: for anybody by library, for those who may by barcode or crate."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response

from api.endpoints.caller import Anyone, Caller, allowed
from api.endpoints.problems import described
from api.security.throttle import Throttle, address_bucket
from api.services.actor import PUBLIC, Role
from api.services.promises.answer import Question, answers
from api.services.promises.items import promise_of_code
from api.services.promises.table import tell_delays
from api.services.promises.written import written_answer
from api.wire.promises import MOST, MatrixOut, PromiseOut, PromisesIn, PromisesOut, RefusedOut
from models.errors import InputError, NotFound
from models.tables.base import now

router = APIRouter(tags=["promesses"])
Asker = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.LIBRARY, scope="plans:read")]
Desk = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="plans:read")]
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.LIBRARY, scope="transfers:read")]
Origin = Annotated[
    str, Query(alias="from", min_length=1, max_length=100, description="D'où il vient.", examples=["cassel"])
]
Destination = Annotated[
    str,
    Query(alias="to", min_length=1, max_length=100, description="Où il est attendu.", examples=["arneke"]),
]
Code = Annotated[str, Path(min_length=1, max_length=80, examples=["30593004517182"])]
_FRESH = "public, no-cache"  # may be kept, and is asked about each time: a closure counts at once


@router.get(
    "/promises",
    summary="Quand un livre demandé dans une bibliothèque sera dans une autre",
    responses={200: {"model": PromiseOut}, 304: {"description": "Rien de neuf."}},
)
def ask(
    caller: Anyone,
    origin: Origin,
    destination: Destination,
    at: Annotated[datetime | None, Query(description="Demandé quand ; maintenant par défaut.")] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    minute = now().replace(second=0, microsecond=0)  # one answer, and one ETag, for a minute
    question = Question(origin=origin, destination=destination, asked_at=at)
    with caller.read() as session:
        told = written_answer(session, caller.service, question, minute)
    headers = {"ETag": told.tag, "Cache-Control": _FRESH}
    if if_none_match is not None and told.tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(told.body, media_type="application/json", headers=headers)


@router.post("/promises", summary="Plusieurs de ces questions à la fois, 500 au plus")
def ask_many(asked: PromisesIn, caller: Asker) -> PromisesOut:
    if len(asked.questions) > MOST:
        raise InputError(
            f"{len(asked.questions)} questions à la fois, c'est trop : posez-en {MOST} au plus, "
            "et envoyez les autres ensuite."
        )
    questions = [
        Question(origin=one.origin, destination=one.destination, asked_at=one.at) for one in asked.questions
    ]
    with caller.read() as session:
        found = answers(session, caller.service, questions)
    return PromisesOut(
        promises=[None if isinstance(one, InputError) else one for one in found],
        refused=[
            RefusedOut(number=k, reasons=[str(finding) for finding in one.findings])
            for k, one in enumerate(found)
            if isinstance(one, InputError)
        ],
    )


@router.get("/promises/matrix", summary="Les délais entre toutes les bibliothèques")
def all_pairs(caller: Desk) -> MatrixOut:
    with caller.read() as session:
        return tell_delays(session, caller.service, now())


@router.get("/promises/items/{code}", summary="Où est un document ou un bac, et quand il arrivera")
def of_item(code: Code, caller: Reader) -> PromiseOut:
    with caller.read() as session:
        return promise_of_code(session, caller.service, caller.actor, code, now())


@router.get(
    "/public/items/{code}",
    summary="La même question pour tous, si l'installation le permet",
    responses=described(404),
)
def of_item_for_all(code: Code, caller: Anyone, request: Request) -> PromiseOut:
    service = caller.service
    if not service.settings.public_items:
        raise NotFound("Cette installation ne répond pas à cette question sans identification.")
    address = request.client.host if request.client else ""
    Throttle(service.database, service.keyring).take(address_bucket("promise-item", address))
    with caller.read() as session:
        return promise_of_code(session, service, PUBLIC, code, now())
