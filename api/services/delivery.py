"""Deliveries of events: claimed, sent, and what follows from how it went.

A delivery is tried for about a day. A webhook that only failed for three days is switched off, and says so.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session
from standardwebhooks import Webhook

from api.repositories import webhooks as stored
from api.services import audit
from api.services.changes import announce
from models.tables.service import DeliveryRecord, DeliveryState, WebhookRecord

AGAIN_S = (5, 300, 1800, 7200, 18_000, 36_000, 23_000)  # a day in all
PATIENCE = timedelta(days=3)
_CLAIM = timedelta(minutes=2)
_GONE = 410  # whoever answers so never wants to hear of us again


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A delivery that is ours to send now."""

    id: UUID
    url: str
    secret: str
    body: str
    attempt: int


def new_secret() -> str:
    """A secret as Standard Webhooks writes it: whsec_ and 24 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def claim(session: Session, delivery: UUID, at: datetime) -> Claimed | None:
    """Take a delivery that is due; None when it is not, or somebody else has taken it."""
    record = stored.find_delivery_to_change(session, delivery)
    if record is None or record.state is not DeliveryState.PENDING:
        return None
    if record.next_at is None or record.next_at > at:
        return None
    webhook = stored.get_webhook(session, record.webhook)
    if webhook.disabled_at is not None:
        _give_up(record, "Le webhook est arrêté.")
        return None
    record.attempts += 1
    record.next_at = at + _CLAIM  # should this process die, another one goes on from there
    session.add(record)
    return Claimed(
        id=record.id,
        url=webhook.url,
        secret=webhook.secret,
        body=body_of(record),
        attempt=record.attempts,
    )


def body_of(record: DeliveryRecord) -> str:
    """What is sent, the same at every attempt."""
    told: dict[str, Any] = {
        "type": record.event,
        "timestamp": record.created_at.isoformat(),
        "data": record.payload,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def headers_of(claimed: Claimed, secret: str, at: datetime) -> Mapping[str, str]:
    """The three headers of Standard Webhooks."""
    name = f"msg_{claimed.id}"
    signed = Webhook(secret).sign(name, at, claimed.body)
    return {"webhook-id": name, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signed}


def succeeded(session: Session, delivery: UUID, status: int, at: datetime) -> None:
    record = stored.find_delivery_to_change(session, delivery)
    if record is None:
        return
    record.state, record.status, record.note = DeliveryState.DONE, status, ""
    record.next_at, record.done_at = None, at
    session.add(record)
    stored.mark_failing(session, record.webhook, None)


def failed(session: Session, delivery: UUID, status: int | None, why: str, at: datetime) -> float | None:
    """Note a failure; in how many seconds to try again, None when that is over."""
    record = stored.find_delivery_to_change(session, delivery)
    if record is None or record.state is not DeliveryState.PENDING:
        return None
    record.status, record.note = status, why[:500]
    stored.mark_failing(session, record.webhook, at)
    webhook = stored.get_webhook(session, record.webhook)
    session.refresh(webhook)
    since = webhook.failing_since or at
    if status == _GONE or at - since >= PATIENCE:
        _disable(session, webhook, record, at, gone=status == _GONE)
        return None
    if record.attempts > len(AGAIN_S):
        _give_up(record, record.note)
        return None
    wait_s = AGAIN_S[record.attempts - 1]
    record.next_at = at + timedelta(seconds=wait_s)
    session.add(record)
    return wait_s


def _give_up(record: DeliveryRecord, why: str) -> None:
    record.state, record.note, record.next_at = DeliveryState.FAILED, why, None


def _disable(
    session: Session, webhook: WebhookRecord, record: DeliveryRecord, at: datetime, *, gone: bool
) -> None:
    _give_up(record, record.note)
    if webhook.disabled_at is not None:
        return
    webhook.disabled_at = at
    webhook.disabled_why = (
        "Le destinataire a répondu qu'il ne veut plus rien recevoir (410)."
        if gone
        else f"Aucune livraison n'a réussi depuis trois jours. Dernière raison : {record.note}"
    )
    session.add(webhook)
    audit.note(session, "disabled", "webhook", str(webhook.id), why=webhook.disabled_why)
    announce(session, "webhooks", str(webhook.id))
