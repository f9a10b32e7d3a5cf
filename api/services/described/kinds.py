"""Sites, vehicles and drivers alike: their records, their fields on the wire, their cells in files.

Whatever comes over the wire is put into cells and read by the very rules that read files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from api.services.network_records import (
    driver_of,
    driver_record,
    site_of,
    site_record,
    vehicle_of,
    vehicle_record,
)
from models.errors import Finding
from models.network import rows
from models.network.cells import Cells
from models.network.sheet import Row
from models.network.values import Driver, Network, Site, Vehicle
from models.network.write import driver_cells, euros_cell, site_cells, vehicle_cells, yes_cell
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord

R = TypeVar("R", SiteRecord, VehicleRecord, DriverRecord)

_KEPT = frozenset({"id", "version", "position", "archived_at", "code", "facts"})


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[R]):
    """One of the three. `fields` are its names on the wire → the titles of its file; `put` gives a network
    with the described thing in place of the one of that id, or after the others."""

    record: type[R]
    file: str
    this: str
    fields: Mapping[str, str]
    cells: Callable[[R], dict[str, str]]
    fresh: Callable[[Cells], R]
    put: Callable[[Network, R], Network]

    def read(self, cells: Mapping[str, str]) -> tuple[R, list[Finding]]:
        """Cells as a new record, and everything that is wrong with them, named as on the wire."""
        findings: list[Finding] = []
        names = {title: name for name, title in self.fields.items()}
        return self.fresh(_Named(names, cells, findings)), findings

    def given(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """Values from the wire as cells."""
        return {self.fields[name]: _cell(self.fields[name], value) for name, value in fields.items()}

    def copy(self, source: R, target: R) -> None:
        """Make a stored record say what a new one says; its code, place and history stay."""
        for name in type(source).model_fields:
            if name not in _KEPT and getattr(target, name) != getattr(source, name):
                setattr(target, name, getattr(source, name))


class _Named(Cells):
    """Cells whose findings are named after the field on the wire that was read last."""

    def __init__(self, names: Mapping[str, str], cells: Mapping[str, str], findings: list[Finding]) -> None:
        super().__init__("", Row(line=0, cells=cells), findings)
        self._names = names
        self._last = ""

    def text(self, column: str) -> str:
        self._last = column
        return super().text(column)

    def complain(self, message: str, remedy: str, *, serious: bool = True) -> None:
        where = self._names.get(self._last, self._last)
        self.findings.append(Finding(where=where, message=message, remedy=remedy, serious=serious))


def _cell(title: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return yes_cell(value)
        case list() | tuple() | set() | frozenset():
            return " ".join(str(one) for one in value)
        case int() if title.endswith("_eur"):
            return euros_cell(value)
        case int() if title == "heures_hebdo":
            return f"{value / 60:g}"
        case _:
            return str(value)


def _site(cells: Cells) -> SiteRecord:
    record = site_record(rows.site(cells), 0)
    record.declared_minutes = rows.declared_minutes(cells)
    record.facts = {fact: text for fact in rows.FACTS if (text := cells.text(fact))}
    return record


SITE = Kind[SiteRecord](
    record=SiteRecord,
    file=rows.LIBRARIES,
    this="Ce lieu",
    fields={
        "code": "identifiant",
        "name": "nom",
        "kind": "type",
        "commune": "commune",
        "insee": "insee",
        "address": "adresse",
        "postcode": "code_postal",
        "lon": "lon",
        "lat": "lat",
        "opening": "horaires",
        "shuttle_hours": "horaires_navette",
        "access": "acces",
        "access_note": "note_acces",
        "phone": "telephone",
        "visits_per_week": "passages_par_semaine",
        "min_gap_days": "ecart_min_jours",
        "deliver": "bacs_deposes",
        "collect": "bacs_pris",
        "weekly_documents": "documents_par_semaine",
        "declared_minutes": "heures_hebdo",
        "assumed": "suppose",
    },
    cells=lambda record: site_cells(site_of(record), record.declared_minutes, record.facts),
    fresh=_site,
    put=lambda network, record: replace(network, sites=_put(network.sites, site_of(record))),
)
VEHICLE = Kind[VehicleRecord](
    record=VehicleRecord,
    file=rows.VEHICLES,
    this="Ce véhicule",
    fields={
        "code": "identifiant",
        "name": "nom",
        "depot": "depot",
        "capacity": "capacite_bacs",
        "hours": "horaires",
        "speed_percent": "vitesse_pct",
        "run_cents": "cout_tournee_eur",
        "km_cents": "cout_km_eur",
        "assumed": "suppose",
    },
    cells=lambda record: vehicle_cells(vehicle_of(record)),
    fresh=lambda cells: vehicle_record(rows.vehicle(cells), 0),
    put=lambda network, record: replace(network, vehicles=_put(network.vehicles, vehicle_of(record))),
)
DRIVER = Kind[DriverRecord](
    record=DriverRecord,
    file=rows.DRIVERS,
    this="Ce chauffeur",
    fields={
        "code": "identifiant",
        "name": "nom",
        "vehicle": "vehicule",
        "hours": "horaires",
        "phone": "telephone",
        "hour_cents": "cout_heure_eur",
        "break_minutes": "pause_min",
        "break_between": "pause_entre",
        "assumed": "suppose",
    },
    cells=lambda record: driver_cells(driver_of(record)),
    fresh=lambda cells: driver_record(rows.driver(cells), 0),
    put=lambda network, record: replace(network, drivers=_put(network.drivers, driver_of(record))),
)

_T = TypeVar("_T", Site, Vehicle, Driver)


def _put(things: tuple[_T, ...], thing: _T) -> tuple[_T, ...]:
    known = any(one.id == thing.id for one in things)
    return tuple(thing if one.id == thing.id else one for one in things) + (() if known else (thing,))
