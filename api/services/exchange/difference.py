"""What a parcel would make of the stored network: every difference, and whether the result would hold."""

import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from api.services.described.judge import all_findings
from api.services.described.kinds import DRIVER, SITE, VEHICLE
from api.services.exchange.annex_kinds import ANNEX_KINDS, Subject
from api.services.exchange.annexes import Annex, Beside, annex_of
from api.services.exchange.parcel import Parcel
from api.services.exchange.sheaf import FieldChange, FileDifference, Sheaf, cell_changes, sheaf_of
from api.services.folder import TRAVEL
from api.services.network_records import driver_of, site_of, vehicle_of
from api.services.territory import Ground, digest, read_ground
from models.errors import Finding, InputError, RoadDataError
from models.network import rows
from models.network.book import Book
from models.network.check import COMMUNES, check_network
from models.network.checks.references import references
from models.network.settings import RULES, SETTINGS, Settings, read_settings
from models.network.sheet import Sheet, sheet_of
from models.network.values import Network
from models.network.write import settings_toml
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord


@dataclass(frozen=True, kw_only=True)
class Difference:
    """All of it. `network` is the network as it would be; None when it could not be put together."""

    sites: Sheaf[SiteRecord]
    vehicles: Sheaf[VehicleRecord]
    drivers: Sheaf[DriverRecord]
    annexes: tuple[Annex[Any], ...]
    settings: tuple[FieldChange, ...]
    ground: tuple[str, ...]
    network: Network | None
    findings: tuple[Finding, ...]
    lines: Mapping[tuple[str, str], int]
    archive_missing: bool

    @property
    def sheaves(self) -> tuple[Sheaf[Any], ...]:
        return (self.sites, self.vehicles, self.drivers)

    @property
    def files(self) -> tuple[FileDifference, ...]:
        """What each file that was given would change."""
        given = [sheaf.told(self.lines) for sheaf in self.sheaves if sheaf.given]
        return (*given, *(annex.told() for annex in self.annexes if annex.given))

    @property
    def storable(self) -> bool:
        return self.network is not None and not any(one.serious for one in self.findings)

    @property
    def nothing(self) -> bool:
        """Whether storing it would change nothing."""
        files = self.files
        told = any(file.created or file.changed for file in files)
        gone = self.archive_missing and any(file.missing for file in files)
        return not (told or gone or self.settings or self.ground)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """The stored network, as imports look at it; `sites`, `vehicles` and `drivers` hold archived ones too.

    `annexes` are what hangs on it, by kind of record, of those that the parcel tells; `stamps` are the
    digests of its files.
    """

    network: Network
    sites: Mapping[str, SiteRecord]
    vehicles: Mapping[str, VehicleRecord]
    drivers: Mapping[str, DriverRecord]
    annexes: Mapping[type[Any], Sequence[Any]]
    ground: Ground
    stamps: Mapping[str, str]


def differ(parcel: Parcel, stored: Stored, *, archive_missing: bool) -> Difference:
    """Compare a parcel with what is stored. Whatever is wrong comes as findings."""
    found = list(parcel.findings)
    book = Book(_opener(parcel, stored), known=_cells(stored))
    sites = sheaf_of(rows.LIBRARIES in parcel.tables, book, SITE, stored.sites)
    vehicles = sheaf_of(rows.VEHICLES in parcel.tables, book, VEHICLE, stored.vehicles)
    drivers = sheaf_of(rows.DRIVERS in parcel.tables, book, DRIVER, stored.drivers)
    annexes = _annexes(parcel, stored, (sites, vehicles, drivers), archive_missing=archive_missing)
    found += [finding for annex in annexes for finding in annex.findings]
    settings = _settings(parcel, stored.network, found)
    ground, told = _ground(parcel, stored, found)
    after = None
    if not any(one.serious for one in (*found, *book.findings)):
        after = replace(
            _after(stored.network, settings),
            sites=tuple(map(site_of, sites.result(archive_missing=archive_missing))),
            vehicles=tuple(map(vehicle_of, vehicles.result(archive_missing=archive_missing))),
            drivers=tuple(map(driver_of, drivers.result(archive_missing=archive_missing))),
            fingerprint="",
        )
        found += _judged(stored, after, ground, book)
    return Difference(
        sites=sites,
        vehicles=vehicles,
        drivers=drivers,
        annexes=annexes,
        settings=cell_changes(_head(stored.network), _head(_after(stored.network, settings))),
        ground=told,
        network=after,
        findings=tuple(dict.fromkeys(_called(parcel, one) for one in (*book.findings, *found))),
        lines=book.lines,
        archive_missing=archive_missing,
    )


def _opener(parcel: Parcel, stored: Stored) -> Any:
    """Opens the tables of a parcel. All columns are needed only where a line tells of something new."""
    known = {rows.LIBRARIES: stored.sites, rows.VEHICLES: stored.vehicles, rows.DRIVERS: stored.drivers}

    def open_sheet(name: str, required: tuple[str, ...], titles: frozenset[str]) -> Sheet:
        table = parcel.tables[name]
        sheet = sheet_of(name, table, ("identifiant",), titles)
        new = [row.cells.get("identifiant", "") for row in sheet.rows]
        absent = [title for title in required if title not in sheet.columns and title != "identifiant"]
        if absent and not set(new) <= known[name].keys():
            return sheet_of(name, table, required, titles)
        return sheet

    return open_sheet


def _cells(stored: Stored) -> dict[str, dict[str, dict[str, str]]]:
    return {
        rows.LIBRARIES: {code: SITE.cells(one) for code, one in stored.sites.items()},
        rows.VEHICLES: {code: VEHICLE.cells(one) for code, one in stored.vehicles.items()},
        rows.DRIVERS: {code: DRIVER.cells(one) for code, one in stored.drivers.items()},
    }


def _annexes(
    parcel: Parcel, stored: Stored, sheaves: tuple[Sheaf[Any], ...], *, archive_missing: bool
) -> tuple[Annex[Any], ...]:
    known: set[Subject] = set()
    for what, sheaf in zip(("site", "vehicle", "driver"), sheaves, strict=True):
        known |= {(what, one.code) for one in sheaf.result(archive_missing=archive_missing)}

    def annex(kind: Any) -> Annex[Any]:
        records = stored.annexes.get(kind.record, ())
        beside = Beside(stored=records, known=known, archive_missing=archive_missing)
        return annex_of(kind, parcel.tables.get(kind.file), beside)

    return tuple(map(annex, ANNEX_KINDS))


def _settings(parcel: Parcel, network: Network, findings: list[Finding]) -> Settings | None:
    """network.toml as read, None where it was not sent, cannot be read, or is another network's."""
    if SETTINGS not in parcel.files:
        return None
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / SETTINGS
        path.write_bytes(parcel.files[SETTINGS])
        found: list[Finding] = []
        settings = read_settings(path, found)
    if not any(one.serious for one in found) and settings.id != network.id:
        found.append(_of_another(settings, network))
    findings += found
    return None if any(one.serious for one in found) else _only_told(parcel.files[SETTINGS], settings)


def _of_another(settings: Settings, network: Network) -> Finding:
    """Why the files of one network are not poured into another: almost everything in it would change."""
    return Finding(
        where=SETTINGS,
        message=f"ces fichiers sont du réseau « {settings.id} » ({settings.name}), alors qu'ici se trouve "
        f"« {network.id} » ({network.name}).",
        remedy="Pour installer cet autre réseau, importez-le dans une base vide. Si c'est bien le même, "
        f'écrivez identifiant = "{network.id}" dans {SETTINGS}, ou importez sans ce fichier.',
    )


def _only_told(content: bytes, settings: Settings) -> Settings:
    """Marks rules that the file leaves out, so that what is stored of them stays."""
    told = tomllib.loads(content.decode("utf-8-sig")).get("regles", {})
    silent = {field for key, (field, _) in RULES.items() if key not in told}
    return replace(settings, silent=frozenset(silent))


def _after(network: Network, settings: Settings | None) -> Network:
    """The network under new settings; its code never changes."""
    if settings is None:
        return network
    kept = {name: getattr(network.rules, name) for name in settings.silent}
    return replace(
        network,
        name=settings.name,
        organisation=settings.organisation,
        coordinator=settings.coordinator,
        rules=replace(settings.rules, **kept),
    )


def _head(network: Network) -> dict[str, str]:
    """What network.toml says, by key."""
    told = tomllib.loads(settings_toml(network))
    flat = {"nom": told["nom"], "organisation": told["organisation"]}
    for name in ("coordination", "regles"):
        flat |= {f"{name}.{key}": str(value) for key, value in told[name].items()}
    return flat


def _ground(parcel: Parcel, stored: Stored, findings: list[Finding]) -> tuple[Ground, tuple[str, ...]]:
    """The communes and roads afterwards, and a sentence for each file that is new."""
    sent = {name: parcel.files[name] for name in (TRAVEL, COMMUNES) if name in parcel.files}
    sent = {name: content for name, content in sent.items() if digest(content) != stored.stamps.get(name)}
    try:
        new = read_ground(sent)
    except (InputError, RoadDataError, MemoryError) as error:
        found = error.findings if isinstance(error, InputError) else ()
        name = next(iter(sent))
        findings += found or (Finding(where=name, message="le fichier est illisible ou abîmé.", remedy=""),)
        return stored.ground, ()
    told = []
    if new.communes is not None:
        told.append(f"{COMMUNES} : {len(new.communes)} communes.")
    if new.roads is not None:
        told.append(f"{TRAVEL} : temps de route entre {len(new.roads[0].ids)} lieux.")
    ground = Ground(communes=new.communes or stored.ground.communes, roads=new.roads or stored.ground.roads)
    return ground, tuple(told)


def _judged(stored: Stored, after: Network, ground: Ground, book: Book) -> list[Finding]:
    """What can be said of the network afterwards. Faults that it had before, of things that no line tells of,
    are told but do not forbid."""
    communes = ground.communes or ()
    broken = [replace(one, line=book.lines.get((one.where, one.key))) for one in references(after)]
    if broken:
        return broken
    found = check_network(after, communes, lines=book.lines, declared=_declared(stored, book))
    serious = [one for one in found if one.serious]
    if not serious:
        return list(found)
    known = {(one.where, one.key, one.message) for one in all_findings(stored.network, communes)}
    return [
        replace(one, serious=False)
        if one.serious and one.line is None and (one.where, one.key, one.message) in known
        else one
        for one in found
    ]


def _declared(stored: Stored, book: Book) -> dict[str, int]:
    told = {code: one.declared_minutes for code, one in stored.sites.items()}
    return {code: minutes for code, minutes in {**told, **book.declared}.items() if minutes is not None}


def _called(parcel: Parcel, finding: Finding) -> Finding:
    """A finding about a file under the name that it was sent with."""
    return replace(finding, where=parcel.called.get(finding.where, finding.where))
