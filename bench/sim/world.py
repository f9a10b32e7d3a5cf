"""What holds for a year and nobody tells the planner: slow legs, works, weather, shut doors, vans off.

Everything is drawn from streams named after what it is about, so that asking for one thing changes no other.
"""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from bench.sim.chance import factor, happens, stream
from bench.sim.settings import Settings
from models.network.calendar import Days
from models.network.values import Access, Network, Site
from models.school_holidays import school_holidays
from routing.travel import TravelMatrix

WEEK = timedelta(weeks=1)


class Van(StrEnum):
    """What becomes of a van on a day."""

    FINE = "fine"
    OFF = "off"
    LENT = "lent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Works(Days):
    """Road works at a site: all legs from and to it take `extra` longer (a share)."""

    site: str
    extra: float


@dataclass(frozen=True, kw_only=True)
class World:
    """The hidden year. `served` are the sites that the ordinary week calls at, `vans` those that drive it."""

    settings: Settings
    network: Network
    travel: TravelMatrix
    served: tuple[str, ...]
    vans: tuple[str, ...]
    _kept: dict[tuple[object, ...], float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def first(self) -> date:
        return self.settings.first.monday

    @property
    def last(self) -> date:
        """The last day of the year."""
        return self.first + self.settings.weeks * WEEK - timedelta(days=1)

    def planned_s(self, origin: str, destination: str) -> int:
        """What the planner believes a leg takes, in seconds."""
        return int(self.travel.seconds[self.travel.index[origin], self.travel.index[destination]])

    def leg_log(self, origin: str, destination: str) -> float:
        """The bias of a leg all year: the logarithm of true over planned time, without anything else."""
        roads = self.settings.roads
        own = self._drawn(roads.leg_sd, "leg", origin, destination)
        return roads.bias + own + self._drawn(roads.place_sd, "place", destination)

    def driver_log(self, driver: str) -> float:
        return self._drawn(self.settings.roads.driver_sd, "driver", driver)

    def day_log(self, day: date) -> float:
        """Weather, traffic and the drift of the year, the same for all legs of a day."""
        roads = self.settings.roads
        through = (day - self.first).days / max(1, (self.last - self.first).days)
        bad = math.log1p(roads.bad_extra) if day in self.bad_days else 0.0
        return self._drawn(roads.day_sd, "day", day) + bad + math.log1p(roads.drift) * through

    def hour_log(self, second: int) -> float:
        """The hour's extra, straight between the settings' points."""
        hour, rush = second / 3600, self.settings.roads.rush
        for (before, low), (after, high) in pairwise(rush):
            if before <= hour <= after:
                return math.log1p(low + (high - low) * (hour - before) / (after - before))
        return 0.0

    def works_log(self, origin: str, destination: str, day: date) -> float:
        """The longest of the works at either end."""
        extras = [one.extra for one in self.works if day in one and one.site in {origin, destination}]
        return math.log1p(max(extras, default=0.0))

    def slow_hands(self, site: str, driver: str) -> float:
        """A factor of the time at the door: of the site and of the driver."""
        stops = self.settings.stops
        logs = self._drawn(stops.site_sd, "hands", site) + self._drawn(stops.driver_sd, "hands of", driver)
        return math.exp(logs)

    def shut_share(self, site: Site, day: date) -> float:
        """How likely nobody opens during the hours."""
        stops = self.settings.stops
        own = math.exp(self._drawn(stops.shut_sd, "shut", site.id))
        volunteers = site.access in {Access.OPENING, Access.TOWN_HALL}
        away = stops.shut_in_holidays if volunteers and self.holidays(day) else 1.0
        return min(0.5, dict(stops.shut)[site.access] * own * away)

    def crate_factor(self, day: date) -> float:
        """How busy the week is."""
        crates = self.settings.crates
        if self.holidays(day):
            return crates.holiday_factor
        return crates.autumn_factor if day.month in {9, 10} else 1.0

    def holidays(self, day: date) -> bool:
        """Whether schools are closed."""
        return any(day in one for one in self._school)

    def van(self, vehicle: str, day: date) -> Van:
        """What becomes of a van on a day."""
        return self._vans.get((vehicle, day), Van.FINE)

    @cached_property
    def bad_days(self) -> frozenset[date]:
        """Ice and fog, from November to February where the year has such days."""
        every = [self.first + timedelta(days=k) for k in range((self.last - self.first).days + 1)]
        cold = [day for day in every if day.month in {11, 12, 1, 2} and day.weekday() < 5]
        wanted = round(self.settings.roads.bad_days * len(every) / 364)
        return frozenset(stream(self.settings.seed, "bad").sample(cold, min(len(cold), wanted)))

    @cached_property
    def works(self) -> tuple[Works, ...]:
        """All works of the year."""
        roads, chance = self.settings.roads, stream(self.settings.seed, "works")
        found = []
        for _ in range(round(roads.works * self.settings.weeks / 52)):
            first = self.first + chance.randrange(self.settings.weeks) * WEEK
            last = first + chance.randint(*roads.works_weeks) * WEEK - timedelta(days=3)  # a Friday
            extra = chance.uniform(*roads.works_extra)
            found.append(Works(first=first, last=last, site=chance.choice(self.served), extra=extra))
        return tuple(found)

    @cached_property
    def _school(self) -> tuple[Days, ...]:
        return school_holidays(self.first, self.last)

    @cached_property
    def _vans(self) -> dict[tuple[str, date], Van]:
        vans, found = self.settings.vans, {}
        for vehicle in self.vans:
            chance = stream(self.settings.seed, "off", vehicle)
            for _ in range(round(vans.off_spells * self.settings.weeks / 52)):
                first = self.first + timedelta(
                    days=7 * chance.randrange(self.settings.weeks) + chance.randrange(5)
                )
                what = Van.LENT if happens(chance, vans.lent_share) else Van.OFF
                for k in range(chance.randint(1, vans.off_days)):
                    found[vehicle, first + timedelta(days=k)] = what
        return found

    def _drawn(self, sd: float, *names: object) -> float:
        """A normal draw that is remembered: the logarithm of a factor."""
        if names not in self._kept:
            self._kept[names] = math.log(factor(stream(self.settings.seed, *names), sd)) if sd else 0.0
        return self._kept[names]
