"""Events for other software: who listens, and what is on its way to whom.

How they get there: `api.services.delivery`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.repositories import webhooks as stored
from api.services.jobs import Jobs
from api.services.outbound import target_of
from api.services.versions import must_match
from models.errors import Conflict
from models.tables.base import now
from models.tables.service import DeliveryRecord, WebhookRecord

EVENTS: Mapping[str, str] = {
    "plan.published": "un planning est publié",
    "round.progressed": "une tournée a avancé",
    "crate.moved": "un bac a changé de mains",
    "closure.decided": "une fermeture est acceptée ou refusée",
    "item.delivered": "un document est arrivé",
    "message.received": "une bibliothèque a écrit",
    "ping": "un essai",
}
JOB = "webhook_delivery"
_KNOWN = "webhooks"


def emit(session: Session, event: str, payload: Mapping[str, Any]) -> int:
    """Have an event delivered to whoever listens to it, once this transaction is stored; to how many.

    `payload` is small and names no person.
    """
    found = listening(session, event)
    for webhook in found:
        send_to(session, webhook, event, payload)
    return len(found)


def listening(session: Session, event: str) -> list[UUID]:
    """The webhooks that an event goes to; the database is asked once in a transaction."""
    assert event in EVENTS, event
    if _KNOWN not in session.info:
        session.info[_KNOWN] = [(one.id, one.events) for one in stored.list_active(session)]
    return [webhook for webhook, events in session.info[_KNOWN] if event in events]


def send_to(session: Session, webhook: UUID, event: str, payload: Mapping[str, Any]) -> DeliveryRecord:
    """Put one delivery on its way to one webhook."""
    delivery = DeliveryRecord(webhook=webhook, event=event, payload=dict(payload), next_at=now())
    session.add(delivery)
    jobs: Jobs | None = session.info.get("jobs")
    if jobs is not None:  # otherwise the next sweep takes it along
        jobs.submit(session, JOB, str(delivery.id))
    return delivery


def create(session: Session, url: str, events: Sequence[str], secret: str, *, private: bool) -> WebhookRecord:
    """A new webhook; `secret` is already encrypted. InputError for an address that may not be."""
    target_of(url, private=private)
    actor = session.info.get("actor")
    record = WebhookRecord(
        url=url, secret=secret, events=sorted(set(events)), created_by=getattr(actor, "name", "")
    )
    session.add(record)
    session.flush()
    return record


def change(session: Session, record: WebhookRecord, url: str, events: Sequence[str], *, active: bool) -> None:
    """Another address, other events; switched on again it begins with a clean slate."""
    record.url, record.events = url, sorted(set(events))
    if active:
        record.disabled_at, record.disabled_why, record.failing_since = None, "", None
    elif record.disabled_at is None:
        record.disabled_at, record.disabled_why = now(), "Arrêté par la coordination."
    session.add(record)
    session.flush()


def seen_webhook(
    session: Session, webhook: UUID, seen: int, told: Callable[[WebhookRecord], Any]
) -> WebhookRecord:
    """A webhook as whoever changes it has seen it; StaleVersion when it is another by now."""
    record = stored.get_webhook(session, webhook)
    must_match(record, seen, told(record))
    return record


def remove(session: Session, record: WebhookRecord) -> None:
    """Forget a webhook, with what was on its way to it."""
    stored.forget_deliveries(session, record.id)
    session.delete(record)


def ping(session: Session, webhook: UUID) -> DeliveryRecord:
    """Send an event that means nothing. Conflict while the webhook is switched off."""
    record = stored.get_webhook(session, webhook)
    if record.disabled_at is not None:
        raise Conflict("Ce webhook est arrêté. Remettez-le en marche d'abord.")
    delivery = send_to(session, webhook, "ping", {"text": "Bonjour de Navette"})
    session.flush()
    return delivery
