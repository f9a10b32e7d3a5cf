"""The calendar on the wire: everything dated between two days."""

from datetime import date

from api.wire.base import Wire
from api.wire.closures import ClosureOut, HolidayOut
from api.wire.fleet import AbsenceOut
from api.wire.sites import SeasonOut
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
