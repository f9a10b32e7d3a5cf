"""Small things said in French on pages: a browser, an instant, a key to be copied."""

from datetime import datetime

from maps import words
from models.service_day import PARIS

# The first that fits counts: most browsers also claim to be others.
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def browser_name(user_agent: str) -> str:
    """« Firefox, Windows », or « navigateur inconnu »."""
    program = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    return ", ".join(filter(None, (program, system))) or "navigateur inconnu"


def moment(instant: datetime) -> str:
    """« jeudi 3 décembre à 10 h 20 », as clocks stand in Paris."""
    here = instant.astimezone(PARIS)
    return f"{words.day(here.date())} à {words.clock(here.hour * 3600 + here.minute * 60)}"


def groups(key: str) -> str:
    """A key in groups of four letters."""
    return " ".join(key[k : k + 4] for k in range(0, len(key), 4))


def dialled(phone: str) -> str:
    """What a telephone dials of a number as it is written: « 03 28 41 00 00 (matin) » → « 0328410000 »."""
    return "".join(letter for letter in phone.partition("(")[0] if letter.isdecimal() or letter == "+")
