"""A form that is sent twice does nothing twice.

Its hidden key is made when the page is. What counts is key and content together: who goes back, mends a
figure and sends again means it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import Session
from uuid_utils.compat import uuid7

from api.services import idempotency
from api.services.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A form as it came: whose, the key it carried (empty where it was lost), when."""

    actor: Actor
    key: str
    at: datetime

    @property
    def site(self) -> str:
        """The library whose form it is."""
        assert self.actor.site is not None
        return self.actor.site

    def id_for(self, asked: str) -> UUID:
        """The id of what a form tells: the same for the same form and content."""
        return uuid5(NAMESPACE_URL, f"{self.actor.key}/{self.key}/{asked}") if self.key else uuid7()


def new_key() -> str:
    """What a form carries along."""
    return uuid7().hex


def once(session: Session, sent: Sent, asked: str, make: Callable[[], object]) -> None:
    """Do something, unless this form has done it before."""
    if not sent.key:
        make()
        return
    digest = idempotency.digest(f"page:{sent.key}", asked)
    if idempotency.remembered(session, sent.actor.key, digest, digest) is None:
        make()
        idempotency.remember(session, sent.actor.key, digest, "{}")
