"""The command: what is wrong in French, exit code 0 or 2, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.network.__main__ import main
from tests.network_folder import copy_folder, edit


def test_a_sound_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith("Rien n'empêche de planifier (6 remarques).\n")
    assert "À corriger" not in printed


def test_a_spoilt_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy_folder(tmp_path)
    line = edit(folder, "libraries.csv", "staple", horaires="Sa 10:00-11:00")
    assert main(["check", str(folder)]) == 2
    printed = capsys.readouterr().out
    faults = printed.split("À savoir")[0]
    assert f"  · libraries.csv, ligne {line} : « Bibliothèque de Staple » n'ouvre jamais" in faults
    assert faults.count("  · ") == 1
    assert printed.endswith("1 erreur à corriger avant de planifier.\n")


def test_an_absent_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("check", "show"):
        assert main([command, str(tmp_path / "absent")]) == 2
        assert "n'existe pas" in capsys.readouterr().err


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show"]) == 0
    first, *_, last = capsys.readouterr().out.splitlines()
    assert "45 bibliothèques, 1 dépôt, 1 partenaire, 2 véhicules, 2 chauffeurs, 71 passages" in first
    assert last.split()[0] == "mediatheque-departementale"


def test_from_the_shell(tmp_path: Path) -> None:
    folder = copy_folder(tmp_path)
    (folder / "drivers.csv").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "models.network", "check", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "drivers.csv : le fichier manque" in done.stdout
    assert done.stderr == ""
