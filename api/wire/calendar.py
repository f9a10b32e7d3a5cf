"""The calendar on the wire: everything dated between two days."""

from datetime import date

from api.services.described.effect import days_named
from api.wire.base import Wire
from api.wire.closures import ClosureOut, HolidayOut
from api.wire.fleet import AbsenceOut
from api.wire.sites import SeasonOut
from models.network.calendar import Closure
from models.school_holidays import school_holidays
from models.tables.network import SeasonRecord


class SiteSeasonOut(SeasonOut):
    """A season, and whose it is."""

    site: str

    @classmethod
    def of(cls, record: SeasonRecord) -> "SiteSeasonOut":
        return cls(**record.model_dump(include=set(cls.model_fields)))


class CalendarOut(Wire):
    """What is dated between two days, both included: holidays, closures, absences, seasons."""

    first: date
    last: date
    holidays: list[HolidayOut]
    school_known_until: date
    closures: list[ClosureOut]
    absences: list[AbsenceOut]
    seasons: list[SiteSeasonOut]


def holidays_between(first: date, last: date) -> list[HolidayOut]:
    """The public and school holidays that have a day between two dates."""
    public = days_named(Closure(first=first, last=last))
    told = [HolidayOut(name=name, first=on, last=on, school=False) for on, name in public]
    return told + [HolidayOut.of_school(one) for one in school_holidays(first, last)]
