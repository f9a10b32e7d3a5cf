"""`navette` as a person calls it: exit codes, French sentences, nothing overwritten by a failure."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.cli import main
from api.services.outputs import FILES
from models.network.read import default_folder
from models.plan_file import read_plan
from tests.network_folder import copy_folder, drop_rows, edit, replace

COMMAND = [sys.executable, "-m", "api.cli"]


@pytest.fixture
def network(tmp_path: Path) -> Path:
    folder = copy_folder(tmp_path / "reseau")
    (folder / "travel.npz").write_bytes((default_folder() / "travel.npz").read_bytes())
    return folder


def _plan(network: Path, out: Path, *more: str) -> int:
    quick = ["--engine", "insertion", "--iterations", "200", "--week", "2026-W49"]
    return main(["plan", "--network", str(network), "--out", str(out), *quick, *more])


def test_a_week_is_planned(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _plan(network, tmp_path / "out") == 0
    told = capsys.readouterr().out
    assert "semaine\xa049" in told
    assert re.search(r"Coût : \d", told)
    assert "supposé" in told
    assert sorted(p.name for p in (tmp_path / "out/2026-W49").iterdir()) == sorted(FILES)


def test_the_same_iterations_and_seed_give_the_same_plan(network: Path, tmp_path: Path) -> None:
    plans = []
    for name in "ab":
        asked = ["--engine", "ortools", "--iterations", "3", "--seed", "7"]
        assert _plan(network, tmp_path / name, *asked) == 0
        plans.append(read_plan(tmp_path / name / "2026-W49/plan.json"))
    assert plans[0].rounds == plans[1].rounds
    assert plans[0].cost_cents == plans[1].cost_cents


def _refused(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, str]:
    """The exit code and the words of a refusal; whatever stood in out must stand there still."""
    kept = tmp_path / "out/2026-W49/plan.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("what stood here")
    code = _plan(network, tmp_path / "out", *more)
    assert kept.read_text() == "what stood here"
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["2026-W49"]
    error = capsys.readouterr().err
    assert "Traceback" not in error
    return code, error


def test_an_unknown_week(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, error = _refused(network, tmp_path, capsys, "--week", "2026-W54")
    assert code == 2
    assert "2026-W54" in error
    assert "2026-W49" in error  # an example of how to write one


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("bacs_deposes", "-2", "bacs_deposes"),
        ("horaires", "lundi matin", "horaires"),
        ("horaires", "Su 10:00-12:00", "chauffeur"),
        ("lon", "ici", "lon"),
    ],
)
def test_a_wrong_cell_names_file_and_line(
    column: str, value: str, words: str, network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = edit(network, "libraries.csv", "staple", **{column: value})
    code, error = _refused(network, tmp_path, capsys)
    assert code == 2
    assert f"libraries.csv, ligne {line}" in error
    assert words in error


def test_a_missing_column(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(network, "vehicles.csv", "capacite_bacs", "contenance")
    code, error = _refused(network, tmp_path, capsys)
    assert code == 2
    assert "vehicles.csv" in error
    assert "capacite_bacs" in error


def test_no_vehicle(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drop_rows(network, "vehicles.csv")
    drop_rows(network, "drivers.csv")
    code, error = _refused(network, tmp_path, capsys)
    assert code == 2
    assert "vehicles.csv" in error


def test_everything_wrong_is_said_at_once(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = edit(network, "libraries.csv", "staple", bacs_pris="-1")
    second = edit(network, "drivers.csv", "C1", vehicule="V9")
    code, error = _refused(network, tmp_path, capsys)
    assert code == 2
    assert f"libraries.csv, ligne {first}" in error
    assert f"drivers.csv, ligne {second}" in error


def test_no_travel_times(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (network / "travel.npz").unlink()
    code, error = _refused(network, tmp_path, capsys)
    assert code == 3
    assert "navette roads build" in error


def test_damaged_travel_times(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = (network / "travel.npz").read_bytes()
    (network / "travel.npz").write_bytes(content[: len(content) // 2])
    code, _ = _refused(network, tmp_path, capsys)
    assert code == 3


def test_no_such_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, error = _refused(tmp_path / "nulle-part", tmp_path, capsys)
    assert code == 2
    assert "nulle-part" in error


def test_a_moved_library_is_planned_on_estimates_and_said(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(network, "libraries.csv", "cassel", lon="2.4850", lat="50.8010")
    assert _plan(network, tmp_path / "out") == 0
    assert "Temps de route estimés" in capsys.readouterr().out
    assert read_plan(tmp_path / "out/2026-W49/plan.json").estimated_sites == ("cassel",)


@pytest.mark.parametrize("words", [["plan", "--seconds", "-3"], ["plan", "--iterations", "-1"]])
def test_impossible_budgets(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "--" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "--seconds", "beaucoup"], "n'accepte pas"),
        (["plan", "--bidule"], "argument inconnu"),
        (["plan", "--engine", "magie"], "magie"),
        ([], "il manque"),
    ],
)
def test_a_misspelt_command_is_told_in_french(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert said in capsys.readouterr().err


def test_an_interrupt_keeps_the_best_week_so_far(network: Path, tmp_path: Path) -> None:
    asked = [
        "plan",
        "--network",
        network,
        "--out",
        tmp_path / "out",
        "--week",
        "2026-W49",
        "--seconds",
        "120",
    ]
    child = subprocess.Popen([*COMMAND, *map(str, asked)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    while "Calcul" not in child.stdout.readline():
        pass
    time.sleep(6)  # long enough for a first week on a slow machine, far from the 120 s allowed
    child.send_signal(signal.SIGINT)
    told, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    assert "interrompu" in told
    assert read_plan(tmp_path / "out/2026-W49/plan.json").run.interrupted


def test_an_unforeseen_error_is_said_without_a_traceback(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("api.commands.plan.plan_week", lambda *_: 1 / 0)
    assert _plan(network, tmp_path / "out") == 1
    error = capsys.readouterr().err
    assert "ZeroDivisionError" in error
    assert "Traceback" not in error
    monkeypatch.setenv("NAVETTE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        _plan(network, tmp_path / "out")
