"""The sheets of a network, read into things, whatever they come from: a folder, an upload."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol, TypeAlias, TypeVar

from models.errors import Finding
from models.network import rows
from models.network.cells import Cells
from models.network.settings import SETTINGS
from models.network.sheet import Sheet
from models.network.values import Driver, Site, SiteKind, Vehicle


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=_Named)
Cellular: TypeAlias = Mapping[str, str]
OpenSheet: TypeAlias = Callable[[str, tuple[str, ...], frozenset[str]], Sheet]


class Book:
    """Sheets, their things, and the findings that gather while they are read.

    `open_sheet(name, required titles, known titles)` opens one. `known` are cells by file and id that stand
    where a row leaves a column out.
    """

    def __init__(
        self, open_sheet: OpenSheet, known: Mapping[str, Mapping[str, Cellular]] | None = None
    ) -> None:
        self.open_sheet = open_sheet
        self.known = known or {}
        self.findings: list[Finding] = []
        self.lines: dict[tuple[str, str], int] = {}
        self.declared: dict[str, int] = {}
        self.facts: dict[str, Mapping[str, str]] = {}
        self.sheets: dict[str, Sheet] = {}

    def things(self, name: str, build: Callable[[Cells], Thing]) -> tuple[Thing, ...]:
        """The things of a sheet, one per row, in file order."""
        required, optional = (titles.split() for titles in rows.COLUMNS[name])
        sheet = self.open_sheet(name, tuple(required), frozenset(required + optional))
        self.sheets[name] = sheet
        self.findings += sheet.findings
        things = []
        known = self.known.get(name, {})
        for row in sheet.rows:
            stored = known.get(row.cells.get("identifiant", ""), {})
            cells = Cells(name, replace(row, cells={**stored, **row.cells}), self.findings)
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
            self.facts[key] = {fact: text for fact in rows.FACTS if (text := cells.text(fact))}

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
