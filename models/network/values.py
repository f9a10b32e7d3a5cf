"""A network as its coordinator describes it: sites, vehicles, drivers, costs. Frozen, read from a folder."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from models.network.calendar import Absence, Closure, Season, covers, season_on
from models.opening import open_windows
from models.values import Coordinates, TimeWindow


class SiteKind(StrEnum):
    """What the shuttle does at a site; the values are the words of `libraries.csv`."""

    LIBRARY = "bibliothèque"
    DEPOT = "dépôt"
    PARTNER = "partenaire"


class Access(StrEnum):
    """How the driver gets in; the values are the words of `libraries.csv`."""

    OPENING = "ouverture"  # someone is there while the library is open to the public
    STAFF = "équipe"  # employees are there before and after
    KEY = "clé"  # the driver holds a key
    BOX = "boîte"  # a drop box, at any hour
    TOWN_HALL = "mairie"  # the town hall's counter keeps the crates


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A place the shuttle may serve.

    `opening` is when readers may come, `shuttle_hours` when the driver may begin: OSM `opening_hours`.
    `deliver` and `collect` are crates left and taken at each visit. `weekly_documents` is the flow that
    waits for the shuttle, both ways. `assumed` names the facts that nobody has confirmed yet, among
    `site position horaires accès fréquence bacs téléphone`; a stand-in has `site` among them.
    `shared_closures` are those of the whole network, which hands them to its sites.
    """

    id: str
    name: str
    kind: SiteKind
    commune: str
    insee: str
    address: str
    postcode: str
    point: Coordinates
    opening: str = ""
    shuttle_hours: str = ""
    access: Access = Access.OPENING
    access_note: str = ""
    phone: str = ""
    visits_per_week: int = 0
    min_gap_days: int = 1
    deliver: int = 0
    collect: int = 0
    weekly_documents: int = 0
    assumed: frozenset[str] = frozenset()
    seasons: tuple[Season, ...] = ()
    closures: tuple[Closure, ...] = ()
    shared_closures: tuple[Closure, ...] = ()

    @property
    def stand_in(self) -> bool:
        """True when the place itself is assumed: a town hall standing for a library not in open data."""
        return "site" in self.assumed

    def public_windows(self, day: date) -> tuple[TimeWindow, ...]:
        """When readers may come on a date, sorted and apart."""
        return () if self.closed(day) else open_windows(self._hours(day)[0], day)

    def shuttle_windows(self, day: date) -> tuple[TimeWindow, ...]:
        """When the driver may begin on a date, before the network's closing margin."""
        opening, shuttle = self._hours(day)
        return () if self.closed(day) else open_windows(shuttle or opening, day)

    def closed(self, day: date) -> Closure | None:
        """The closure that holds that day, its own before the whole network's; None on other days."""
        return next((one for one in (*self.closures, *self.shared_closures) if day in one), None)

    def _hours(self, day: date) -> tuple[str, str]:
        """The readers' hours and the driver's that hold on a date."""
        season = season_on(self.seasons, day)
        if season is None:
            return self.opening, self.shuttle_hours
        return season.opening or self.opening, season.shuttle_hours or self.shuttle_hours


@dataclass(frozen=True, kw_only=True, slots=True)
class Vehicle:
    """A van. `speed_percent` scales the road's times: 110 drives a tenth faster. Costs in cents."""

    id: str
    name: str
    depot: str
    capacity: int
    hours: str
    speed_percent: int = 100
    run_cents: int = 0
    km_cents: int = 0
    assumed: bool = True
    absences: tuple[Absence, ...] = ()

    def windows(self, day: date) -> tuple[TimeWindow, ...]:
        """When it may be on the road on a date."""
        return () if covers(self.absences, day) else open_windows(self.hours, day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Driver:
    """Who drives which van, and when: each span of `hours` is one possible round, depot to depot.

    `break_s` is the length of the pause owed in a span that holds `break_window`; 0 for none.
    """

    id: str
    name: str
    vehicle: str
    hours: str
    phone: str = ""
    hour_cents: int = 0
    break_s: int = 0
    break_window: TimeWindow | None = None
    assumed: bool = True
    absences: tuple[Absence, ...] = ()

    def windows(self, day: date) -> tuple[TimeWindow, ...]:
        """When they work on a date."""
        return () if covers(self.absences, day) else open_windows(self.hours, day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The network's habits and prices, from `network.toml`.

    `closing_margin_s` is taken off the end of every opening. `announce_before_s` and `announce_after_s`
    frame the announced window around the planned time, rounded outwards to `announce_round_s`.
    `reader_day_cents` is one document waiting one day; `missed_visit_cents` a visit owed and not planned;
    `habit_cents` an announced time moved by more than `habit_tolerance_s`.

    What promises rest on: a library has its crates ready `cut_off_s` before its announced window begins; a
    depot needs `sorting_s` between a van's coming home and the next one's leaving; `sorts_on_road` (0 or 1):
    the driver hands over what was taken on at an earlier stop of the same round.
    """

    setup_s: int = 240
    handling_s: int = 30
    closing_margin_s: int = 600
    announce_before_s: int = 600
    announce_after_s: int = 1200
    announce_round_s: int = 300
    reader_day_cents: int = 2
    missed_visit_cents: int = 30000
    habit_cents: int = 200
    habit_tolerance_s: int = 900
    cut_off_s: int = 1800
    sorting_s: int = 3600
    sorts_on_road: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """Whom the driver calls."""

    name: str
    phone: str
    email: str = ""


@dataclass(frozen=True, kw_only=True)  # without slots: what is looked up by id is kept
class Network:
    """Everything a week is planned from, but the roads. Site, vehicle and driver ids are unique.

    `fingerprint` changes when anything that matters to a plan does. On `closures` no shuttle runs at all.
    """

    id: str
    name: str
    organisation: str
    coordinator: Contact
    rules: Rules
    sites: tuple[Site, ...]
    vehicles: tuple[Vehicle, ...]
    drivers: tuple[Driver, ...]
    fingerprint: str
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        if any(site.shared_closures != self.closures for site in self.sites):
            told = tuple(replace(site, shared_closures=self.closures) for site in self.sites)
            object.__setattr__(self, "sites", told)

    def site(self, site_id: str) -> Site:
        """The site of that id; KeyError when there is none (so for vehicles and drivers)."""
        return self._sites[site_id]

    def vehicle(self, vehicle_id: str) -> Vehicle:
        return self._vehicles[vehicle_id]

    def driver(self, driver_id: str) -> Driver:
        return self._drivers[driver_id]

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return {site.id: site for site in self.sites}

    @cached_property
    def _vehicles(self) -> dict[str, Vehicle]:
        return {vehicle.id: vehicle for vehicle in self.vehicles}

    @cached_property
    def _drivers(self) -> dict[str, Driver]:
        return {driver.id: driver for driver in self.drivers}

    @property
    def libraries(self) -> tuple[Site, ...]:
        """The sites of kind library, in file order."""
        return tuple(site for site in self.sites if site.kind is SiteKind.LIBRARY)

    @property
    def depots(self) -> tuple[Site, ...]:
        return tuple(site for site in self.sites if site.kind is SiteKind.DEPOT)

    def spans(self, driver: Driver, day: date) -> tuple[TimeWindow, ...]:
        """When a driver may be on the road in the van on a date: each span is one possible round.

        None when either is away, or their depot or the whole network is closed.
        """
        vehicle = self.vehicle(driver.vehicle)
        if self.site(vehicle.depot).closed(day):
            return ()
        common = (works.meet(runs) for works in driver.windows(day) for runs in vehicle.windows(day))
        return tuple(span for span in common if span and span.early < span.late)

    def ordinary(self) -> "Network":
        """The same network in a year without closures, absences or seasons."""
        return replace(
            self,
            sites=tuple(replace(site, seasons=(), closures=()) for site in self.sites),
            vehicles=tuple(replace(vehicle, absences=()) for vehicle in self.vehicles),
            drivers=tuple(replace(driver, absences=()) for driver in self.drivers),
            closures=(),
        )
