"""Days, windows and numbers as a volunteer reads them."""

from datetime import date, datetime, timedelta

from maps import words
from models.service_day import PARIS
from models.values import TimeWindow


def near_day(day: date, today: date) -> str:
    """« aujourd'hui, jeudi 3 décembre », « demain, vendredi 4 décembre », « mardi 8 décembre »."""
    near = {0: "aujourd'hui, ", 1: "demain, "}.get((day - today).days, "")
    return near + words.day(day)


def window(early: datetime, late: datetime) -> str:
    """« entre 9 h 40 et 10 h 10 », clocks of Paris."""
    return words.between(TimeWindow(_second(early), max(_second(early), _second(late))))


def clock(moment: datetime) -> str:
    """« 9 h 40 »."""
    return words.clock(_second(moment))


def chances(permille: int) -> str:
    """« 9 chances sur 10 », « 99 chances sur 100 », « presque sûr »."""
    if permille >= 995:
        return "presque sûr"
    if permille > 950:
        return f"{permille // 10} chances sur 100"
    tenths = max(1, permille // 100)
    return f"{tenths} chance{'s' if tenths > 1 else ''} sur 10"


def iso_today(at: datetime) -> date:
    """The date in Paris at an instant."""
    return at.astimezone(PARIS).date()


def days_after(day: date, how_many: int) -> date:
    """The date so many days later."""
    return day + timedelta(days=how_many)


def _second(moment: datetime) -> int:
    local = moment.astimezone(PARIS)
    return local.hour * 3600 + local.minute * 60
