"""The bench's command line: one JSON line per run, errors in a sentence, campaigns that go on."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bench import campaign
from bench.campaign import files_in
from bench.plot import Row, strips
from bench.records import keep_record
from bench.results_file import append, key_of, read_results
from bench.summary import rows_of, standings_of, table, table_of_each

# Two customers, two days, one van: apart 2·3 + 2·4 = 14, together 3 + 5 + 4 = 12.
TINY = """1 1 2 2
0 50
0 50
 0 0 0 0 0 0 0
 1 3 0 0 7 1 2 1 2
 2 0 4 0 7 1 2 1 2
"""
SOLOMON = """tiny

VEHICLE
NUMBER     CAPACITY
  1         50

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0       230          0
    1      6         8         10        161       171         10
"""


def bench(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bench", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "tiny.txt").write_text(TINY)
    (folder / "BKS.csv").write_text("instance,bks,source,convention,note\ntiny,10,us,plain,by hand\n")
    return folder / "tiny.txt"


def test_one_line_per_file_and_the_solution_beside(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "solution.json"
    done = bench("periodic", tiny, "--engine", "insertion", "--seconds", 5, "--seed", 4, "--solution", out)
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert (line["set"], line["instance"], line["engine"], line["seed"]) == ("set", "tiny", "insertion", 4)
    assert line["cost"] == 12.0
    assert line["feasible"] is True
    assert (line["bks"], line["gap"], line["bks_note"]) == (10.0, 20.0, "by hand")  # (12 - 10) / 10
    assert (line["budget_s"], line["clock"]) == (5.0, "wall")
    assert 0 <= line["seconds"] <= line["wall_s"]
    assert line["iterations"] == 2  # stops placed
    week = json.loads(out.read_text())
    assert sorted(sorted(tour) for day in week for tour in day) == [[1, 2]]
    assert len(week) == 2


def test_a_solution_that_cannot_be_written_is_told(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "solution.json"
    done = bench("periodic", tiny, "--engine", "insertion", "--seconds", 5, "--solution", out)
    assert done.returncode == 2
    assert "ne peut être écrit" in done.stderr
    assert json.loads(done.stdout)["cost"] == 12.0  # the run is not lost


def test_a_budget_may_be_counted_by_the_processor(tiny: Path) -> None:
    done = bench("periodic", tiny, "--engine", "insertion", "--seconds", 5, "--clock", "cpu")
    assert json.loads(done.stdout)["clock"] == "cpu"


def test_a_single_day_has_its_own_door(tmp_path: Path, tiny: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(SOLOMON)
    line = json.loads(bench("vrptw", path, "--engine", "insertion", "--seconds", 5).stdout)
    assert (line["cost"], line["feasible"], line["bks"], line["gap"]) == (20.0, True, None, None)
    refused = bench("vrptw", tiny, "--engine", "insertion")
    assert refused.returncode == 2
    assert "dure 2 jours" in refused.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("periodic", "nowhere.txt", "--engine", "insertion"), "nowhere.txt : fichier illisible"),
        (("periodic", "nowhere.txt", "--engine", "magic"), "Le moteur « magic » n'existe pas"),
        (("periodic", "a.txt", "b.txt", "--engine", "insertion", "--solution", "o.json"), "un seul fichier"),
        (("periodic", "a.txt", "--engine", "insertion", "--seconds", 0), "--seconds doit être positif"),
        (("periodic", "a.txt", "--engine", "pyvrp", "--clock", "cpu"), "horloge murale"),
        (("juggling",), "periodic|vrptw"),
        ((), "periodic|vrptw"),
    ],
)
def test_mistakes_are_told_without_a_traceback(words: Sequence[str], told: str) -> None:
    done = bench(*words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_campaign_goes_on_where_it_stopped(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "results" / "ours.jsonl"
    asked = ("campaign", tiny.parent, "--engines", "insertion", "--seconds", 5, "--out", out)
    first = bench(*asked, "--seeds", 1)
    assert first.returncode == 0, first.stderr
    out.write_text(out.read_text() + '{"engine": "cut sho')  # as when the power goes
    again = bench(*asked, "--seeds", 1, 2)
    assert "1 runs of 5 s to do, 1 in the file before" in again.stderr
    assert sorted(key_of(line) for line in read_results([out])) == [
        ("set", "tiny", "insertion", 1, 5.0),
        ("set", "tiny", "insertion", 2, 5.0),
    ]
    machine = json.loads(out.read_text().splitlines()[0])
    assert machine["what"] == "machine"
    assert machine["cores"] >= 1
    assert machine["command"].startswith("python -m bench campaign ")
    assert machine["command"].endswith("--out results/ours.jsonl --seeds 1")
    assert str(tmp_path) not in out.read_text()
    assert all("load" in line for line in read_results([out]))
    assert sum("machine" in text for text in out.read_text().splitlines()) == 2


def test_a_run_left_waiting_is_run_again(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ("set", "tiny", "insertion", 1, 5.0)
    given = iter([0.5, 0.7, 0.6])
    monkeypatch.setattr(campaign, "_run", lambda path, key, clock: {"given": next(given)})
    assert campaign._fair_run(tiny, key, "wall") == {"given": 0.7}  # three times starved: the best of them
    given = iter([0.5, 0.95, 0.99])
    assert campaign._fair_run(tiny, key, "wall") == {"given": 0.95}
    assert list(given) == [0.99]  # a third was not asked for
    given = iter([0.3])
    assert campaign._fair_run(tiny, key, "cpu") == {"given": 0.3}  # its own clock waited with it
    monkeypatch.setattr(campaign, "_run", lambda path, key, clock: None)
    assert campaign._fair_run(tiny, key, "wall") is None
    assert campaign.given_share({"cpu_s": 9.0, "seconds": 20.0}) == 0.45
    assert campaign.given_share({"cpu_s": 21.0, "seconds": 20.0}) == 1.0


def test_a_campaign_tells_what_failed_and_goes_on(tmp_path: Path, tiny: Path) -> None:
    (tiny.parent / "broken.txt").write_text("1 1 2 2\n")
    out = tmp_path / "ours.jsonl"
    done = bench(
        "campaign", tiny.parent, "--engines", "insertion", "--seconds", 5, "--seeds", 1, "--out", out
    )
    assert done.returncode == 1
    assert "broken.txt" in done.stderr
    assert [line["instance"] for line in read_results([out])] == ["tiny"]


def test_only_instances_are_taken_from_a_folder(tiny: Path) -> None:
    (tiny.parent / "README.md").write_text("not an instance")
    (tiny.parent / "deeper").mkdir()
    assert files_in([tiny.parent]) == [tiny]
    assert files_in([tiny]) == [tiny]


def a_line(**changed: Any) -> dict[str, Any]:
    line = {
        "set": "s",
        "instance": "a",
        "engine": "ours",
        "cost": 98.0,
        "feasible": True,
        "seed": 1,
        "bks": 100.0,
        "gap": -2.0,
        "bks_objective": "distance",
        "bks_note": "",
        "budget_s": 20.0,
    }
    return line | changed


def test_a_record_is_kept_once_and_only_when_it_is_one(tmp_path: Path) -> None:
    solution, folder = tmp_path / "solution.json", tmp_path / "records"
    solution.write_text("[[[1, 2]]]")
    assert not keep_record(a_line(feasible=False), solution, folder)
    assert not keep_record(a_line(bks=None), solution, folder)
    assert not keep_record(a_line(bks_objective="vehicles first"), solution, folder)
    assert not keep_record(a_line(cost=99.991), solution, folder)  # the rounding of a value with two decimals
    assert not folder.exists()
    assert keep_record(a_line(), solution, folder)
    assert (folder / "s-a.json").read_text() == "[[[1, 2]]]"
    solution.write_text("[[[2, 1]]]")
    assert not keep_record(a_line(cost=98.0), solution, folder)
    assert not keep_record(a_line(cost=99.0), solution, folder)
    assert (folder / "s-a.json").read_text() == "[[[1, 2]]]"
    assert keep_record(a_line(cost=97.0), solution, folder)
    assert (folder / "s-a.json").read_text() == "[[[2, 1]]]"
    log = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    assert [(entry["cost"], entry["bks"]) for entry in log] == [(98.0, 100.0), (97.0, 100.0)]


RUNS = [
    a_line(gap=1.0, seed=1),
    a_line(gap=3.0, seed=2),
    a_line(gap=2.5, seed=3),
    a_line(instance="b", gap=0.5, seed=1),
    a_line(instance="b", gap=None, feasible=False, seed=2),
    a_line(engine="theirs", gap=None, feasible=False),
]


def test_a_summary_takes_medians_over_seeds_and_means_over_instances() -> None:
    standings = standings_of(RUNS)
    ours = standings["s", "ours", 20.0]
    assert ours.medians == {"a": 2.5, "b": 0.5}
    assert ours.mean == 1.5
    assert (ours.runs, ours.broken) == (5, 1)
    assert standings["s", "theirs", 20.0].mean is None
    told = table(standings).splitlines()
    assert told[2] == "| s | 20 | ours | 2 | 5 | +1.50 % | +2.50 % | 1 |"
    assert told[3] == "| s | 20 | theirs | 0 | 1 | — | — | 1 |"
    assert "| a | +2.50 % | — |" in table_of_each(standings)


def test_costs_are_compared_on_instances_that_both_have_solved() -> None:
    theirs = [
        a_line(engine="theirs", cost=100.0),
        a_line(engine="theirs", instance="b", cost=50.0, feasible=False),
        a_line(engine="theirs", instance="c", cost=10.0),
    ]
    ours = [a_line(cost=98.0), a_line(instance="b", cost=60.0), a_line(instance="d", cost=1.0, gap=None)]
    told = table(standings_of([*ours, *theirs]), "theirs").splitlines()
    assert told[0].endswith("| cost beside theirs |")
    by_engine = {line.split(" | ")[2]: line.split(" | ")[-1] for line in told[2:]}
    assert by_engine == {"ours": "-2.00 % |", "theirs": "+0.00 % |"}  # on a alone: 98 to 100


def test_results_are_read_without_lines_about_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    append(path, {"what": "machine"})
    append(path, a_line())
    assert read_results([path]) == [a_line()]


def test_the_plot_is_well_formed_and_shows_every_median() -> None:
    picture = ET.fromstring(strips(rows_of(standings_of(RUNS))))
    space = "{http://www.w3.org/2000/svg}"
    assert len(picture.findall(f"{space}circle")) == 2
    texts = [text.text for text in picture.findall(f"{space}text")]
    assert {"s, 20 s", "ours", "+1.50 %"} <= set(texts)
    assert "theirs" not in texts


@pytest.mark.parametrize("gaps", [(), (0.0,), (-1.3, 0.2), (0.001,), (250.0, 3.0)])
def test_the_plot_stands_whatever_the_figures(gaps: tuple[float, ...]) -> None:
    rows = [Row(title="t", name="n", dots=gaps, mean=sum(gaps) / len(gaps))] if gaps else []
    picture = ET.fromstring(strips(rows))
    circles = picture.findall("{http://www.w3.org/2000/svg}circle")
    assert all(210 <= float(circle.attrib["cx"]) <= 770 for circle in circles)
    assert len(circles) == len(gaps)
