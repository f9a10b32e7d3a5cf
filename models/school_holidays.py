"""The school holidays of zone B, to which the network belongs, from the file that Navette comes with."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from models.network.calendar import Days
from models.network.read import default_folder

FILE = "school_holidays.csv"
ZONE = "B"


@dataclass(frozen=True, kw_only=True, slots=True)
class SchoolHoliday(Days):
    """From the first day without school to the last, both included."""

    name: str


def school_holidays(first: date, last: date) -> tuple[SchoolHoliday, ...]:
    """Those that have a day between two dates, both included, by date."""
    asked = Days(first=first, last=last)
    return tuple(one for one in read_school_holidays(default_folder() / FILE) if one.meets(asked))


def known_until() -> date:
    """The last day that the file tells of: beyond it, silence means nothing."""
    return max(one.last for one in read_school_holidays(default_folder() / FILE))


@lru_cache(maxsize=4)
def read_school_holidays(path: Path) -> tuple[SchoolHoliday, ...]:
    """Every holiday of our zone in a file with the columns `zone debut fin nom`, dates as 2026-10-17."""
    with path.open(encoding="utf-8", newline="") as file:
        found = [
            SchoolHoliday(
                first=date.fromisoformat(row["debut"]), last=date.fromisoformat(row["fin"]), name=row["nom"]
            )
            for row in csv.DictReader(file)
            if row["zone"] == ZONE
        ]
    return tuple(sorted(found, key=lambda one: one.first))
