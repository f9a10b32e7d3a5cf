"""Assumed values: the stated rules, the exact real totals, the committed sheet again from its facts."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from models.network.assume.__main__ import filled_sheet, main
from models.network.assume.access import Facts, door
from models.network.assume.clock import WEDNESDAY, opening_hours, union
from models.network.assume.fill import TOLD_BY
from models.network.assume.hours import opening_week
from models.network.assume.volumes import volumes
from models.network.check import ORDINARY_WEEK
from models.network.read import default_folder, read_folder, read_network
from models.network.values import Access
from tests.network_folder import copy_folder, edit, write


def forget(folder: Path) -> None:
    """Empty every assumed cell of the libraries, and the marks of what was assumed there."""
    path = folder / "libraries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["type"] == "bibliothèque":
            row.update({column: "" for columns in TOLD_BY.values() for column in columns})
            row["suppose"] = " ".join(word for word in row["suppose"].split() if word not in TOLD_BY)
    write(path, rows)


def test_the_committed_sheet_follows_from_its_facts(tmp_path: Path) -> None:
    folder = copy_folder(tmp_path)
    forget(folder)
    assert (folder / "libraries.csv").read_text(encoding="utf-8").count("We ") == 0
    assert main(folder) == 0
    committed = (default_folder() / "libraries.csv").read_text(encoding="utf-8")
    assert (folder / "libraries.csv").read_text(encoding="utf-8") == committed


def test_filled_cells_are_never_touched(tmp_path: Path) -> None:
    folder = copy_folder(tmp_path)
    edit(folder, "libraries.csv", "cassel", horaires="Mo 09:00-10:00", suppose="accès", bacs_deposes="")
    assert main(folder) == 0
    cassel = read_network(folder).site("cassel")
    assert cassel.opening == "Mo 09:00-10:00"
    assert cassel.deliver == 2  # told again, and marked
    assert cassel.assumed == {"accès", "bacs"}


def test_hours_add_up_to_the_real_weekly_total() -> None:
    reading = read_folder(default_folder())
    assert len(reading.declared) == 35
    for key, minutes in reading.declared.items():
        site = reading.network.site(key)
        told = sum(
            window.late - window.early
            for day in ORDINARY_WEEK.days
            for window in site.public_windows(day.date)
        )
        assert told == 60 * minutes, key


def test_villages_differ() -> None:
    afternoons = {
        site.public_windows(ORDINARY_WEEK.days[2].date)[-1].early
        for site in read_network(default_folder()).libraries
    }
    assert len(afternoons) == 4  # 13:30, 14:00, 14:30, 15:00


def test_the_week_is_tight_for_a_third_of_the_villages() -> None:
    network = read_network(default_folder())
    only_open = [site for site in network.libraries if site.access is Access.OPENING]
    assert len(network.libraries) / 4 < len(only_open) < len(network.libraries) / 2
    assert network.site("staple").shuttle_windows(ORDINARY_WEEK.monday + timedelta(days=2)) != ()
    assert network.site("staple").access is Access.OPENING
    assert 65 <= sum(site.visits_per_week for site in network.sites) <= 75


FACTS = Facts(
    key="village", address="rue de l'Église", stand_in=False, minutes=300, inhabitants=900,
    employees=0, volunteers=5, floor_m2=60, stock=3000,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "access"),
    [
        ({}, Access.OPENING),
        ({"minutes": 120, "employees": 1}, Access.OPENING),
        ({"employees": 1}, Access.STAFF),
        ({"stand_in": True}, Access.TOWN_HALL),
        ({"stand_in": True, "inhabitants": 699}, Access.OPENING),
        ({"address": "3 rue de la Mairie"}, Access.TOWN_HALL),
        ({"volunteers": 11}, Access.KEY),
        ({"floor_m2": 150}, Access.BOX),
    ],
)
def test_the_rule_of_access(changes: dict[str, int | str | bool], access: Access) -> None:
    fields = {name: getattr(FACTS, name) for name in Facts.__slots__} | changes
    assert door(Facts(**fields), {WEDNESDAY: ((840, 960),)}).access is access


@pytest.mark.parametrize(
    ("changes", "visits", "documents", "crates"),
    [
        # 3000/100 + 5 h × 5 = 55 documents, 28 each way, 2 crates of 20
        ({}, 1, 55, 2),
        # 30 + 40 = 70, 35 each way over 2 visits: 18, 1 crate
        ({"minutes": 480}, 2, 70, 1),
        # 100 + 25 = 125, 63 over 2 visits: 32, 2 crates
        ({"stock": 10_000}, 2, 125, 2),
        # 30 + 75 = 105, 53 over 3 visits: 18, 1 crate
        ({"minutes": 900}, 3, 105, 1),
        # 400 + 100 = 500, 250 over 4 visits: 63, 4 crates
        ({"minutes": 1200, "stock": 40_000}, 4, 500, 4),
        ({"minutes": 1200, "stock": 40_000, "employees": 10}, 5, 500, 3),
    ],
)
def test_the_rule_of_volumes(changes: dict[str, int], visits: int, documents: int, crates: int) -> None:
    told = volumes(Facts(**({name: getattr(FACTS, name) for name in Facts.__slots__} | changes)))
    assert (told.visits, told.documents, told.crates) == (visits, documents, crates)


def test_weeks_as_opening_hours() -> None:
    week = {0: ((540, 720),), 1: ((540, 720), (840, 1080)), 2: ((540, 720),), 4: ((540, 720), (840, 1080))}
    assert opening_hours(week) == "Mo,We 09:00-12:00; Tu,Fr 09:00-12:00,14:00-18:00; PH off"
    assert opening_hours(dict.fromkeys((0, 1, 2, 4), ((540, 720),))) == "Mo-We,Fr 09:00-12:00; PH off"
    assert union({0: ((540, 600),)}, {0: ((600, 660), (900, 960))}) == {0: ((540, 660), (900, 960))}


def test_a_total_no_library_opens() -> None:
    with pytest.raises(ValueError, match="no usual week"):
        opening_week("hazebrouck", 60 * 100)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"heures_hebdo": "beaucoup", "horaires": ""}, "« heures_hebdo » devrait être un nombre"),
        ({"heures_hebdo": "120", "horaires": ""}, "dépasse une semaine habituelle"),
        ({"insee": "99999"}, "Codes INSEE inconnus"),
    ],
)
def test_facts_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cells: dict[str, str], message: str
) -> None:
    folder = copy_folder(tmp_path)
    edit(folder, "libraries.csv", "cassel", **cells)
    before = (folder / "libraries.csv").read_bytes()
    assert main(folder) == 2
    assert message in capsys.readouterr().err
    assert (folder / "libraries.csv").read_bytes() == before


def test_a_french_spreadsheet_is_filled_too(tmp_path: Path) -> None:
    folder = copy_folder(tmp_path)
    path = folder / "libraries.csv"
    edit(folder, "libraries.csv", "renescure", heures_hebdo="12,5", horaires="")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    text = filled_sheet(path, folder / "communes.geojson")
    committed = (default_folder() / "libraries.csv").read_text(encoding="utf-8")
    assert text == committed.replace(",12.5,", ',"12,5",')
