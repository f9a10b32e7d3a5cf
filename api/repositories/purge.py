"""What is deleted when its time is over; each says how many rows went."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Delete, delete
from sqlmodel import Session, col

from models.tables.people import EnrolmentRecord, InvitationRecord, SessionRecord, ThrottleRecord
from models.tables.predictions import ForeseenRecord, PredictionRecord, PromiseRecord
from models.tables.scans import PositionRecord
from models.tables.service import DeliveryRecord, DeliveryState


def positions_before(session: Session, moment: datetime) -> int:
    """By when they were received: a phone's own clock may be years off."""
    return _gone(session, delete(PositionRecord).where(col(PositionRecord.received_at) < moment))


def predictions_before(session: Session, day: date) -> int:
    """What was foretold of rounds of earlier days, and shown last of them."""
    shown = _gone(session, delete(ForeseenRecord).where(col(ForeseenRecord.day) < day))
    return shown + _gone(session, delete(PredictionRecord).where(col(PredictionRecord.day) < day))


def promises_before(session: Session, moment: datetime) -> int:
    """Those that were due earlier and of which it is known what came."""
    settled = col(PromiseRecord.settled_at).is_not(None)
    return _gone(session, delete(PromiseRecord).where(col(PromiseRecord.due_at) < moment, settled))


def deliveries_before(session: Session, moment: datetime) -> int:
    """Those that have come to an end."""
    return _gone(
        session,
        delete(DeliveryRecord).where(
            col(DeliveryRecord.created_at) < moment, col(DeliveryRecord.state) != DeliveryState.PENDING
        ),
    )


def sessions_ended_before(session: Session, moment: datetime) -> int:
    """Browsers whose time is over."""
    return _gone(session, delete(SessionRecord).where(col(SessionRecord.expires_at) < moment))


def invitations_ended_before(session: Session, moment: datetime) -> int:
    """Invitations that were used or not, and can no longer be."""
    return _gone(session, delete(InvitationRecord).where(col(InvitationRecord.expires_at) < moment))


def enrolments_ended_before(session: Session, moment: datetime) -> int:
    """Codes that no phone can use any more."""
    return _gone(session, delete(EnrolmentRecord).where(col(EnrolmentRecord.expires_at) < moment))


def throttles_before(session: Session, moment: datetime) -> int:
    """Counts that began so long ago that they hold nobody back."""
    still = col(ThrottleRecord.until).is_(None) | (col(ThrottleRecord.until) < moment)
    return _gone(session, delete(ThrottleRecord).where(col(ThrottleRecord.since) < moment, still))


def _gone(session: Session, statement: Delete) -> int:
    done: Any = session.connection().execute(statement)
    return int(done.rowcount)
