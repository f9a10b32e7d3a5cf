"""What people type into forms → numbers and dates, or what is wrong with it."""

import re
from datetime import date

from models.errors import Finding, InputError

MOST_CRATES = 60
_FRENCH = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")


def crates_typed(typed: str, where: str = "bacs") -> int:
    """« 3 » → 3. InputError for what is no number of crates."""
    text = typed.strip()
    if text.isdecimal() and len(text) < 5 and int(text) <= MOST_CRATES:
        return int(text)
    if text.isdecimal():
        message = f"c'est beaucoup : {MOST_CRATES} bacs au plus."
        remedy = "Au-delà, écrivez à la coordination."
    else:
        message, remedy = "écrivez un nombre de bacs.", "Par exemple 2."
    raise InputError("Rien n'a été enregistré.", (Finding(where=where, message=message, remedy=remedy),))


def date_typed(typed: str, where: str) -> date:
    """« 2026-12-21 » as browsers send it, or « 21/12/2026 ». InputError for what is no date."""
    text = typed.strip()
    match = _FRENCH.fullmatch(text)
    try:
        found = date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
    except ValueError:
        message = "il manque." if not text else "cette date n'existe pas."
        wrong = Finding(where=where, message=message, remedy="Par exemple 21/12/2026.")
        raise InputError("La date ne peut pas être lue.", (wrong,)) from None
    return found
