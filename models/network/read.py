"""A folder of three sheets and one settings file → a network, or every reason why not, at once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from models.errors import Finding, InputError
from models.network import rows
from models.network.book import Book
from models.network.settings import SETTINGS, Settings, read_settings
from models.network.sheet import read_sheet
from models.network.values import Driver, Network, Site, Vehicle


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A network and where each of its parts stands.

    `lines` maps (file name, id) to a 1-based line; `declared` the site id to its declared weekly opening,
    minutes; `facts` the site id to the cells that no plan uses; `forms` the file name to the way it was
    written; `findings` are warnings only.
    """

    network: Network
    lines: Mapping[tuple[str, str], int]
    declared: Mapping[str, int]
    facts: Mapping[str, Mapping[str, str]]
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
    book = Book(lambda name, required, known: read_sheet(folder / name, required, known))
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
        facts=book.facts,
        forms={name: sheet.form for name, sheet in book.sheets.items()},
        findings=book.sorted(),
    )


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
