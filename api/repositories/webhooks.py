"""Webhooks and what is on its way to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.tables.service import DeliveryRecord, DeliveryState, WebhookRecord


def list_active(session: Session) -> Sequence[WebhookRecord]:
    """Those that are told of events."""
    return session.exec(select(WebhookRecord).where(col(WebhookRecord.disabled_at).is_(None))).all()


def list_webhooks(session: Session) -> Sequence[WebhookRecord]:
    return session.exec(select(WebhookRecord).order_by(col(WebhookRecord.id))).all()


def get_webhook(session: Session, webhook: UUID) -> WebhookRecord:
    found = session.get(WebhookRecord, webhook)
    if found is None:
        raise NotFound("Ce webhook n'existe pas.")
    return found


def find_delivery(session: Session, delivery: UUID) -> DeliveryRecord | None:
    return session.get(DeliveryRecord, delivery)


def list_deliveries(session: Session, webhook: UUID, asked: Slice) -> Page[DeliveryRecord]:
    """Newest first."""
    query = select(DeliveryRecord).where(DeliveryRecord.webhook == webhook)
    return page(session, query, [DeliveryRecord.id], asked, newest_first=True)


def list_due(session: Session, at: datetime, limit: int) -> Sequence[DeliveryRecord]:
    """What should have been tried by now, the longest waiting first."""
    query = select(DeliveryRecord).where(
        DeliveryRecord.state == DeliveryState.PENDING, col(DeliveryRecord.next_at) <= at
    )
    return session.exec(query.order_by(col(DeliveryRecord.next_at)).limit(limit)).all()
