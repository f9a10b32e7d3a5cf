"""Every day: what became of promises, and what past rounds teach about those to come."""

import structlog

from api.service import Service
from api.services.promises.learning import learn
from api.services.promises.settle import settle
from models.tables.base import now

_log = structlog.get_logger("navette.jobs")


def settle_and_learn(service: Service, ref: str) -> None:
    """Settle the promises whose dates are past, then learn the chances anew."""
    with service.database.write() as session:
        settled = settle(session, now())
    with service.database.write() as session:
        seen = learn(session, now())
    _log.info("promises", day=ref, settled=settled, seen=seen)
