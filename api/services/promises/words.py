"""Promises in French, plain enough to be copied for a reader."""

from datetime import date, datetime, timedelta

from maps import words
from models.service_day import PARIS, ServiceDay
from models.values import TimeWindow

_CONTRACTED = {"Le ": "au ", "Les ": "aux "}
_NEAR = timedelta(days=6)  # a weekday alone says which day is meant


def at_place(name: str) -> str:
    """« à Cassel », « au Doulieu »."""
    for article, contracted in _CONTRACTED.items():
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def chance(permille: int) -> str:
    """« 9 chances sur 10 »: never more than it is, and never certain."""
    if permille >= 990:
        return "99 chances sur 100"
    if permille >= 950:
        return "19 chances sur 20"
    tenths = permille // 100
    if tenths < 1:
        return "moins d'une chance sur 10"
    return f"{tenths} chance{'s' if tenths > 1 else ''} sur 10"


def day(at: datetime, asked_at: datetime | None = None) -> str:
    """« jeudi 3 décembre »; only « jeudi » where `asked_at` is less than a week before."""
    on = at.astimezone(PARIS).date()
    if asked_at is not None and timedelta(0) <= on - asked_at.astimezone(PARIS).date() <= _NEAR:
        return words.WEEKDAYS[on.weekday()]
    return words.day(on)


def day_of(on: date) -> str:
    """« dimanche 6 décembre »."""
    return words.day(on)


def clock(at: datetime) -> str:
    """« 9 h 40 »."""
    return words.clock(_second(at))


def moment(at: datetime, asked_at: datetime | None = None) -> str:
    """« jeudi 3 décembre, 9 h 40 »; « jeudi 9 h 40 » for one of the next days."""
    near = day(at, asked_at)
    return f"{near} {clock(at)}" if near in words.WEEKDAYS else f"{near}, {clock(at)}"


def window(early: datetime, late: datetime) -> str:
    """« entre 9 h 40 et 10 h 10 », of one day."""
    return words.between(TimeWindow(_second(early), max(_second(early), _second(late))))


def asked(asked_at: datetime, now: datetime) -> str:
    """« demandé maintenant », « demandé mardi 1er décembre à 9 h »."""
    if abs(asked_at - now) <= timedelta(minutes=2):
        return "demandé maintenant"
    return f"demandé {day(asked_at)} à {clock(asked_at)}"


def _second(at: datetime) -> int:
    local = at.astimezone(PARIS)
    return ServiceDay(local.date()).second(local)
