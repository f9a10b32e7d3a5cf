"""French as it is set in print: times, durations, distances, money, dates, counts. No dependency.

Figures hold to their units and words with a no-break space (U+00A0), so that no line ends between them;
thousands and French punctuation take the narrow one (U+202F). Times and distances are integers, in seconds
and metres.
"""

import re
from collections.abc import Iterable
from datetime import date

from models.service_day import IsoWeek
from models.values import DAY_S, TimeWindow

THIN = "\u202f"  # narrow no-break space: inside « », before ; : ! ?, between thousands
FIRM = "\u00a0"  # no-break space: between a figure and its unit or word

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip

_BEFORE_MARK = re.compile(r"(?<=\S)[ \u00a0\u202f]+(?=[;:!?»](?:\s|$|[.,)]))")
_AFTER_OPENING = re.compile(r"«[ \u00a0\u202f]*(?=\S)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def clock(second: int) -> str:
    """Seconds of a service day → « 10 h 20 », « 10 h »: rounded down, as clocks do."""
    hours, minutes = divmod(second % DAY_S // 60, 60)
    return f"{hours}{FIRM}h{FIRM}{minutes:02d}" if minutes else f"{hours}{FIRM}h"


def clock_full(second: int) -> str:
    """The same with its minutes always written, for columns: « 10 h 00 »."""
    hours, minutes = divmod(second % DAY_S // 60, 60)
    return f"{hours}{FIRM}h{FIRM}{minutes:02d}"


def between(window: TimeWindow) -> str:
    """« entre 10 h et 11 h », « à 10 h » for a single instant."""
    if window.early == window.late:
        return f"à {clock(window.early)}"
    return f"entre {clock(window.early)} et {clock(window.late)}"


def span(window: TimeWindow) -> str:
    """« 9 h 40 – 9 h 55 », for columns."""
    return f"{clock_full(window.early)} – {clock_full(window.late)}"


def duration(seconds: int) -> str:
    """« 1 h 05 », « 2 h », « 45 min »: rounded to the nearest minute."""
    sign, minutes = ("−" if seconds < 0 else ""), (abs(seconds) + 30) // 60
    if minutes < 60:
        return f"{sign if minutes else ''}{minutes}{FIRM}min"
    hours, rest = divmod(minutes, 60)
    return f"{sign}{hours}{FIRM}h{FIRM}{rest:02d}" if rest else f"{sign}{hours}{FIRM}h"


def distance(metres: int) -> str:
    """« 12,4 km »; from 100 km on, whole kilometres: « 128 km »."""
    tenths = (metres + 50) // 100
    if tenths >= 1000:
        return f"{number((metres + 500) // 1000)}{FIRM}km"
    return f"{tenths // 10},{tenths % 10}{FIRM}km"


def number(value: int) -> str:
    """« 1 234 »: thousands apart."""
    return f"{value:,}".replace(",", THIN).replace("-", "−")


def euros(cents: int, *, exact: bool = False) -> str:
    """« 412 € », to the nearest euro; « 412,50 € » when `exact`."""
    if exact:
        return f"{'−' if cents < 0 else ''}{number(abs(cents) // 100)},{abs(cents) % 100:02d}{FIRM}€"
    whole = (abs(cents) + 50) // 100
    return f"{'−' if cents < 0 and whole else ''}{number(whole)}{FIRM}€"


def count(how_many: int, noun: str, plural: str | None = None) -> str:
    """« 1 bac », « 3 bacs », « 0 bac »: French counts as many from two on."""
    return f"{number(how_many)}{FIRM}{noun if abs(how_many) < 2 else plural or noun + 's'}"


def crates(how_many: int) -> str:
    """« 3 bacs »."""
    return count(how_many, "bac")


def day(on: date) -> str:
    """« jeudi 3 décembre », « mardi 1er décembre »."""
    return f"{WEEKDAYS[on.weekday()]} {_day_number(on)}{FIRM}{MONTHS[on.month - 1]}"


def day_and_year(on: date) -> str:
    """« jeudi 3 décembre 2026 »."""
    return f"{day(on)}{FIRM}{on.year}"


def dates(first: date, last: date) -> str:
    """« le mercredi 2 décembre », « du lundi 3 août au vendredi 14 août »."""
    return f"le {day(first)}" if first == last else f"du {day(first)} au {day(last)}"


def short_day(on: date) -> str:
    """« jeu. 3 déc. », where room is scarce."""
    return f"{WEEKDAYS[on.weekday()][:3]}. {_day_number(on)}{FIRM}{_SHORT_MONTHS[on.month - 1]}"


def week(of: IsoWeek) -> str:
    """« semaine 49, du 30 novembre au 6 décembre 2026 »."""
    first, last = of.days[0].date, of.days[-1].date
    start = f"{_day_number(first)}"
    if first.month != last.month:
        start += f"{FIRM}{MONTHS[first.month - 1]}"
    if first.year != last.year:
        start += f"{FIRM}{first.year}"
    end = f"{_day_number(last)}{FIRM}{MONTHS[last.month - 1]}{FIRM}{last.year}"
    return f"semaine{FIRM}{of.number}, du {start} au {end}"


def phone(written: str) -> str:
    """A telephone number that no line break cuts: « 03 00 00 00 00 »."""
    return _BETWEEN_DIGITS.sub(FIRM, written)


def listing(items: Iterable[str]) -> str:
    """« lundi, mardi et jeudi »."""
    *most, last = [*items] or [""]
    return f"{', '.join(most)} et {last}" if most else last


def quoted(text: str) -> str:
    """« text », with its narrow spaces."""
    return f"«{THIN}{text}{THIN}»"


def capital(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def typeset(text: str) -> str:
    """A plain sentence → the same with its narrow no-break spaces and its curly apostrophes."""
    text = _APOSTROPHE.sub("’", text)
    text = _AFTER_OPENING.sub(f"«{THIN}", text)
    return _BEFORE_MARK.sub(THIN, text)


def _day_number(on: date) -> str:
    return "1er" if on.day == 1 else str(on.day)
