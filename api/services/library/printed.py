"""A library's poster and door card: what is printed, and what tells one printing from another."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from api.repositories import library
from api.service import Service
from api.services.actor import Actor
from api.services.library import home, phrases
from api.services.library.weeks import Call, Week
from maps import words
from maps.poster import Posted, Row, door_card, poster
from models.service_day import ServiceDay


class Paper(StrEnum):
    """What can be printed."""

    POSTER = "affiche.pdf"
    DOOR = "porte.pdf"


def prepared(session: Session, service: Service, actor: Actor, at: datetime) -> Posted:
    """What both papers say, read from what the library's page says."""
    shown = home.home(session, service, actor, at)
    today = phrases.iso_today(at)
    calls = [call for week in shown.weeks for call in week.calls if call.late_at > at]
    return Posted(
        organisation=shown.whose.help.organisation,
        library=shown.whose.name,
        commune=shown.whose.commune,
        site=shown.whose.code,
        phone=words.phone(shown.whose.help.phone.partition("(")[0].strip()),
        public_url=service.settings.public_url,
        made_on=f"le {words.day_and_year(today)}",
        made_at=ServiceDay(today).at(0),
        rows=tuple(_row(call) for call in _next_first(calls)),
        usual=_usual(session, shown.whose.code, shown.weeks),
    )


def made(service: Service, paper: Paper, posted: Posted) -> tuple[bytes, str]:
    """The PDF, made once for the same content, and its tag."""
    key = hashlib.sha256(repr((paper.value, posted)).encode()).hexdigest()[:32]
    draw: Callable[[Posted], bytes] = poster if paper is Paper.POSTER else door_card
    return service.exports.get(f"{paper}-{key}", lambda: draw(posted)), f'"{key}"'


def _next_first(calls: list[Call]) -> list[Call]:
    """From the next visit that takes place on."""
    first = next((k for k, call in enumerate(calls) if not call.stays_away), 0)
    return calls[first:]


def _row(call: Call) -> Row:
    away = f"pas de passage : {call.stays_away}" if call.stays_away else ""
    return Row(day=call.day_words, window=call.window, note=away)


def _usual(session: Session, site: str, weeks: tuple[Week, ...]) -> tuple[Row, ...]:
    """The days of the ordinary week; where none is published, those of the fullest week that is."""
    found = library.usual_calls(session, site)
    if found:
        at = ServiceDay(weeks[0].week.monday).at
        days = [(one.weekday, phrases.window(at(one.early), at(one.late))) for one in found]
    else:
        fullest = max(weeks, key=lambda week: sum(call.sure for call in week.calls))
        days = [(call.day.weekday(), call.window) for call in fullest.calls]
    return tuple(Row(day=words.capital(words.WEEKDAYS[day]), window=window) for day, window in days)
