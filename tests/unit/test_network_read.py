"""Reading a network folder: what spreadsheets write is understood, what is wrong is told with its line."""

import csv
import re
from pathlib import Path

import pytest

from models.communes import read_communes
from models.errors import InputError
from models.network.read import default_folder, read_folder, read_network
from models.network.values import Access, Rules, SiteKind
from models.values import Coordinates, TimeWindow
from tests.network_folder import copy_folder, copy_row, drop_rows, edit, reading_faults, replace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_folder(tmp_path / "réseau")


def test_the_network_that_comes_with_navette() -> None:
    network = read_network(default_folder())
    kinds = [site.kind for site in network.sites]
    assert [kinds.count(kind) for kind in (SiteKind.LIBRARY, SiteKind.DEPOT, SiteKind.PARTNER)] == [45, 1, 1]
    assert sum(site.stand_in for site in network.sites) == 10
    assert network.name == "L'Escapade"
    assert "à compléter" in network.coordinator.phone
    assert network.rules == Rules()  # network.toml spells out the same habits as the defaults


def test_one_site_cell_by_cell() -> None:
    cassel = read_network(default_folder()).site("cassel")
    assert cassel.name == "Médiathèque de Cassel"
    assert (cassel.commune, cassel.insee, cassel.postcode) == ("Cassel", "59135", "59670")
    assert cassel.address == "72 D rue Foch"
    assert cassel.point == Coordinates(lon=2.489167, lat=50.798619)
    assert cassel.access is Access.STAFF
    assert cassel.visits_per_week == 3  # 15 h a week
    assert cassel.assumed == {"horaires", "accès", "fréquence", "bacs"}
    assert not cassel.stand_in


def test_vehicles_and_drivers() -> None:
    network = read_network(default_folder())
    van, driver = network.vehicle("V1"), network.driver("C2")
    assert (van.capacity, van.depot, van.km_cents, van.run_cents, van.assumed) == (
        40,
        "depot",
        45,
        1200,
        True,
    )
    assert (driver.vehicle, driver.hour_cents, driver.break_s) == ("V2", 2400, 45 * 60)
    assert driver.break_window == TimeWindow(11 * 3600 + 45 * 60, 13 * 3600 + 45 * 60)


def test_the_ten_stand_ins_are_in_the_most_populous_communes_without_a_real_library() -> None:
    network = read_network(default_folder())
    real = {site.insee for site in network.libraries if not site.stand_in}
    without = [c for c in read_communes(default_folder() / "communes.geojson") if c.insee not in real]
    ten = sorted(without, key=lambda commune: -commune.population)[:10]
    assert {site.insee for site in network.libraries if site.stand_in} == {commune.insee for commune in ten}


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", "\t"), ("utf-8-sig", ",")],
)
def test_what_spreadsheets_save_reads_the_same(folder: Path, encoding: str, separator: str) -> None:
    for name in ("libraries.csv", "vehicles.csv", "drivers.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        if separator == ";":  # a French spreadsheet also writes decimal commas
            rows = [[re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell) for cell in row] for row in rows]
        with (folder / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(rows)
    assert read_network(folder) == read_network(default_folder())


def test_an_unusual_form_is_told(folder: Path) -> None:
    text = (folder / "libraries.csv").read_text(encoding="utf-8")
    (folder / "libraries.csv").write_bytes(text.encode("cp1252"))
    (told,) = read_folder(folder).findings
    assert (told.where, told.line, told.serious) == ("libraries.csv", None, False)
    assert "Windows-1252, virgules" in told.message


def test_titles_are_forgiven_and_blank_lines_and_columns_ignored(folder: Path) -> None:
    text = (folder / "drivers.csv").read_text(encoding="utf-8")
    text = text.replace("vehicule", "Véhicule", 1).replace("pause_min", "Pause min", 1)
    lines = [line + ",," for line in text.splitlines()]
    (folder / "drivers.csv").write_text(
        "\n".join([lines[0], ",,,,,,,,,,", *lines[1:], "", ""]), encoding="utf-8"
    )
    assert read_network(folder).drivers == read_network(default_folder()).drivers


def test_a_quoted_line_break_does_not_shift_line_numbers(folder: Path) -> None:
    text = (folder / "drivers.csv").read_text(encoding="utf-8")
    text = text.replace("Chauffeur 1", '"Chauffeur\n1"').replace(",V2,", ",V9,")
    (folder / "drivers.csv").write_text(text, encoding="utf-8")
    (fault,) = reading_faults(folder)
    assert (fault.where, fault.line) == ("drivers.csv", 4)  # C1 takes lines 2 and 3
    assert "« V9 » est inconnu" in fault.message


SPOILT = [
    ("libraries.csv", "cassel", {"type": "musée"}, "« type » vaut « musée »"),
    ("libraries.csv", "cassel", {"acces": "fenêtre"}, "« acces » vaut « fenêtre »"),
    ("libraries.csv", "cassel", {"bacs_deposes": "-2"}, "« bacs_deposes » vaut -2"),
    (
        "libraries.csv",
        "cassel",
        {"bacs_pris": "deux"},
        "« bacs_pris » devrait être un nombre entier, pas « deux »",
    ),
    ("libraries.csv", "cassel", {"passages_par_semaine": "8"}, "« passages_par_semaine » vaut 8"),
    ("libraries.csv", "cassel", {"ecart_min_jours": "0"}, "« ecart_min_jours » vaut 0"),
    ("libraries.csv", "cassel", {"lon": "2.4.8"}, "« lon » devrait être un nombre, pas « 2.4.8 »"),
    ("libraries.csv", "cassel", {"lat": ""}, "la cellule « lat » est vide"),
    ("libraries.csv", "cassel", {"lon": "50.798619", "lat": "2.489167"}, "sont inversées"),
    ("libraries.csv", "cassel", {"lat": "150"}, "« lat » vaut 150"),
    ("libraries.csv", "cassel", {"insee": "591"}, "« insee » vaut « 591 »"),
    ("libraries.csv", "cassel", {"nom": ""}, "la cellule « nom » est vide"),
    ("libraries.csv", "cassel", {"identifiant": "cas sel"}, "l'identifiant « cas sel » ne convient pas"),
    ("libraries.csv", "cassel", {"horaires": "mercredi 14h-17h"}, "les horaires « mercredi 14h-17h »"),
    ("libraries.csv", "cassel", {"horaires_navette": "Mo-Fr 25:00"}, "de la colonne « horaires_navette »"),
    ("libraries.csv", "cassel", {"suppose": "horaires adresse"}, "« suppose » contient « adresse »"),
    ("libraries.csv", "cassel", {"heures_hebdo": "quinze"}, "« heures_hebdo » devrait être un nombre"),
    ("vehicles.csv", "V1", {"depot": "garage"}, "le dépôt « garage » est inconnu"),
    ("vehicles.csv", "V1", {"depot": "cassel"}, "le dépôt « cassel » est inconnu"),
    ("vehicles.csv", "V1", {"capacite_bacs": "0"}, "« capacite_bacs » vaut 0"),
    ("vehicles.csv", "V1", {"capacite_bacs": "12,5"}, "devrait être un nombre entier, pas « 12,5 »"),
    ("vehicles.csv", "V1", {"cout_km_eur": "-1"}, "« cout_km_eur » vaut -1"),
    ("vehicles.csv", "V1", {"vitesse_pct": "5"}, "« vitesse_pct » vaut 5"),
    ("vehicles.csv", "V1", {"suppose": "peut-être"}, "« suppose » vaut « peut-être »"),
    ("vehicles.csv", "V1", {"horaires": "toujours"}, "les horaires « toujours »"),
    ("drivers.csv", "C2", {"vehicule": "V7"}, "le véhicule « V7 » est inconnu"),
    ("drivers.csv", "C2", {"pause_entre": "midi"}, "« pause_entre » vaut « midi »"),
    ("drivers.csv", "C2", {"pause_entre": "14:00-12:00"}, "« pause_entre » vaut « 14:00-12:00 »"),
    ("drivers.csv", "C2", {"pause_min": "inf"}, "« pause_min » devrait être un nombre entier, pas « inf »"),
]


@pytest.mark.parametrize(("name", "key", "cells", "message"), SPOILT, ids=[str(one[2]) for one in SPOILT])
def test_one_fault_gives_one_finding(
    folder: Path, name: str, key: str, cells: dict[str, str], message: str
) -> None:
    line = edit(folder, name, key, **cells)
    (fault,) = reading_faults(folder)
    assert (fault.where, fault.line, fault.serious) == (name, line, True)
    assert message in fault.message
    assert fault.remedy


def test_many_faults_come_at_once_in_file_order(folder: Path) -> None:
    driver = edit(folder, "drivers.csv", "C1", vehicule="V9")
    staple = edit(folder, "libraries.csv", "staple", bacs_pris="-1", horaires="14-15")
    cassel = edit(folder, "libraries.csv", "cassel", type="musée")
    replace(folder, "network.toml", 'nom = "L', 'non = "L')
    places = [(fault.where, fault.line) for fault in reading_faults(folder)]
    assert places == [
        ("libraries.csv", cassel),
        ("libraries.csv", staple),
        ("libraries.csv", staple),
        ("drivers.csv", driver),
        ("network.toml", None),
    ]


def test_the_message_reads_as_a_list(folder: Path) -> None:
    line = edit(folder, "libraries.csv", "staple", bacs_pris="-1")
    with pytest.raises(InputError) as raised:
        read_network(folder)
    first, second = str(raised.value).splitlines()
    assert first == f"Le réseau du dossier « {folder} » ne peut pas être lu."
    assert second.startswith(f"  · libraries.csv, ligne {line} : « bacs_pris » vaut -1. Donnez")


def test_an_identifier_taken_twice(folder: Path) -> None:
    line = copy_row(folder, "libraries.csv", "staple", nom="Autre bibliothèque")
    (fault,) = reading_faults(folder)
    assert (fault.where, fault.line) == ("libraries.csv", line)
    assert "« staple » est déjà pris" in fault.message


@pytest.mark.parametrize("name", ["libraries.csv", "vehicles.csv", "drivers.csv", "network.toml"])
def test_a_missing_file_is_one_finding(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (fault,) = reading_faults(folder)
    assert (fault.where, fault.line) == (name, None)
    assert "manque" in fault.message
    assert str(folder) in fault.remedy


@pytest.mark.parametrize("name", ["libraries.csv", "vehicles.csv", "drivers.csv"])
def test_an_empty_file_and_a_file_of_titles(folder: Path, name: str) -> None:
    drop_rows(folder, name)
    (fault,) = reading_faults(folder)
    assert (fault.where, fault.line) == (name, 1)
    assert "aucune ligne" in fault.message
    (folder / name).write_text("\n\n", encoding="utf-8")
    (fault,) = reading_faults(folder)
    assert (fault.where, fault.message) == (name, "le fichier est vide.")


def test_missing_columns_are_named_together(folder: Path) -> None:
    text = (folder / "libraries.csv").read_text(encoding="utf-8")
    header, rest = text.split("\n", 1)
    header = header.replace("bacs_pris", "bacs").replace(",horaires,", ",heures,")
    (folder / "libraries.csv").write_text(f"{header}\n{rest}", encoding="utf-8")
    faults = reading_faults(folder)
    assert [(fault.line, fault.serious) for fault in faults] == [(1, True), (1, False)]
    assert "les colonnes « horaires », « bacs_pris »" in faults[0].message
    assert "« heures », « bacs »" in faults[1].message


def test_a_row_with_a_comma_too_many(folder: Path) -> None:
    replace(folder, "vehicles.csv", "Fourgon", "Fourgon, le grand")
    (fault,) = reading_faults(folder)
    assert (fault.where, fault.line, fault.message) == ("vehicles.csv", 2, "10 cellules au lieu de 9.")


def test_an_open_quote(folder: Path) -> None:
    replace(folder, "vehicles.csv", "Fourgon", '"Fourgon')
    (fault,) = reading_faults(folder)
    assert fault.where == "vehicles.csv"
    assert "guillemet" in fault.message


def test_spreadsheet_habits_are_mended(folder: Path) -> None:
    edit(folder, "libraries.csv", "cassel", telephone="328000000", type=" Bibliotheque ", acces="Equipe")
    edit(folder, "drivers.csv", "C2", pause_entre="11h45–13h45")
    network = read_network(folder)
    assert network.site("cassel").phone == "03 28 00 00 00"
    assert network.site("cassel").access is Access.STAFF
    assert network.drivers == read_network(default_folder()).drivers


def test_a_leading_zero_lost_by_a_spreadsheet(folder: Path) -> None:
    edit(folder, "libraries.csv", "cassel", insee="1004", code_postal="1500")
    assert (read_network(folder).site("cassel").insee, read_network(folder).site("cassel").postcode) == (
        "01004",
        "01500",
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('identifiant = "escapade"', "identifiant = escapade", 3, "« clé = valeur »"),
        ("installation_s", "installations_s", 13, "« installations_s » est inconnue"),
        ("passage_manque_eur = 300", "passage_manque_eur = -300", 20, "« passage_manque_eur » vaut -300"),
        ("annonce_arrondi_min = 5", "annonce_arrondi_min = 0", 18, "« annonce_arrondi_min » vaut 0"),
        ("habitude_eur = 2", 'habitude_eur = "2"', 21, "« habitude_eur » vaut '2'"),
        ('telephone = "03', 'tel = "03', 7, "« telephone » dans [coordination]"),
    ],
)
def test_faults_of_the_settings(folder: Path, old: str, new: str, line: int, message: str) -> None:
    replace(folder, "network.toml", old, new)
    (fault,) = reading_faults(folder)
    assert (fault.where, fault.line) == ("network.toml", line)
    assert message in fault.message


def test_rules_in_the_coordinators_units(folder: Path) -> None:
    replace(folder, "network.toml", "marge_fermeture_min = 10", "marge_fermeture_min = 2.5")
    replace(folder, "network.toml", "passage_manque_eur = 300", "passage_manque_eur = 99.5")
    rules = read_network(folder).rules
    assert (rules.closing_margin_s, rules.missed_visit_cents) == (150, 9950)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="n'existe pas"):
        read_network(tmp_path / "absent")


def test_the_fingerprint_follows_what_matters(folder: Path) -> None:
    before = read_network(default_folder()).fingerprint
    edit(folder, "libraries.csv", "cassel", livres="1", source="ailleurs")
    assert read_network(folder).fingerprint == before  # facts that no plan uses
    edit(folder, "libraries.csv", "cassel", bacs_pris="4")
    assert read_network(folder).fingerprint != before


def test_lines_are_where_an_editor_shows_them() -> None:
    reading = read_folder(default_folder())
    text = (default_folder() / "libraries.csv").read_text(encoding="utf-8").splitlines()
    for site in reading.network.sites:
        assert text[reading.lines["libraries.csv", site.id] - 1].startswith(f"{site.id},")
    assert reading.declared["staple"] == 60
