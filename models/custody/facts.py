"""A fact from the road, as it was told, and when it happened as far as clocks can be believed.

Facts are only ever added. A mistake is mended by another fact: a `correction` or an `undo` of its `target`.

Three clocks: `occurred_at` and `sent_at` are read by the teller, `received_at` by us. Nothing is heard
before it is sent, so a fact that claims to be sent more than five minutes after it was heard comes from a
clock that is ahead by that much, and the difference is taken off. The other way round nothing is proven: a
slow clock looks like a phone that repeats in the evening a request prepared in the morning; such a time is
believed as told, and noted. Whatever the clock, nothing happens after it was heard.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

CLOCK_TOLERANCE = timedelta(minutes=5)


class ScanKind(StrEnum):
    """What a fact says. `empty`: so many of the crates handed over at the visit, or this crate, are empty."""

    ARRIVED = "arrived"
    LEFT = "left"
    DELIVERED = "delivered"
    PICKED_UP = "picked_up"
    EMPTY = "empty"
    CLOSED = "closed"
    PROBLEM = "problem"
    CORRECTION = "correction"
    UNDO = "undo"


MENDING = frozenset({ScanKind.CORRECTION, ScanKind.UNDO})
Moment: TypeAlias = tuple[datetime, datetime, UUID]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """One fact. `visit` is « round/site », with « ~2 » for a second call at the site in the round.

    `count` is the total of the visit for that kind, in crates, where `crate` is not named. `retimed_to`: what
    a correction says the time of its target really was. `teller` tells apart those who may contradict each
    other (a phone, a desk, a library). `untimed`: it says what was done, not
    when, as told by those who were visited, perhaps hours later, or read off a sheet without
    an hour. ValueError for naive instants and negative counts.
    """

    id: UUID
    kind: ScanKind
    visit: str = ""
    crate: str | None = None
    count: int | None = None
    target: UUID | None = None
    retimed_to: datetime | None = None
    text: str = ""
    occurred_at: datetime
    sent_at: datetime
    received_at: datetime
    teller: str = ""
    untimed: bool = False

    def __post_init__(self) -> None:
        if self.count is not None and self.count < 0:
            raise ValueError(f"fewer than no crates: {self.count}")
        clocks = (self.occurred_at, self.sent_at, self.received_at, self.retimed_to)
        if any(moment is not None and moment.tzinfo is None for moment in clocks):
            raise ValueError("a naive instant has no place in a fact")

    @property
    def happened_at(self) -> datetime:
        """When it happened: `occurred_at`, less what the teller's clock is proven to be ahead."""
        ahead = self.sent_at - self.received_at
        at = self.occurred_at - ahead if ahead > CLOCK_TOLERANCE else self.occurred_at
        return min(at, self.received_at)

    @property
    def clock_off(self) -> bool:
        """Whether sending and hearing are more than five minutes apart."""
        return abs(self.sent_at - self.received_at) > CLOCK_TOLERANCE

    @property
    def moment(self) -> Moment:
        """What facts are sorted by."""
        return (self.happened_at, self.sent_at, self.id)


def round_of(visit: str) -> str | None:
    """« 2026-W49-mar-matin-V1/cassel~2 » → « 2026-W49-mar-matin-V1 »; None where no round is named."""
    found, slash, site = visit.rpartition("/")
    return found if slash and found and site else None


def site_of(visit: str) -> str | None:
    """« 2026-W49-mar-matin-V1/cassel~2 » → « cassel »; None where no site is named."""
    found, slash, site = visit.rpartition("/")
    return site.partition("~")[0] or None if slash and found else None
