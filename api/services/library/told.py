"""What a library was told lately of its visits: the very sentences of the mails, for whoever reads none."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from api.services.library import phrases
from api.services.notices import notices_of
from api.services.saying import moment
from models.service_day import ServiceDay
from models.tables.predictions import NoticeRecord

_MOST = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A sentence, and when it was told: « à 9 h 10 », « mardi 1er décembre à 18 h »."""

    words: str
    when: str


def changes(session: Session, site: str, at: datetime) -> tuple[Change, ...]:
    """The last word on each visit that was not over when this day began, the latest first; five at most."""
    today = phrases.iso_today(at)
    last: dict[str, NoticeRecord] = {}
    for one in notices_of(session, site, ServiceDay(today).at(0)):
        last.setdefault(one.visit, one)
    return tuple(
        Change(
            words=one.words,
            when=f"à {phrases.clock(one.made_at)}"
            if phrases.iso_today(one.made_at) == today
            else moment(one.made_at),
        )
        for one in list(last.values())[:_MOST]
    )
