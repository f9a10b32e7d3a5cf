"""A notice on its way: when it may go out, to whom, and what became of it.

Not before 7 h nor after 20 h, unless the visit is within two hours. A notice that a later one has overtaken,
or whose visit is over, is not sent any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session

from api.repositories import notices as stored
from api.service import Service
from api.services.mail import Mail, NotSent
from api.services.notice_mails import news
from api.services.push_wishes import push_of
from api.services.pushing import Push
from models.service_day import PARIS
from models.tables.predictions import NoticeChannel, NoticeRecord, NoticeWishRecord

FROM_H, TO_H = 7, 20
SOON = timedelta(hours=2)
_CLAIM = timedelta(minutes=10)
_SENDING, _SENT, _AGAIN, _FAILED = "sending", "sent", "again", "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """What is ours to send now, by wish; or in how many seconds to come back."""

    messages: Mapping[UUID, Mail | Push] = field(default_factory=dict)
    wait_s: float | None = None


def allowed_at(at: datetime, early_at: datetime) -> datetime:
    """When somebody may be written to of a visit that is announced from `early_at` on: now, or later."""
    local = at.astimezone(PARIS)
    if FROM_H <= local.hour < TO_H or early_at - at <= SOON:
        return at
    morning = local.date() + timedelta(days=local.hour >= TO_H)
    return min(datetime.combine(morning, time(FROM_H), PARIS), early_at - SOON)


def begin(session: Session, service: Service, notice: UUID, at: datetime) -> Sending:
    """Take the messages of a notice that are to be sent now; nobody else sends them."""
    record = stored.find_notice(session, notice)
    if record is None or record.next_at is None or record.next_at > at:
        return Sending()
    start = allowed_at(at, record.early_at)
    if start > at:
        record.next_at = start
        session.add(record)
        return Sending(wait_s=(start - at).total_seconds())
    wishes = [] if _is_outdated(session, record, at) else _wishes(session, record)
    every = {one.id: _message(session, service, record, one, at) for one in wishes}
    messages = {key: message for key, message in every.items() if message is not None}
    tries = {str(key): _tries(record, key) for key in messages}
    record.sent = {**record.sent, **{key: {"state": _SENDING, "tries": n + 1} for key, n in tries.items()}}
    record.next_at = at + _CLAIM if messages else None
    session.add(record)
    return Sending(messages=messages)


def note(
    session: Session,
    notice: UUID,
    results: Mapping[UUID, NotSent | None],
    again_s: Sequence[int],
    at: datetime,
) -> float | None:
    """What became of the messages; in how many seconds to try again, None when that is over.

    An address that its server refuses for good is not written to any more, nor a browser that has gone.
    """
    record = stored.find_notice(session, notice)
    if record is None:
        return None
    sent = dict(record.sent)
    waits = []
    for wish, error in results.items():
        tries = sent[str(wish)]["tries"]
        again = error is not None and error.again and tries <= len(again_s)
        state = _SENT if error is None else _AGAIN if again else _FAILED
        sent[str(wish)] = {"state": state, "tries": tries, "at": at.isoformat(), "why": str(error or "")}
        if again:
            waits.append(again_s[tries - 1])
        if error is not None and error.refused:
            _give_up(session, wish, str(error), at)
    record.sent = sent
    record.next_at = at + timedelta(seconds=min(waits)) if waits else None
    session.add(record)
    return float(min(waits)) if waits else None


def _is_outdated(session: Session, record: NoticeRecord, at: datetime) -> bool:
    latest = stored.notices_of_visits(session, [record.visit])[-1]
    return record.late_at < at or latest.id != record.id


def _wishes(session: Session, record: NoticeRecord) -> list[NoticeWishRecord]:
    """Whom to write to: confirmed before the notice was made, and not written to yet."""
    return [
        one
        for one in stored.living_wishes(session, [record.site])
        if one.confirmed_at is not None
        and one.confirmed_at <= record.made_at
        and record.sent.get(str(one.id), {"state": _AGAIN})["state"] == _AGAIN
    ]


def _message(
    session: Session, service: Service, notice: NoticeRecord, wish: NoticeWishRecord, at: datetime
) -> Mail | Push | None:
    if wish.channel is NoticeChannel.PUSH:
        return push_of(session, service, notice, wish, at)
    return news(session, service, notice, wish, at)


def _tries(record: NoticeRecord, wish: UUID) -> int:
    return int(record.sent.get(str(wish), {"tries": 0})["tries"])


def _give_up(session: Session, wish: UUID, why: str, at: datetime) -> None:
    found = stored.find_wish(session, wish)
    if found is not None and found.ended_at is None:
        found.ended_at, found.ended_why, found.address = at, why, ""
        session.add(found)
