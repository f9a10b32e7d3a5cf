"""`navette import` on a database that has a network: the difference first, then just that."""

from pathlib import Path

import pytest

from api.cli import main
from api.db import Database
from api.services.network_records import network_of
from models.network.values import Network
from tests.network_folder import copy_folder, drop_rows, edit


@pytest.fixture
def folder(filled_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the network's folder, beside an installation that has that network."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NAVETTE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("NAVETTE_DATABASE", "")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "navette.db").write_bytes(filled_file.read_bytes())
    assert main(["migrate"]) == 0
    return copy_folder(tmp_path / "réseau")


def _network() -> Network:
    database = Database("sqlite:///var/navette.db")
    with database.read() as session:
        found = network_of(session)
    database.close()
    return found


def test_a_look_tells_and_stores_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _network()
    edit(folder, "libraries.csv", "cassel", telephone="0328000000")
    drop_rows(folder, "libraries.csv", "staple")
    assert main(["import", str(folder), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "telephone « » → « 03 28 00 00 00 »" in told.replace("«  »", "« »")
    assert "1 absent du fichier (gardé)" in told.replace("\u00a0", " ")
    assert "À blanc : rien n'a été enregistré." in told
    assert _network() == before


def test_what_was_told_is_stored(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder, "libraries.csv", "cassel", telephone="0328000000")
    drop_rows(folder, "libraries.csv", "staple")
    (folder / "closures.csv").write_text("lieu,du,au\ncassel,24/12/2026,31/12/2026\n")
    assert main(["import", str(folder), "--archive-missing"]) == 0
    assert "Enregistré." in capsys.readouterr().out
    network = _network()
    assert network.site("cassel").phone == "03 28 00 00 00"
    assert len(network.site("cassel").closures) == 1
    assert "staple" not in {site.id for site in network.sites}
    assert main(["import", str(folder / "libraries.csv")]) == 0
    assert "Rien à enregistrer" in capsys.readouterr().out


def test_errors_are_told_with_their_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _network()
    line = edit(folder, "libraries.csv", "cassel", horaires="jamais")
    assert main(["import", str(folder)]) == 2
    told = capsys.readouterr().out
    assert f"Erreur · libraries.csv, ligne {line}" in told
    assert "corrigez d'abord" in told
    assert _network() == before


def test_a_place_without_a_network_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "vide").mkdir()
    assert main(["import", "vide"]) == 2
    assert main(["import", "nulle-part.csv"]) == 2
    told = capsys.readouterr().err
    assert "aucun des fichiers d'un réseau" in told
    assert "ne peut pas être lu" in told


def test_another_network_is_not_poured_into_this_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _network()
    settings = folder / "network.toml"
    settings.write_text(settings.read_text().replace('"escapade"', '"ailleurs"'))
    assert main(["import", str(folder)]) == 2
    told = " ".join(capsys.readouterr().out.split())
    assert "du réseau « ailleurs »" in told
    assert 'identifiant = "escapade"' in told
    assert _network() == before
