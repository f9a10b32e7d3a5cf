"""One who looks for changes, many who listen.

A number is given to a change before it is stored, so a lower one may appear after a higher one. Each look
therefore goes back to the last number that was seen ten seconds ago, and passes on what is new. A listener
who comes back says which number they heard last; what they missed is given from memory, with some before it,
as hints may come twice without harm; who was away for too long is told to look at everything again.

A listener who is too slow is let go: their browser comes back by itself, and is then told the same.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from api.services.actor import Actor
from api.services.live.hints import Hint, Source
from models.errors import NavetteError

EVERY_S = 1.0
OVERLAP_S = 10.0  # longer than any transaction takes
KEPT = 2000  # hints in memory, for those who come back
ROOM = 100  # hints that may wait for one listener
BEFORE = 50  # numbers that may have been stored out of order
_log = logging.getLogger("navette.live")


@dataclass(eq=False, slots=True)
class Listener:
    """Someone who listens; `queue` ends with None when they are let go."""

    actor: Actor
    queue: asyncio.Queue[Hint | None] = field(default_factory=lambda: asyncio.Queue(ROOM + 1))
    slow: bool = False

    def offer(self, hint: Hint) -> None:
        """Give a hint, unless it is not for them; let them go when too many wait already."""
        if self.slow or not hint.concerns(self.actor):
            return
        if self.queue.qsize() < ROOM:
            self.queue.put_nowait(hint)
        else:
            self.slow = True
            self.queue.put_nowait(None)


class Broadcast:
    """`source` is made when somebody listens first. Everything runs in one event loop."""

    def __init__(self, source: Callable[[], Source], every_s: float = EVERY_S) -> None:
        self._make = source
        self._every_s = every_s
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._ready: asyncio.Event | None = None
        self._kept: deque[Hint] = deque(maxlen=KEPT)
        self._floor = 0
        self._since = 0  # every change after this number is in memory

    @asynccontextmanager
    async def listen(self, actor: Actor, after: int | None = None) -> AsyncIterator[tuple[Listener, bool]]:
        """Listen while the block runs. `after`: the last number heard before.

        The flag says whether hints may have been missed since then: look at everything again.
        """
        await self._start()
        listener = Listener(actor)
        missed = after is not None and not self._recall(listener, after)
        self._listeners.add(listener)
        try:
            yield listener, missed
        finally:
            self._listeners.discard(listener)
            if not self._listeners:
                await self._stop()

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def _recall(self, listener: Listener, after: int) -> bool:
        """Offer what was missed since a number; False when that is no longer, or not yet, known."""
        missed = [hint for hint in self._kept if hint.seq > after - BEFORE and hint.concerns(listener.actor)]
        if after < self._since or len(missed) >= ROOM:
            return False
        for hint in missed:
            listener.offer(hint)
        return True

    async def _start(self) -> None:
        if self._looking is None or self._looking.done():
            self._ready = asyncio.Event()
            self._looking = asyncio.create_task(self._look())
        assert self._ready is not None
        await self._ready.wait()

    async def _stop(self) -> None:
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
        self._kept.clear()

    async def _look(self) -> None:
        source = self._make()
        seen: dict[int, float] = {}  # number → when it was first seen
        for hint in await self._begin(source):
            seen[hint.seq] = time.monotonic()
        while True:
            await asyncio.sleep(self._every_s)
            try:
                found = await asyncio.to_thread(source.after, self._floor)
            except NavetteError as error:  # the database is away: whoever listens goes on waiting
                _log.warning("live: %s", error)
                continue
            fresh = [hint for hint in found if hint.seq not in seen]
            at = time.monotonic()
            seen |= {hint.seq: at for hint in fresh}
            old = [seq for seq, first in seen.items() if first < at - OVERLAP_S]
            self._floor = max([self._floor, *old])
            for seq in old:
                del seen[seq]
            for hint in fresh:
                self._pass_on(hint)

    async def _begin(self, source: Source) -> Sequence[Hint]:
        """Start from the last number; what was stored just before it. Waits for a database that is away."""
        while True:
            try:
                self._since = await asyncio.to_thread(source.newest)
                self._floor = max(0, self._since - BEFORE)
                known = await asyncio.to_thread(source.after, self._floor)
            except NavetteError as error:
                _log.warning("live: %s", error)
                await asyncio.sleep(self._every_s)
            else:
                assert self._ready is not None
                self._ready.set()
                return [hint for hint in known if hint.seq <= self._since]

    def _pass_on(self, hint: Hint) -> None:
        if len(self._kept) == KEPT:
            self._since = max(self._since, self._kept[0].seq)
        self._kept.append(hint)
        for listener in tuple(self._listeners):
            listener.offer(hint)
