"""What is written is read again as it was; formulas are defused on the way."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.network.read import default_folder, read_folder, read_network
from models.network.rows import DRIVERS, LIBRARIES, VEHICLES
from models.network.sheet import guarded, unguarded
from models.network.values import Network
from models.network.write import (
    NUMBERS,
    TITLES,
    driver_cells,
    settings_toml,
    sheet_csv,
    site_cells,
    vehicle_cells,
)
from tests.networks import networks


def write_folder(folder: Path, network: Network) -> None:
    """The four files of a network."""
    folder.mkdir(exist_ok=True)
    sheets = {
        LIBRARIES: [site_cells(site) for site in network.sites],
        VEHICLES: [vehicle_cells(vehicle) for vehicle in network.vehicles],
        DRIVERS: [driver_cells(driver) for driver in network.drivers],
    }
    for name, rows in sheets.items():
        (folder / name).write_text(sheet_csv(name, rows), encoding="utf-8")
    (folder / "network.toml").write_text(settings_toml(network), encoding="utf-8")


@given(network=networks())
def test_what_is_written_is_read_again(network: Network, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("réseau")
    write_folder(folder, network)
    again = read_network(folder)
    assert (again.sites, again.vehicles, again.drivers) == (network.sites, network.vehicles, network.drivers)
    assert (again.rules, again.coordinator, again.name) == (network.rules, network.coordinator, network.name)


def test_the_default_network_is_written_cell_by_cell_as_it_is(tmp_path: Path) -> None:
    reading = read_folder(default_folder())
    rows = [site_cells(s, reading.declared.get(s.id), reading.facts[s.id]) for s in reading.network.sites]
    with (default_folder() / LIBRARIES).open(encoding="utf-8", newline="") as file:
        stored = list(csv.DictReader(file))
    written = list(csv.DictReader(io.StringIO(sheet_csv(LIBRARIES, rows))))
    assert list(written[0]) == list(stored[0])
    for ours, theirs in zip(written, stored, strict=True):
        for title, cell in theirs.items():
            same = float(ours[title]) == float(cell) if title in NUMBERS and cell else ours[title] == cell
            assert same, (title, ours[title], cell)


@given(st.text())
def test_a_guard_is_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["=1+1", "+33 3 28", "-2", "@SUM(A1)", "'=x", "''+x"])
def test_what_looks_like_a_formula_gets_one_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "'", "'tis", "L'Escapade", "03 28", "a=b"])
def test_other_texts_stand_as_they_are(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


def test_every_title_is_one_that_reading_knows() -> None:
    from models.network.rows import COLUMNS  # noqa: PLC0415

    for name, (required, optional) in COLUMNS.items():
        assert set(TITLES[name]) == set(required.split()) | set(optional.split())
