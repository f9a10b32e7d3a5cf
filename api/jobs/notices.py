"""Mails that ask whether an address is right; notices, by mail and to browsers."""

from datetime import timedelta
from uuid import UUID

import structlog

from api.repositories import notices as stored
from api.service import Service
from api.services import pushing
from api.services.mail import Mail, NotSent, send
from api.services.notice_mails import confirmation
from api.services.notice_sending import begin, note
from api.services.notices import CONFIRM_JOB, CONFIRM_WITHIN
from api.services.noticing import JOB
from api.services.pushing import Push
from models.tables.base import now

_AGAIN_S = (60, 600, 3600, 21_600)
_LEFT_LYING = timedelta(minutes=1)
_AT_ONCE = 200
_log = structlog.get_logger("navette.jobs")


def ask(service: Service, ref: str) -> None:
    """`ref` is a wish's id, and after « # » how often it was tried. Sent while nobody has answered."""
    wish, _, tried = ref.partition("#")
    moment = now()
    with service.database.read() as session:
        found = stored.find_wish(session, UUID(wish))
        if (
            found is None
            or found.confirmed_at
            or found.ended_at
            or moment - found.created_at > CONFIRM_WITHIN
        ):
            return
        mail = confirmation(session, service, found, moment)
    try:
        send(service.settings, mail)
    except NotSent as error:
        tries = int(tried or 0)
        _log.warning("confirmation not sent", why=str(error), wish=wish)
        if error.again and tries < len(_AGAIN_S):
            with service.database.write() as session:
                service.jobs.submit(session, CONFIRM_JOB, f"{wish}#{tries + 1}", delay_s=_AGAIN_S[tries])


def tell(service: Service, ref: str) -> None:
    """`ref` is a notice's id. Each address is written to once: a message of which nobody knows whether it
    went out, because this process died over it, is not sent again."""
    with service.database.write() as session:
        sending = begin(session, service, UUID(ref), now())
    if sending.wait_s is not None:
        _later(service, ref, sending.wait_s)
    if not sending.messages:
        return
    results = {wish: _try(service, message) for wish, message in sending.messages.items()}
    with service.database.write() as session:
        wait_s = note(session, UUID(ref), results, _AGAIN_S, now())
    if wait_s is not None:
        _later(service, ref, wait_s)


def sweep(service: Service) -> int:
    """Hand on what should have gone out a while ago: its process died, or none took jobs; how many."""
    with service.database.write() as session:
        due = stored.due_notices(session, now() - _LEFT_LYING, _AT_ONCE)
        for notice in due:
            service.jobs.submit(session, JOB, str(notice))
    return len(due)


def _try(service: Service, message: Mail | Push) -> NotSent | None:
    try:
        if isinstance(message, Push):
            pushing.send(service, message)
        else:
            send(service.settings, message)
    except NotSent as error:
        _log.warning("notice not sent", why=str(error), message=message.name)
        return error
    return None


def _later(service: Service, ref: str, wait_s: float) -> None:
    with service.database.write() as session:
        service.jobs.submit(session, JOB, ref, delay_s=wait_s)
