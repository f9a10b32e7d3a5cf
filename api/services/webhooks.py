"""Events for other software: who listens, and what is on its way to whom. See `api.services.delivery`."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from api.repositories import webhooks as stored
from api.services.jobs import Jobs
from models.tables.base import now
from models.tables.service import DeliveryRecord

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


def emit(session: Session, event: str, payload: Mapping[str, Any]) -> int:
    """Have an event delivered to whoever listens to it, once this transaction is stored; to how many.

    `payload` is small and names no person.
    """
    assert event in EVENTS, event
    listening = [one for one in stored.list_active(session) if event in one.events]
    for webhook in listening:
        send_to(session, webhook.id, event, payload)
    return len(listening)


def send_to(session: Session, webhook: Any, event: str, payload: Mapping[str, Any]) -> DeliveryRecord:
    """Put one delivery on its way to one webhook."""
    delivery = DeliveryRecord(webhook=webhook, event=event, payload=dict(payload), next_at=now())
    session.add(delivery)
    jobs: Jobs | None = session.info.get("jobs")
    if jobs is not None:  # otherwise the next sweep takes it along
        jobs.submit(session, JOB, str(delivery.id))
    return delivery
