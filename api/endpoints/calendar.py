"""The calendar: holidays, closures, absences and seasons together."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from api.endpoints.caller import Caller, allowed
from api.repositories.calendar import dated_between
from api.services.actor import Role
from api.wire.calendar import CalendarOut, SiteSeasonOut, holidays_between
from api.wire.closures import ClosureOut
from api.wire.fleet import AbsenceOut
from models.errors import InputError
from models.school_holidays import known_until

router = APIRouter(tags=["fermetures"])
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]
_Day = Annotated[date, Query(ge=date(2000, 1, 1), le=date(2100, 12, 31), examples=["2026-12-01"])]
_LONGEST_DAYS = 800


@router.get("/calendar", summary="Jours fériés, vacances, fermetures, absences et saisons")
def show_calendar(caller: Reader, first: _Day, last: _Day) -> CalendarOut:
    if not 0 <= (last - first).days <= _LONGEST_DAYS:
        raise InputError(f"Demandez un calendrier de 1 à {_LONGEST_DAYS} jours, le premier d'abord.")
    with caller.read() as session:
        acting, away, seasons = dated_between(session, first, last)
        return CalendarOut(
            first=first,
            last=last,
            holidays=holidays_between(first, last),
            school_known_until=known_until(),
            closures=[ClosureOut.of(one) for one in acting],
            absences=[AbsenceOut.of(one) for one in away],
            seasons=[SiteSeasonOut.of(one) for one in seasons],
        )
