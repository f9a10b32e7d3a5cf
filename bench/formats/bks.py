"""The best value known for an instance, from `BKS.csv` beside its file."""

import csv
from dataclasses import dataclass
from pathlib import Path

DISTANCE = "distance"
VEHICLES_FIRST = "vehicles first"


@dataclass(frozen=True, slots=True)
class Reference:
    """A best known cost and what was minimised to find it: distance, or vehicles before distance."""

    cost: float
    objective: str
    note: str


def read_reference(path: Path) -> Reference | None:
    """None where no list has the instance. A value for the distance alone comes first."""
    table = path.with_name("BKS.csv")
    if not table.is_file():
        return None
    with table.open(encoding="utf-8", newline="") as file:
        rows = {row["instance"]: row for row in csv.DictReader(file)}
    if f"{path.stem}_distance" in rows:
        return _reference(rows[f"{path.stem}_distance"], DISTANCE)
    row = rows.get(path.stem)
    if row is None:
        return None
    vehicles_first = "vehicles-first" in row["convention"] or "vehicles first" in row["convention"]
    return _reference(row, VEHICLES_FIRST if vehicles_first else DISTANCE)


def _reference(row: dict[str, str], objective: str) -> Reference:
    return Reference(float(row["bks"]), objective, row["note"])
