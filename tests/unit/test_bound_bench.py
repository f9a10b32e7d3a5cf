"""`python -m bench bound` on an instance that a pencil can solve."""

import json
from pathlib import Path

import pytest

from bench import bound

# One customer at (6, 8): 10 there and 10 back.
TINY = """tiny

VEHICLE
NUMBER     CAPACITY
  3         50

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0       230          0
    7      6         8         10        161       171         10
"""


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["python -m bench bound", *arguments])
    return bound.main()


def test_the_bound_of_one_customer_is_its_tour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tiny.txt"
    file.write_text(TINY)
    (tmp_path / "BKS.csv").write_text("instance,bks,convention,note\ntiny,25.0,distance,\n")
    assert _run(monkeypatch, str(file), "--engine", "insertion", "--start", "1", "--seconds", "30") == 0
    machine, line = (json.loads(text) for text in capsys.readouterr().out.splitlines())
    assert machine["command"].startswith("python -m bench bound tiny.txt --seconds 30")
    assert (line["instance"], line["bound"], line["plan_cost"]) == ("tiny", 20.0, 20.0)
    assert (line["against"], line["best"], line["gap"], line["finished"]) == ("bks", 25.0, 20.0, True)


def test_nothing_to_measure_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch) == 2
    assert "--house" in capsys.readouterr().err
