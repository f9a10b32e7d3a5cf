"""One event sent to one webhook, outside of any transaction; and the sweep that finds what was left lying."""

from datetime import timedelta
from uuid import UUID

from api.repositories.webhooks import list_due
from api.service import Service
from api.services import delivery
from api.services.outbound import Resolver, Unreachable, checked_address, post, system_resolver, target_of
from api.services.webhooks import JOB
from models.errors import InputError
from models.tables.base import now

_AT_ONCE = 200
_LEFT_LYING = timedelta(minutes=1)


def deliver(service: Service, ref: str, resolver: Resolver = system_resolver) -> None:
    """`ref` is a delivery's id. Nothing happens when it is not due, or is over."""
    moment = now()
    with service.database.write() as session:
        claimed = delivery.claim(session, UUID(ref), moment)
    if claimed is None:
        return
    status: int | None = None
    try:
        status = _send(service, claimed, resolver)
        why = "" if 200 <= status < 300 else f"Réponse {status}."
    except (Unreachable, InputError) as error:
        why = str(error)
    with service.database.write() as session:
        if not why and status is not None:
            delivery.succeeded(session, claimed.id, status, now())
            return
        wait_s = delivery.failed(session, claimed.id, status, why, now())
        if wait_s is not None:
            service.jobs.submit(session, JOB, ref, delay_s=wait_s)


def _send(service: Service, claimed: delivery.Claimed, resolver: Resolver) -> int:
    private = service.settings.webhook_private
    target = target_of(claimed.url, private=private)
    address = checked_address(target, resolver, private=private)
    headers = delivery.headers_of(claimed, service.keyring.decrypt(claimed.secret), now())
    status, _ = post(target, address, claimed.body, headers)
    return status


def sweep(service: Service) -> int:
    """Hand on what should have gone out a while ago: its process died, or none took jobs; how many."""
    with service.database.write() as session:
        due = list_due(session, now() - _LEFT_LYING, _AT_ONCE)
        for one in due:
            service.jobs.submit(session, JOB, str(one.id))
    return len(due)
