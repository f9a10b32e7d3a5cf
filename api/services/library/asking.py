"""« Quand arrivera ce livre ? »: a form's question, and its answer as a page tells it."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlencode

from sqlmodel import Session

from api.service import Service
from api.services.actor import Actor
from api.services.library.phrases import chances, clock, window
from api.services.library.reading import date_typed
from api.services.promises.answer import Question, answer
from api.services.promises.items import promise_of_code
from api.wire.promises import PromiseOut
from maps import words
from models.errors import Finding, InputError
from models.service_day import PARIS

_CLOCK = re.compile(r"(\d{1,2})\s*(?:[h:.]\s*(\d{2})?)?\s*(?:min)?")
SAME = "Le livre est déjà dans cette bibliothèque : il n'a pas besoin de la navette."


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a form asks: from, to, and a day and hour where it is not now. Or a `code` instead of all that."""

    origin: str
    destination: str
    day: str
    hour: str
    code: str = ""

    @property
    def whole(self) -> bool:
        """Whether there is something to answer."""
        return bool(self.code or (self.origin and self.destination))


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An answer in a person's words. `sooner`: the day on which it is as likely there as not, where that is
    earlier than `by`. `same`: from where and to where are one place; the rest is empty."""

    promise: PromiseOut | None
    by: str
    window: str
    chances: str
    worst: str
    opening: str
    age: str
    sooner: str = ""
    same: bool = False


def told(session: Session, service: Service, asked: Asked, actor: Actor, now: datetime) -> Told:
    """The answer. InputError for places and instants that cannot be understood."""
    if asked.code:
        return _told(promise_of_code(session, service, actor, asked.code.strip(), now))
    if asked.origin == asked.destination:
        return Told(promise=None, by="", window="", chances="", worst="", opening="", age="", same=True)
    question = Question(
        origin=asked.origin, destination=asked.destination, asked_at=instant_typed(asked.day, asked.hour)
    )
    return _told(answer(session, service, question, now=now))


def instant_typed(day: str, hour: str) -> datetime | None:
    """« 2026-12-01 » or « 1/12/2026 », « 14:30 », « 14 h 30 » or nothing (noon); None for now."""
    if not day.strip():
        return None
    on = date_typed(day, "le")
    match = _CLOCK.fullmatch(hour.strip()) if hour.strip() else None
    hours, minutes = (int(match[1]), int(match[2] or 0)) if match else (12, 0)
    if (hour.strip() and match is None) or hours > 23 or minutes > 59:
        wrong = Finding(where="a", message="cette heure n'existe pas.", remedy="Par exemple 14:30.")
        raise InputError("L'heure ne peut pas être lue.", (wrong,))
    return datetime.combine(on, time(hours, minutes), PARIS)


def json_path(asked: Asked) -> str:
    """Where programs read the same answer."""
    at = instant_typed(asked.day, asked.hour)
    said = {"from": asked.origin, "to": asked.destination} | ({"at": at.isoformat()} if at else {})
    return f"/api/v1/promises?{urlencode(said)}"


def _told(promise: PromiseOut) -> Told:
    late, early = promise.due_at, promise.early_at
    same_day = late is not None and early is not None and early.date() == late.date() and early < late
    return Told(
        promise=promise,
        by=words.capital(words.day(late.date())) if late else "",
        window=window(early, late) if same_day and early and late else f"avant {clock(late)}" if late else "",
        chances=promise.chance_words or (chances(promise.chance_permille) if promise.chance_permille else ""),
        sooner=_sooner(promise),
        worst=_moment(promise.worst_at),
        opening=_moment(promise.available_at),
        age=_moment(promise.basis_at),
    )


def _sooner(promise: PromiseOut) -> str:
    """The day on which one in two has arrived, where that is before the day that is promised."""
    likely, due = promise.likely_at, promise.due_at
    return words.day(likely.date()) if likely and due and likely.date() < due.date() else ""


def _moment(at: datetime | None) -> str:
    return f"{words.day(at.date())}, {clock(at)}" if at else ""
