"""What every check looks at: a network, its communes, an ordinary week, and where each thing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from models.communes import Commune
from models.errors import Finding
from models.network.rows import DRIVERS, LIBRARIES, VEHICLES
from models.network.values import Driver, Network, Site, Vehicle
from models.service_day import IsoWeek
from models.values import TimeWindow

_FILES = {Site: LIBRARIES, Vehicle: VEHICLES, Driver: DRIVERS}


@dataclass(frozen=True, kw_only=True)  # without slots: what is asked for every site is kept
class Subject:
    """`communes` by INSEE code; `week` holds no public holiday; `lines` and `declared` as in `Reading`."""

    network: Network
    communes: Mapping[str, Commune]
    week: IsoWeek
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    declared: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return tuple(day.date for day in self.week.days)

    def line(self, thing: Site | Vehicle | Driver) -> int | None:
        return self.lines.get((_FILES[type(thing)], thing.id))

    def about(
        self, thing: Site | Vehicle | Driver, message: str, remedy: str, *, serious: bool = True
    ) -> Finding:
        """A finding on the line of a site, a vehicle or a driver, its name before the message."""
        return Finding(
            where=_FILES[type(thing)],
            line=self.line(thing),
            message=f"« {thing.name} » {message}",
            remedy=remedy,
            serious=serious,
            key=thing.id,
        )

    def spans(self, driver: Driver, day: date) -> tuple[TimeWindow, ...]:
        """When a driver may drive the van on a date: each span is one possible round."""
        return self.network.spans(driver, day)

    def all_spans(self, day: date) -> tuple[TimeWindow, ...]:
        """The spans of every driver on a date of the week, in driver order."""
        return self._all_spans[day]

    @cached_property
    def _all_spans(self) -> dict[date, tuple[TimeWindow, ...]]:
        drivers = self.network.drivers
        return {day: tuple(s for driver in drivers for s in self.spans(driver, day)) for day in self.dates}


def meets(ones: tuple[TimeWindow, ...], others: tuple[TimeWindow, ...]) -> tuple[TimeWindow, ...]:
    """What two sets of windows have in common; an instant is not enough."""
    common = (one.meet(other) for one in ones for other in others)
    return tuple(window for window in common if window and window.early < window.late)
