"""Webhooks on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from api.wire.base import Wire
from models.tables.service import DeliveryRecord, DeliveryState, WebhookRecord

Event = Literal[
    "plan.published",
    "round.progressed",
    "crate.moved",
    "closure.decided",
    "item.delivered",
    "message.received",
]


class WebhookIn(Wire):
    """À qui dire quoi. Les envois sont signés (Standard Webhooks)."""

    url: Annotated[str, Field(min_length=8, max_length=500, examples=["https://exemple.fr/navette"])]
    events: Annotated[list[Event], Field(min_length=1, max_length=20, examples=[["plan.published"]])]
    active: Annotated[bool, Field(description="Faux : rien n'est envoyé.")] = True


class WebhookOut(Wire):
    """Un webhook, sans son secret."""

    id: UUID
    version: int
    url: str
    events: list[str]
    created_by: str
    created_at: datetime
    failing_since: Annotated[datetime | None, Field(description="Depuis quand plus rien n'arrive.")]
    disabled_at: datetime | None
    disabled_why: str


class WebhookMade(WebhookOut):
    """Un webhook, et son secret : il n'est montré qu'une fois."""

    secret: Annotated[str, Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])]


class DeliveryOut(Wire):
    """Un envoi."""

    id: UUID
    event: str
    payload: dict[str, Any]
    state: DeliveryState
    attempts: int
    status: int | None
    note: str
    created_at: datetime
    next_at: datetime | None
    done_at: datetime | None


def webhook_out(record: WebhookRecord) -> WebhookOut:
    return WebhookOut(**record.model_dump(exclude={"secret"}))


def webhook_made(record: WebhookRecord, secret: str) -> WebhookMade:
    return WebhookMade(**{**record.model_dump(), "secret": secret})


def delivery_out(record: DeliveryRecord) -> DeliveryOut:
    return DeliveryOut(**record.model_dump(exclude={"webhook"}))
