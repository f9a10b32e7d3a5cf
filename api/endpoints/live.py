"""Live updates: `new EventSource("/api/v1/live")`.

Each event names what to look at again and tells nothing of it:
`{"topic": "scans", "ref": "2026-W49-mar-matin-V1", "site": null}`.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.endpoints.caller import Caller, allowed
from api.services.actor import Role
from api.services.live.hints import Hint

router = APIRouter(tags=["suivi"])
Listening = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, Role.DRIVER, Role.LIBRARY)]
PING_S = 15
_LONGEST_S = 600  # then browsers come back, and show again who they are
_SEND_S = 20  # whoever takes longer to receive one event is let go
_GLANCE_S = 1  # how often a quiet stream looks whether it should end
_FAREWELL_S = 3  # how long streams have to end by themselves when the service stops
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Des événements `change`, `reload` (tout relire) et `hello`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/live",
    summary="Ce qui change, au moment où cela change (SSE)",
    responses=_ANSWER,
    response_class=EventSourceResponse,
)
async def live(
    caller: Listening,
    last_event_id: Annotated[
        str | None, Header(max_length=40, description="Le dernier numéro reçu, pour reprendre.")
    ] = None,
) -> EventSourceResponse:
    """Opens no session: one look a second serves everybody who listens."""
    known = last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit()
    stopping = anyio.Event()
    return EventSourceResponse(
        _events(caller, int(last_event_id or 0) if known else None, stopping),
        ping=PING_S,
        send_timeout=_SEND_S,
        headers=_HEADERS,
        shutdown_event=stopping,
        shutdown_grace_period=_FAREWELL_S,
    )


async def _events(caller: Caller, after: int | None, stopping: anyio.Event) -> AsyncIterator[ServerSentEvent]:
    """Ends when the service stops, when the listener is too slow, and after ten minutes."""
    until = time.monotonic() + _LONGEST_S
    async with caller.service.live.listen(caller.actor, after) as (listener, missed):
        yield ServerSentEvent(event="reload" if missed else "hello", data="{}", retry=2000)
        while time.monotonic() < until and not stopping.is_set():
            with suppress(TimeoutError):
                hint = await asyncio.wait_for(listener.queue.get(), _GLANCE_S)
                if hint is None:
                    return
                yield _event(hint)


def _event(hint: Hint) -> ServerSentEvent:
    told = {"topic": hint.topic, "ref": hint.ref, "site": hint.site}
    return ServerSentEvent(event="change", id=str(hint.seq), data=json.dumps(told, ensure_ascii=False))
