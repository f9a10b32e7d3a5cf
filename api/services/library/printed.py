"""Posters and door cards of libraries: what is printed, and what tells one printing from another."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from api.repositories import library, published_visits
from api.service import Service
from api.services.library import home, phrases
from api.services.library.entry import Help, help_of
from api.services.library.next_visit import AHEAD_DAYS
from api.services.library.weeks import Call, Week, coming_weeks, published_calls
from maps import words
from maps.poster import Posted, Row, door_cards, posters
from models.errors import NotFound
from models.service_day import ServiceDay
from models.tables.network import SiteRecord


class Paper(StrEnum):
    """What can be printed."""

    POSTER = "affiche.pdf"
    DOOR = "porte.pdf"


def prepared(session: Session, service: Service, at: datetime, only: str | None = None) -> tuple[Posted, ...]:
    """What the papers of all libraries say, by commune and name, or of `only` one."""
    sites = [one for one in library.open_sites(session) if only in {None, one.code}]
    today, network = phrases.iso_today(at), home.the_network(session, service)
    head = _Head(helped=help_of(session), public_url=service.settings.public_url, today=today)
    calls: dict[str, list[tuple[date, datetime, datetime]]] = defaultdict(list)
    last = phrases.days_after(today, AHEAD_DAYS)
    for tour, visit in published_visits.calls_between(session, only, today, last):
        clock = ServiceDay(tour.day).at
        calls[visit.site].append((tour.day, clock(visit.announced_early), clock(visit.announced_late)))
    found = []
    for one in sites:
        told = published_calls(calls[one.code], home.described(network, one.code))
        weeks = coming_weeks(session, network, one.code, told, at)
        found.append(_posted(head, one, weeks, _usual(session, one.code, weeks), at))
    return tuple(found)


def made(service: Service, paper: Paper, posted: Sequence[Posted]) -> tuple[bytes, str]:
    """The PDF, made once for the same content, and its tag. NotFound where there is nothing to print."""
    if not posted:
        raise NotFound("Il n'y a pas encore de bibliothèque.")
    key = hashlib.sha256(repr((paper.value, posted)).encode()).hexdigest()[:32]
    draw: Callable[[Sequence[Posted]], bytes] = posters if paper is Paper.POSTER else door_cards
    return service.exports.get(f"{paper}-{key}", lambda: draw(posted)), f'"{key}"'


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    """What is the same on all papers."""

    helped: Help
    public_url: str
    today: date


def _posted(
    head: _Head, site: SiteRecord, weeks: tuple[Week, ...], usual: tuple[Row, ...], at: datetime
) -> Posted:
    calls = [call for week in weeks for call in week.calls if call.late_at > at]
    return Posted(
        organisation=head.helped.organisation,
        library=site.name,
        commune=site.commune,
        site=site.code,
        phone=words.phone(head.helped.phone.partition("(")[0].strip()),
        public_url=head.public_url,
        made_on=f"le {words.day_and_year(head.today)}",
        made_at=ServiceDay(head.today).at(0),
        rows=tuple(_row(call) for call in _next_first(calls)),
        usual=usual,
    )


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
