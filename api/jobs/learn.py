"""What is learnt each night from the rounds of the past."""

import structlog

from api.service import Service
from api.services.foretelling.learning import learn_from_past
from models.tables.base import now

_log = structlog.get_logger("navette.jobs")


def learn(service: Service, ref: str) -> None:
    """`ref` is the day. Without any past round everything stays as it is assumed."""
    _log.info("learnt", day=ref, rounds=learn_from_past(service, now()))
