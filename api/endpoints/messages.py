"""Messages between libraries and the coordination."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.repositories import messages as stored
from api.services.actor import Role
from api.services.road import messages
from api.wire.base import Listed, listed
from api.wire.incidents import MessageIn, MessageOut, ReadIn, UnreadOut

router = APIRouter(prefix="/messages", tags=["messages"])
Writer = Annotated[Caller, allowed(Role.COORDINATOR, Role.LIBRARY)]
Site = Annotated[str | None, Query(max_length=120)]


@router.get("", summary="Les messages, les derniers d'abord")
def list_all(caller: Writer, paging: Paging, site: Site = None) -> Listed[MessageOut]:
    own = caller.actor.site if caller.actor.role is Role.LIBRARY else site
    with caller.read() as session:
        return listed(stored.list_messages(session, own, paging), messages.tell)


@router.post("", summary="Écrire un message", status_code=201, responses=described(404, 409))
def send(told: MessageIn, caller: Writer, once: Once) -> MessageOut:
    with caller.write() as session:
        return once(
            session, caller.actor, told, lambda: messages.send(session, caller.actor, told), MessageOut
        )


@router.post("/read", summary="Marquer comme lu, jusqu'à un message", responses=described(404))
def mark_read(told: ReadIn, caller: Writer) -> UnreadOut:
    with caller.write() as session:
        return messages.mark_read(session, caller.actor, told.up_to)


@router.get("/unread", summary="Combien de messages ne sont pas lus")
def unread(caller: Writer, response: Response) -> UnreadOut:
    response.headers["Cache-Control"] = "no-store"
    with caller.read() as session:
        return messages.unread(session, caller.actor)
