"""A folder of three sheets and one settings file → a network, or every reason why not, at once."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from models.errors import Finding, InputError
from models.network import rows
from models.network.cells import Cells
from models.network.settings import SETTINGS, Settings, read_settings
from models.network.sheet import Sheet, read_sheet
from models.network.values import Driver, Network, Site, SiteKind, Vehicle


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=_Named)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A network and where each of its parts stands.

    `lines` maps (file name, id) to a 1-based line; `declared` the site id to its declared weekly opening,
    minutes; `forms` the file name to the way it was written; `findings` are warnings only.
    """

    network: Network
    lines: Mapping[tuple[str, str], int]
    declared: Mapping[str, int]
    forms: Mapping[str, str]
    findings: tuple[Finding, ...]


def default_folder() -> Path:
    """The network that Navette comes with: inside an installed wheel, or `data/` of a checkout."""
    packed = Path(__file__).parent / "default"
    return packed if packed.is_dir() else Path(__file__).resolve().parents[2] / "data"


def read_network(folder: Path) -> Network:
    """The network of a folder; InputError carries every finding of reading, with files and lines."""
    return read_folder(folder).network


def read_folder(folder: Path) -> Reading:
    """As `read_network`, with the lines that things stand on and the warnings met on the way."""
    if not folder.is_dir():
        raise InputError(f"Le dossier « {folder} » n'existe pas. Indiquez le dossier d'un réseau.")
    book = _Book(folder)
    sites = book.things(rows.LIBRARIES, rows.site)
    vehicles = book.things(rows.VEHICLES, rows.vehicle)
    drivers = book.things(rows.DRIVERS, rows.driver)
    book.depots(vehicles, sites)
    book.vehicles(drivers, vehicles)
    settings = read_settings(folder / SETTINGS, book.findings)
    if any(finding.serious for finding in book.findings):
        raise InputError(f"Le réseau du dossier « {folder} » ne peut pas être lu.", book.sorted())
    return Reading(
        network=_network(settings, sites, vehicles, drivers),
        lines=book.lines,
        declared=book.declared,
        forms={name: sheet.form for name, sheet in book.sheets.items()},
        findings=book.sorted(),
    )


class _Book:
    """The sheets of a folder, their things, and the findings that gather while they are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.lines: dict[tuple[str, str], int] = {}
        self.declared: dict[str, int] = {}
        self.sheets: dict[str, Sheet] = {}

    def things(self, name: str, build: Callable[[Cells], Thing]) -> tuple[Thing, ...]:
        """The things of a sheet, one per row, in file order."""
        required, optional = (titles.split() for titles in rows.COLUMNS[name])
        sheet = read_sheet(self.folder / name, tuple(required), frozenset(required + optional))
        self.sheets[name] = sheet
        self.findings += sheet.findings
        things = []
        for row in sheet.rows:
            cells = Cells(name, row, self.findings)
            thing = build(cells)
            self._number(cells, thing.id)
            things.append(thing)
        return tuple(things)

    def _number(self, cells: Cells, key: str) -> None:
        """Remember the line of an id, and what its row declares beside the thing itself."""
        first = self.lines.setdefault((cells.where, key), cells.row.line)
        if key and first != cells.row.line:
            cells.complain(
                f"l'identifiant « {key} » est déjà pris à la ligne {first}.", "Donnez-en un autre."
            )
        if cells.where == rows.LIBRARIES:
            minutes = rows.declared_minutes(cells)
            if minutes is not None:
                self.declared[key] = minutes

    def depots(self, vehicles: tuple[Vehicle, ...], sites: tuple[Site, ...]) -> None:
        """Each vehicle stays at a known site of kind depot."""
        known = {site.id for site in sites if site.kind is SiteKind.DEPOT}
        for vehicle in vehicles:
            if vehicle.depot not in known and self._trusted(rows.LIBRARIES, vehicle.depot):
                self._unknown(
                    rows.VEHICLES, vehicle.id, f"le dépôt « {vehicle.depot} »", known, rows.LIBRARIES
                )

    def vehicles(self, drivers: tuple[Driver, ...], vehicles: tuple[Vehicle, ...]) -> None:
        """Each driver drives a known vehicle."""
        known = {vehicle.id for vehicle in vehicles}
        for driver in drivers:
            if driver.vehicle not in known and self._trusted(rows.VEHICLES, driver.vehicle):
                what = f"le véhicule « {driver.vehicle} »"
                self._unknown(rows.DRIVERS, driver.id, what, known, rows.VEHICLES)

    def _trusted(self, where: str, key: str) -> bool:
        """Whether an id missing from a sheet is news, not the mere consequence of a fault found there."""
        if not key or any(finding.serious for finding in self.sheets[where].findings):
            return False
        line = self.lines.get((where, key))
        return line is None or not any(
            finding.serious and (finding.where, finding.line) == (where, line) for finding in self.findings
        )

    def _unknown(self, where: str, key: str, what: str, known: set[str], home: str) -> None:
        choice = ", ".join(f"« {one} »" for one in sorted(known))
        remedy = f"Choisissez parmi {choice}." if choice else f"Ajoutez-le dans {home}."
        line = self.lines[where, key]
        self.findings.append(Finding(where=where, line=line, message=f"{what} est inconnu.", remedy=remedy))

    def sorted(self) -> tuple[Finding, ...]:
        files = [*rows.COLUMNS, SETTINGS]
        return tuple(sorted(self.findings, key=lambda one: (files.index(one.where), one.line or 0)))


def _network(
    settings: Settings, sites: tuple[Site, ...], vehicles: tuple[Vehicle, ...], drivers: tuple[Driver, ...]
) -> Network:
    network = Network(
        id=settings.id,
        name=settings.name,
        organisation=settings.organisation,
        coordinator=settings.coordinator,
        rules=settings.rules,
        sites=sites,
        vehicles=vehicles,
        drivers=drivers,
        fingerprint="",
    )
    return replace(network, fingerprint=fingerprint(network))


# Dated departures from the ordinary week: they count in a fingerprint only where there are any.
_CALENDAR = ("seasons", "closures", "absences")


def fingerprint(network: Network) -> str:
    """SHA-256 of what the files mean: the same whatever their encoding, separator or column order."""
    content = asdict(network)
    for thing in (content, *content["sites"], *content["vehicles"], *content["drivers"]):
        thing.pop("shared_closures", None)  # told once, by the network
        for name in _CALENDAR:
            if not thing.get(name):
                thing.pop(name, None)
    canonical = json.dumps(content, default=_canonical, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: frozenset[str] | date) -> list[str] | str:
    return value.isoformat() if isinstance(value, date) else sorted(value)
