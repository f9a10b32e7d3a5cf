"""A network that is not so: each hypothesis is a value, a change of the network, and a sentence."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from api.services.folder import Territory, territory_of
from maps.words import WEEKDAYS, clock, count, dates, listing
from models.errors import InputError, NotFound
from models.network.calendar import Absence, Closure
from models.network.values import Access, Driver, Network, Site, SiteKind, Vehicle
from models.service_day import IsoWeek
from models.values import Coordinates, TimeWindow

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NEW = "hypothese"
Thing = TypeVar("Thing", Site, Vehicle, Driver)


class Hypothesis(ABC):
    """One supposition about a week."""

    @abstractmethod
    def applied(self, network: Network, week: IsoWeek) -> Network:
        """The network as it would be. NotFound, or InputError for what changes nothing."""

    @abstractmethod
    def sentence(self, network: Network) -> str:
        """What is supposed, in plain French."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherHours(Hypothesis):
    """A site is open, and receives the shuttle, at other hours on some weekdays (0: Monday)."""

    site: str
    weekdays: frozenset[int]
    windows: tuple[TimeWindow, ...]

    def applied(self, network: Network, week: IsoWeek) -> Network:
        def changed(site: Site) -> Site:
            opening = [site.public_windows(day.date) for day in week.days]
            shuttle = [site.shuttle_windows(day.date) for day in week.days]
            for weekday in self.weekdays:
                opening[weekday] = shuttle[weekday] = self.windows
            return replace(site, opening=_written(opening), shuttle_hours=_written(shuttle), seasons=())

        return _with_site(network, self.site, changed)

    def sentence(self, network: Network) -> str:
        name, days = network.site(self.site).name, listing(WEEKDAYS[one] for one in sorted(self.weekdays))
        if not self.windows:
            return f"{name} fermerait le {days}."
        hours = listing(f"de {clock(one.early)} à {clock(one.late)}" for one in self.windows)
        return f"{name} recevrait la navette le {days} {hours}."


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed(Hypothesis):
    """A site is closed between two dates, both included."""

    site: str
    first: date
    last: date

    def applied(self, network: Network, week: IsoWeek) -> Network:
        _must_touch(self.first, self.last, week)
        closure = Closure(first=self.first, last=self.last)
        return _with_site(network, self.site, lambda site: replace(site, closures=(*site.closures, closure)))

    def sentence(self, network: Network) -> str:
        return f"{network.site(self.site).name} fermerait {dates(self.first, self.last)}."


@dataclass(frozen=True, kw_only=True, slots=True)
class NewLibrary(Hypothesis):
    """One more library; its readers exchange as much as those of a middling one with as many visits."""

    name: str
    point: Coordinates
    opening: str
    visits_per_week: int
    deliver: int
    collect: int

    def applied(self, network: Network, _: IsoWeek) -> Network:
        flows = sorted(one.weekly_documents for one in network.libraries if one.visits_per_week)
        made = Site(
            id=_free(_NEW, {one.id for one in network.sites}),
            name=self.name,
            kind=SiteKind.LIBRARY,
            commune=self.name,
            insee="",
            address="",
            postcode="",
            point=self.point,
            opening=self.opening,
            access=Access.OPENING,
            visits_per_week=self.visits_per_week,
            deliver=self.deliver,
            collect=self.collect,
            weekly_documents=flows[len(flows) // 2] if flows else 0,
        )
        return replace(network, sites=(*network.sites, made))

    def sentence(self, _: Network) -> str:
        visits = count(self.visits_per_week, "passage")
        return f"Une bibliothèque de plus, {self.name}, aurait {visits} par semaine."


@dataclass(frozen=True, kw_only=True, slots=True)
class VehicleAway(Hypothesis):
    """A vehicle is not there between two dates, both included."""

    vehicle: str
    first: date
    last: date

    def applied(self, network: Network, week: IsoWeek) -> Network:
        _must_touch(self.first, self.last, week)
        away = Absence(first=self.first, last=self.last)
        found = _known(network.vehicles, self.vehicle, "véhicule")
        changed = replace(found, absences=(*found.absences, away))
        return replace(network, vehicles=_swapped(network.vehicles, changed))

    def sentence(self, network: Network) -> str:
        return f"{network.vehicle(self.vehicle).name} serait indisponible {dates(self.first, self.last)}."


@dataclass(frozen=True, kw_only=True, slots=True)
class DriverAway(Hypothesis):
    """A driver is not there between two dates, both included."""

    driver: str
    first: date
    last: date

    def applied(self, network: Network, week: IsoWeek) -> Network:
        _must_touch(self.first, self.last, week)
        away = Absence(first=self.first, last=self.last)
        found = _known(network.drivers, self.driver, "chauffeur")
        changed = replace(found, absences=(*found.absences, away))
        return replace(network, drivers=_swapped(network.drivers, changed))

    def sentence(self, network: Network) -> str:
        return f"{network.driver(self.driver).name} ne conduirait pas {dates(self.first, self.last)}."


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtraVan(Hypothesis):
    """One more driver with a van of their own, both like those of a known driver."""

    like: str

    def applied(self, network: Network, _: IsoWeek) -> Network:
        model = _known(network.drivers, self.like, "chauffeur")
        van = network.vehicle(model.vehicle)
        vehicle = replace(
            van,
            id=_free(f"{van.id}-bis", {one.id for one in network.vehicles}),
            name=f"{van.name} (en plus)",
            absences=(),
        )
        driver = replace(
            model,
            id=_free(f"{model.id}-bis", {one.id for one in network.drivers}),
            name=f"{model.name} (en plus)",
            vehicle=vehicle.id,
            absences=(),
        )
        return replace(network, vehicles=(*network.vehicles, vehicle), drivers=(*network.drivers, driver))

    def sentence(self, network: Network) -> str:
        model = network.driver(self.like)
        van = network.vehicle(model.vehicle).name
        return f"Un second véhicule comme {van} roulerait, aux heures de {model.name}."


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand(Hypothesis):
    """Other crates at each visit of a site."""

    site: str
    deliver: int
    collect: int

    def applied(self, network: Network, _: IsoWeek) -> Network:
        return _with_site(
            network, self.site, lambda site: replace(site, deliver=self.deliver, collect=self.collect)
        )

    def sentence(self, network: Network) -> str:
        left, taken = count(self.deliver, "bac"), count(self.collect, "bac")
        return f"À chaque passage, {network.site(self.site).name} recevrait {left} et en rendrait {taken}."


@dataclass(frozen=True, kw_only=True, slots=True)
class MoreDemand(Hypothesis):
    """All sites' crates, in per cent of what they are; rounded up."""

    percent: int

    def applied(self, network: Network, _: IsoWeek) -> Network:
        def scaled(crates: int) -> int:
            return -(-crates * self.percent // 100)

        sites = (
            replace(one, deliver=scaled(one.deliver), collect=scaled(one.collect)) for one in network.sites
        )
        return replace(network, sites=tuple(sites))

    def sentence(self, _: Network) -> str:
        more = self.percent - 100
        return f"Il y aurait {abs(more)} % de bacs en {'plus' if more >= 0 else 'moins'} partout."


def supposed(territory: Territory, week: IsoWeek, hypotheses: tuple[Hypothesis, ...]) -> Territory:
    """The territory under some hypotheses, one after the other; roads of new places are estimated."""
    network = territory.network
    for one in hypotheses:
        network = one.applied(network, week)
    return territory_of(network, territory.communes, territory.travel, territory.shapes)


def _with_site(network: Network, code: str, change: Callable[[Site], Site]) -> Network:
    found = _known(network.sites, code, "lieu")
    return replace(network, sites=_swapped(network.sites, change(found)))


def _known(things: tuple[Thing, ...], code: str, what: str) -> Thing:
    found = next((one for one in things if one.id == code), None)
    if found is None:
        raise NotFound(f"Ce {what} n'existe pas, ou il est archivé : « {code} ».")
    return found


def _swapped(things: tuple[Thing, ...], changed: Thing) -> tuple[Thing, ...]:
    return tuple(changed if one.id == changed.id else one for one in things)


def _must_touch(first: date, last: date, week: IsoWeek) -> None:
    if first > last:
        raise InputError("Donnez deux jours dans l'ordre.")
    if last < week.monday or first > week.days[6].date:
        raise InputError(
            f"Ces jours ne touchent pas la semaine {week} du planning. Posez la question sur un planning "
            "d'une semaine concernée, ou donnez des jours de celle-ci."
        )


def _written(days: list[tuple[TimeWindow, ...]]) -> str:
    """Windows of each weekday as an OSM `opening_hours` string."""
    told = [
        f"{name} {','.join(f'{_hour(one.early)}-{_hour(one.late)}' for one in windows)}"
        for name, windows in zip(_DAYS, days, strict=True)
        if windows
    ]
    return "; ".join(told) or "off"


def _hour(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


def _free(wanted: str, taken: set[str]) -> str:
    name, k = wanted, 2
    while name in taken:
        name, k = f"{wanted}-{k}", k + 1
    return name
