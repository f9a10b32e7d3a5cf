"""The nightly purge: what is kept for a stated time only."""

from datetime import timedelta

import structlog
from sqlmodel import Session

from api.repositories import notices
from api.repositories import purge as repository
from api.service import Service
from api.services import changes, idempotency
from api.services.notices import CONFIRM_WITHIN
from models.tables.base import now

_DELIVERIES = timedelta(days=60)
_ENDED = timedelta(days=30)  # invitations, codes and sessions that are worth nothing any more
_log = structlog.get_logger("navette.jobs")


def purge(service: Service, ref: str) -> None:
    """Forget positions, old answers, hints and deliveries, and what lets nobody in any more."""
    with service.database.write() as session:
        gone = _purge(session, timedelta(days=service.settings.positions_days))
    _log.info("purged", day=ref, **gone)


def _purge(session: Session, positions: timedelta) -> dict[str, int]:
    moment = now()
    return {
        "position": repository.positions_before(session, moment - positions),
        "delivery": repository.deliveries_before(session, moment - _DELIVERIES),
        "session": repository.sessions_ended_before(session, moment - _ENDED),
        "invitation": repository.invitations_ended_before(session, moment - _ENDED),
        "enrolment": repository.enrolments_ended_before(session, moment - _ENDED),
        "throttle": repository.throttles_before(session, moment - timedelta(days=1)),
        "wish": notices.forget_wishes(session, moment - CONFIRM_WITHIN, moment - _ENDED),
        "idempotency": idempotency.forget_old(session),
        "change": changes.forget_old(session),
    }
