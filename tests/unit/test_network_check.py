"""Each wrong thing seeded in a copy of the real folder gives its finding, on its line, and no other."""

from collections.abc import Callable
from pathlib import Path

import pytest
from shapely import get_coordinates

from models.communes import read_communes
from models.errors import InputError
from models.holidays import public_holidays
from models.network.check import ORDINARY_WEEK, check_folder, check_network
from models.network.checks.places import metres_between
from models.network.checks.visits import days_apart
from models.network.read import default_folder, read_network
from models.values import Coordinates
from tests.network_folder import copy_folder, copy_row, drop_rows, edit, news, on_lines, replace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_folder(tmp_path / "réseau")


def test_the_real_folder_has_only_summaries() -> None:
    findings = check_folder(default_folder())
    assert not any(finding.serious for finding in findings)
    assert on_lines(list(findings)) == []
    text = "\n".join(str(finding) for finding in findings)
    assert "site 10, position 14, horaires 47" in text
    assert "téléphones connus : 0 sur 45" in text
    assert "communes sans bibliothèque, 6 : Hardifort, Ochtezeele, Pradelles, Sercus" in text
    assert "le téléphone de la coordination est à compléter" in text


def test_the_ordinary_week_holds_no_holiday() -> None:
    assert public_holidays(ORDINARY_WEEK) == {}


SERIOUS, WARNING = True, False
SEEDED = [
    # hours and days
    ("staple", {"horaires": "Sa 10:00-11:00"}, SERIOUS, "n'ouvre jamais pendant les heures"),
    # Wednesday's spans end at 17:00, and begin at 8:15: ten minutes of margin close this one at 8:10
    ("thiennes", {"horaires": "We 17:00-19:00"}, SERIOUS, "n'ouvre jamais"),
    ("thiennes", {"horaires": "We 06:20-08:20"}, SERIOUS, "n'ouvre jamais"),
    ("arneke", {"horaires_navette": "", "horaires": "", "heures_hebdo": ""}, SERIOUS, "n'a pas d'horaires"),
    (
        "bavinchove",
        {"passages_par_semaine": "2"},
        WARNING,
        "veut 2 passages par semaine, mais n'est accessible que : mercredi.",
    ),
    (
        "oxelaere",  # its town hall: Tuesday and Thursday
        {"passages_par_semaine": "2", "ecart_min_jours": "3"},
        WARNING,
        "veut 2 passages par semaine, espacés de 3 jours, mais n'est accessible que : mardi, jeudi.",
    ),
    ("cassel", {"passages_par_semaine": "0"}, WARNING, "n'a aucun passage par semaine"),
    # crates
    ("cassel", {"bacs_pris": "41"}, SERIOUS, "41 bacs par passage, le plus grand véhicule en porte 40"),
    # access
    ("cassel", {"horaires_navette": ""}, WARNING, "a l'accès « équipe » sans « horaires_navette »"),
    ("cassel", {"acces": "ouverture"}, WARNING, "des heures de navette hors de son ouverture"),
    ("cassel", {"heures_hebdo": "14,5"}, WARNING, "ouvre 15 h par semaine selon « horaires », 14 h 30 selon"),
    # places
    ("cassel", {"insee": "99999"}, WARNING, "porte le code INSEE 99999, absent de communes.geojson"),
    ("cassel", {"commune": "Castel"}, WARNING, "« Castel », mais le code INSEE 59135 est celui de Cassel"),
    ("cassel", {"code_postal": "59671"}, WARNING, "a le code postal 59671, celui de Cassel est 59670"),
    ("cassel", {"lon": "2.4859", "lat": "50.8207"}, WARNING, "hors de Cassel, dans Hardifort"),
    ("cassel", {"lon": "2.84", "lat": "50.70"}, SERIOUS, "km hors de Cassel, dans Nieppe"),
    ("cassel", {"lon": "2.35", "lat": "48.85"}, SERIOUS, "hors de Cassel, et dans aucune commune du réseau"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "cells", "serious", "message"), SEEDED, ids=[f"{s[0]} {s[1]}" for s in SEEDED]
)
def test_a_seeded_fault_gives_its_finding(
    folder: Path, key: str, cells: dict[str, str], serious: bool, message: str
) -> None:
    line = edit(folder, "libraries.csv", key, **cells)
    (finding,) = on_lines(news(folder))
    assert (finding.where, finding.line, finding.serious) == ("libraries.csv", line, serious)
    assert message in finding.message
    assert finding.remedy


def test_the_distance_outside_is_told(folder: Path) -> None:
    # The library of Méteren said to be in Merris: its point is 1.7 km beyond the boundary or so.
    edit(folder, "libraries.csv", "meteren", insee="59399", commune="Merris")
    (finding,) = on_lines(news(folder))
    assert finding.message.endswith("hors de Merris, dans Méteren.")
    merris = next(c for c in read_communes(folder / "communes.geojson") if c.name == "Merris")
    point = read_network(folder).site("meteren").point
    nearest = min(
        metres_between(point, Coordinates(lon=x, lat=y)) for x, y in get_coordinates(merris.polygon)
    )
    told = finding.message.split(" est à ")[1].split(" hors")[0]
    metres = float(told[:-3].replace(",", ".")) * 1000 if told.endswith("km") else float(told[:-2])
    # the nearest point of the outline lies on an edge, a little nearer than its nearest corner
    assert nearest - 250 < metres < nearest + 60


def test_a_town_hall_just_over_a_simplified_boundary_is_forgiven(folder: Path) -> None:
    # Zermezeele's town hall stands 34 m inside Wemaers-Cappel's simplified outline.
    place = {"commune": "Zermezeele", "insee": "59667", "code_postal": "59670"}
    edit(folder, "libraries.csv", "zuytpeene", lon="2.449881", lat="50.822973", **place)
    assert on_lines(news(folder)) == []


def test_the_same_name_in_the_same_commune(folder: Path) -> None:
    first = edit(folder, "libraries.csv", "cassel")
    line = copy_row(folder, "libraries.csv", "cassel", identifiant="cassel-2", nom="MÉDIATHEQUE de Cassel")
    (finding,) = on_lines(news(folder))
    assert (finding.line, finding.serious) == (line, True)
    assert (
        finding.message == f"« MÉDIATHEQUE de Cassel » figure déjà à la ligne {first}, dans la même commune."
    )


def test_two_places_nearly_at_the_same_point(folder: Path) -> None:
    # 0.0001° of latitude is 11 m
    line = copy_row(
        folder, "libraries.csv", "cassel", identifiant="musee", nom="Musée de Flandre", lat="50.798719"
    )
    (finding,) = on_lines(news(folder))
    assert (finding.line, finding.serious) == (line, False)
    assert "est à 11 m de « Médiathèque de Cassel »" in finding.message


def share_one_van(folder: Path) -> None:
    edit(folder, "drivers.csv", "C2", vehicule="V1", horaires="We 09:00-17:00")
    drop_rows(folder, "vehicles.csv", "V2")


FLEET: list[tuple[str, Callable[[Path], object], tuple[str, int], bool, str]] = [
    (
        "vehicle without driver",
        lambda folder: drop_rows(folder, "drivers.csv", "C2"),
        ("vehicles.csv", 3), WARNING, "« Utilitaire léger » n'a pas de chauffeur",
    ),
    (
        "driver who never meets the van",
        lambda folder: edit(folder, "drivers.csv", "C2", horaires="Mo 09:00-12:00"),
        ("drivers.csv", 3), WARNING, "n'a aucune heure commune avec son véhicule « V2 »",
    ),
    (
        "two drivers in one van",
        share_one_van,
        ("drivers.csv", 3), SERIOUS, "conduit « V1 » aux mêmes heures que « Chauffeur 1 »",
    ),
    (
        "break longer than its window",
        lambda folder: edit(folder, "drivers.csv", "C2", pause_min="150"),
        ("drivers.csv", 3), SERIOUS, "doit faire 150 min de pause dans 120 min",
    ),
    (
        "break without a window",
        lambda folder: edit(folder, "drivers.csv", "C2", pause_entre=""),
        ("drivers.csv", 3), SERIOUS, "a 45 min de pause, sans dire entre quelles heures",
    ),
    (
        "window without a break",
        lambda folder: edit(folder, "drivers.csv", "C2", pause_min=""),
        ("drivers.csv", 3), WARNING, "a des heures de pause, sans durée",
    ),
    (
        "break outside every span",
        lambda folder: edit(folder, "drivers.csv", "C2", pause_entre="17:30-18:30"),
        ("drivers.csv", 3), WARNING, "ne tombent dans aucune de ses plages de travail",
    ),
    (
        "depot closed",
        lambda folder: edit(folder, "libraries.csv", "depot", horaires="Mo-Th 08:00-18:00; PH off"),
        ("drivers.csv", 2), WARNING, "travaille à des heures où le dépôt",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "place", "serious", "message"), [f[1:] for f in FLEET], ids=[f[0] for f in FLEET]
)
def test_a_fault_of_the_fleet(
    folder: Path, spoil: Callable[[Path], object], place: tuple[str, int], serious: bool, message: str
) -> None:
    spoil(folder)
    (first,) = on_lines(news(folder))
    assert (first.where, first.line, first.serious) == (*place, serious)
    assert message in first.message


def test_no_round_possible_at_all(folder: Path) -> None:
    for key in ("V1", "V2"):
        edit(folder, "vehicles.csv", key, horaires="Su 09:00-12:00")
    findings = on_lines(news(folder))
    # one finding per driver, not one per library besides
    assert [(one.where, one.line, one.serious) for one in findings if one.serious] == [
        ("drivers.csv", 2, True),
        ("drivers.csv", 3, True),
    ]


def test_several_faults_at_once_in_file_and_line_order(folder: Path) -> None:
    crates = edit(folder, "libraries.csv", "cassel", bacs_deposes="99")
    closed = edit(folder, "libraries.csv", "staple", horaires="Sa 10:00-11:00")
    edit(folder, "drivers.csv", "C2", pause_min="150")
    replace(folder, "network.toml", " (à compléter)", "")
    findings = on_lines(news(folder))
    assert [(one.where, one.line) for one in findings] == [
        ("libraries.csv", crates),
        ("libraries.csv", closed),
        ("drivers.csv", 3),
    ]
    assert not any("coordination" in one.message for one in check_folder(folder))


def test_faults_of_reading_and_of_the_communes_come_together(folder: Path) -> None:
    line = edit(folder, "libraries.csv", "cassel", bacs_deposes="-1")
    (folder / "communes.geojson").unlink()
    assert [(one.where, one.line) for one in check_folder(folder)] == [
        ("libraries.csv", line),
        ("communes.geojson", None),
    ]


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="n'existe pas"):
        check_folder(tmp_path / "absent")


def test_a_network_without_lines_is_checked_too() -> None:
    network = read_network(default_folder())
    communes = read_communes(default_folder() / "communes.geojson")
    assert all(finding.line is None for finding in check_network(network, communes))


@pytest.mark.parametrize(
    ("days", "gap", "apart"),
    [
        ((0, 2), 2, True),
        ((0, 1), 2, False),
        ((0, 6), 2, False),  # Sunday, then Monday again: the week repeats
        ((0, 2, 4), 2, True),
        ((1, 2, 4), 2, False),
        ((3,), 7, True),
    ],
)
def test_days_apart_in_a_week_that_repeats(days: tuple[int, ...], gap: int, apart: bool) -> None:
    assert days_apart(days, gap) is apart
