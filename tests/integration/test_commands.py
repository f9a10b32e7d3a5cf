"""Commands that keep the house: backup, restore, import, doctor. In this process, on SQLite."""

import os
from pathlib import Path

import pytest

from api.cli import main
from api.db import Database
from api.repositories import workers
from api.schema import upgrade
from models.network.read import default_folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with the default network."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NAVETTE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("NAVETTE_PUBLIC_URL", "https://navette.test")
    assert main(["import", str(default_folder())]) == 0
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


def test_a_backup_is_restored_elsewhere(
    home: Path, said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["backup", "all.zip"]) == 0
    assert "secret.key" in said.readouterr().out
    assert main(["restore", "all.zip"]) == 2
    assert "n'est pas vide" in said.readouterr().err
    monkeypatch.setenv("NAVETTE_DATA", str(home / "other"))
    assert main(["restore", "all.zip"]) == 0
    assert "restaurées et vérifiées" in said.readouterr().out
    assert main(["import", str(default_folder())]) == 0
    assert "déjà ainsi" in said.readouterr().out


def test_a_folder_that_is_no_network_says_everything(home: Path, said: pytest.CaptureFixture[str]) -> None:
    (home / "empty").mkdir()
    assert main(["import", "empty"]) == 2
    assert "libraries.csv" in said.readouterr().err


def test_what_is_kept_beside_the_facts_is_made_anew(home: Path, said: pytest.CaptureFixture[str]) -> None:
    assert main(["refaire"]) == 0
    assert "0 passages et 0 bacs" in said.readouterr().out


def _doctor(said: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["doctor"])
    return code, said.readouterr().out


def test_a_sound_installation_is_told_so(home: Path, said: pytest.CaptureFixture[str]) -> None:
    database = Database(f"sqlite:///{home}/var/navette.db")
    with database.write() as session:
        workers.beat(session, "somebody")
    database.close()
    code, told = _doctor(said)
    assert (code, "✗" in told, "Tout va bien." in told) == (0, False, True)
    for about in ("place", "base", "schéma", "réseau", "routes", "horloge", "adresse", "1 processus"):
        assert about in told


def test_what_is_amiss_has_its_remedy(
    home: Path, said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = home / "var" / "secret.key"
    secret.write_text("0" * 64)
    secret.chmod(0o644)
    monkeypatch.setenv("NAVETTE_PUBLIC_URL", "http://navette.test")
    code, told = _doctor(said)
    assert (code, f"chmod 600 {secret}" in told, "https" in told) == (2, True, True)
    assert "2 point(s) à corriger" in told


def test_nothing_is_made_by_looking(
    tmp_path: Path, said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NAVETTE_DATA", str(tmp_path / "var"))
    assert _doctor(said)[0] == 0
    assert os.listdir(tmp_path) == []  # noqa: PTH208
    database = Database(f"sqlite:///{tmp_path}/var/navette.db")
    upgrade(database)
    database.close()
    code, told = _doctor(said)
    assert (code, "navette migrate" in told) == (2, True)  # without the tables of the jobs


def test_a_database_that_is_away_is_said_without_its_password(
    tmp_path: Path, said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NAVETTE_DATABASE", "postgresql://u:hidden@127.0.0.1:9/none")
    code, told = _doctor(said)
    assert (code, "NAVETTE_DATABASE" in told, "hidden" in told) == (2, True, False)
