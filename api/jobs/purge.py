"""The nightly purge: what is kept for a stated time only."""

from datetime import timedelta

import structlog
from sqlmodel import Session

from api.repositories import notices
from api.repositories import purge as repository
from api.service import Service
from api.services import changes, idempotency
from api.services.notices import CONFIRM_WITHIN
from api.settings import Settings
from models.service_day import PARIS
from models.tables.base import now

_DELIVERIES = timedelta(days=60)
_ENDED = timedelta(days=30)  # invitations, codes and sessions that are worth nothing any more
_log = structlog.get_logger("navette.jobs")


def purge(service: Service, ref: str) -> None:
    """Forget positions, predictions, old answers, hints and deliveries, and what lets nobody in any more."""
    with service.database.write() as session:
        gone = _purge(session, service.settings)
    _log.info("purged", day=ref, **gone)


def _purge(session: Session, settings: Settings) -> dict[str, int]:
    """What was learnt from predictions is kept, and how visits went: they go on being held against what was
    announced, and taught by."""
    moment = now()
    foretold = moment - timedelta(days=settings.predictions_days)
    return {
        "position": repository.positions_before(session, moment - timedelta(days=settings.positions_days)),
        "prediction": repository.predictions_before(session, foretold.astimezone(PARIS).date()),
        "promise": repository.promises_before(session, foretold),
        "delivery": repository.deliveries_before(session, moment - _DELIVERIES),
        "session": repository.sessions_ended_before(session, moment - _ENDED),
        "invitation": repository.invitations_ended_before(session, moment - _ENDED),
        "enrolment": repository.enrolments_ended_before(session, moment - _ENDED),
        "throttle": repository.throttles_before(session, moment - timedelta(days=1)),
        "wish": notices.forget_wishes(session, moment - CONFIRM_WITHIN, moment - _ENDED),
        "idempotency": idempotency.forget_old(session),
        "change": changes.forget_old(session),
    }
