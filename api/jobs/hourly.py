"""What is looked after every hour: deliveries and notices left lying, lists to be read again."""

import structlog

from api.jobs import notices
from api.jobs.transfer_read import JOB
from api.jobs.webhook_delivery import sweep
from api.repositories.items import list_sources
from api.service import Service
from api.services.items.sources import KOHA, settings_of

_log = structlog.get_logger("navette.jobs")


def hourly(service: Service, ref: str) -> None:
    """Hand on what is due. Each of these is a job of its own, so that none waits for another."""
    swept, reads, told = sweep(service), _read_again(service), notices.sweep(service)
    with service.database.write() as session:
        service.jobs.submit(session, "promises", ref[:10])  # once for each day
    _log.info("hourly", hour=ref, deliveries=swept, reads=reads, notices=told)


def _read_again(service: Service) -> int:
    with service.database.write() as session:
        sources = [one for one in list_sources(session) if one.kind == KOHA and settings_of(one).address]
        for one in sources:
            service.jobs.submit(session, JOB, str(one.id))
    return len(sources)
