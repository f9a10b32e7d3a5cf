"""« ?from=2026-01-01&to=2026-06-30 »: a span of days, both included."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from api.repositories.outcomes import Period
from models.errors import InputError

_LONGEST = 1100  # days: three years, and not the whole calendar
Day = Annotated[date, Query(ge=date(1990, 1, 1), le=date(2199, 12, 31))]


def _period(
    first: Annotated[Day, Query(alias="from", description="Premier jour.", examples=["2026-01-01"])],
    last: Annotated[Day, Query(alias="to", description="Dernier jour, inclus.", examples=["2026-12-31"])],
) -> Period:
    if not 0 <= (last - first).days <= _LONGEST:
        raise InputError(f"Donnez une période de 1 à {_LONGEST} jours, le premier jour d'abord.")
    return Period(first=first, last=last)


Span = Annotated[Period, Depends(_period)]
