"""Webhooks and what is on its way to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
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


def find_delivery_to_change(session: Session, delivery: UUID) -> DeliveryRecord | None:
    """A delivery, held until the end of this transaction."""
    query = select(DeliveryRecord).where(DeliveryRecord.id == delivery).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def mark_failing(session: Session, webhook: UUID, at: datetime | None) -> None:
    """Since when a webhook fails, unless that is known already; None: it does not. Its version stays."""
    change = update(WebhookRecord).where(col(WebhookRecord.id) == webhook)
    change = change.where(
        col(WebhookRecord.failing_since).is_(None) if at else col(WebhookRecord.failing_since).is_not(None)
    )
    session.connection().execute(change.values(failing_since=at))


def forget_deliveries(session: Session, webhook: UUID) -> None:
    """Those of a webhook that is being removed."""
    session.connection().execute(delete(DeliveryRecord).where(col(DeliveryRecord.webhook) == webhook))


def forget_old(session: Session, before: datetime) -> int:
    """Purge deliveries that were over before an instant; how many."""
    gone = session.connection().execute(
        delete(DeliveryRecord).where(
            col(DeliveryRecord.state) != DeliveryState.PENDING, col(DeliveryRecord.created_at) < before
        )
    )
    return int(gone.rowcount)
