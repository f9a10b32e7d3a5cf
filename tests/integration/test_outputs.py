"""The folder of a week: whole or untouched, whoever writes and whatever breaks."""

import json
import os
import threading
from pathlib import Path

import pytest

from api.services import outputs
from api.services.folder import Territory
from api.services.outputs import FILES, week_folder, write_week
from models.errors import InputError
from models.plan import Plan
from models.plan_file import read_plan

URL = "http://navette.test"


def test_every_file_is_written_and_none_is_empty(planned: Plan, territory: Territory, tmp_path: Path) -> None:
    told: list[str] = []
    folder = write_week(planned, territory, tmp_path / "out", public_url=URL, told=told.append)
    assert folder == tmp_path / "out" / "2026-W49"
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert all(path.stat().st_size > 500 for path in folder.iterdir())
    assert told == list(FILES)
    assert read_plan(folder / "plan.json") == planned


def test_nothing_else_is_left_beside_it(planned: Plan, territory: Territory, tmp_path: Path) -> None:
    for _ in range(2):
        write_week(planned, territory, tmp_path, public_url=URL)
    assert [path.name for path in tmp_path.iterdir()] == ["2026-W49"]


def test_a_failure_leaves_what_stood_there(
    planned: Plan, territory: Territory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_week(planned, territory, tmp_path, public_url=URL)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs, "_MAKERS", {**outputs._MAKERS, "horaires.csv": full})
    with pytest.raises(InputError, match="est resté en place"):
        write_week(planned, territory, tmp_path, public_url=URL)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["2026-W49"]


def test_a_place_that_cannot_be_written_is_said(planned: Plan, territory: Territory, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder is wanted")
    with pytest.raises(InputError, match="Impossible d'écrire"):
        write_week(planned, territory, tmp_path / "out", public_url=URL)


def test_two_writers_at_once_leave_one_whole_week(
    planned: Plan, territory: Territory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Light makers, so that the swaps themselves meet; each writer's files all carry its own name."""
    monkeypatch.setattr(
        outputs, "_MAKERS", {f"file{k}": lambda _plan, _territory, url: url for k in range(5)}
    )
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for _ in range(30):
                write_week(planned, territory, tmp_path, public_url=name)
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    texts = {path.read_text() for path in week_folder(tmp_path, planned).iterdir()}
    assert len(texts) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["2026-W49"]


def test_the_plan_file_is_plain_json(planned: Plan, territory: Territory, tmp_path: Path) -> None:
    folder = write_week(planned, territory, tmp_path, public_url=URL)
    document = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert (document["format"], document["version"]) == ("navette-plan", 1)
    assert document["rounds"][0]["visits"][0]["number"] == 1


def test_what_a_killed_writer_left_is_cleared_after_an_hour(
    planned: Plan, territory: Territory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "_MAKERS", {"file": lambda _plan, _territory, url: url})
    old, fresh = tmp_path / ".2026-W48-abc", tmp_path / ".2026-W48-def"
    for folder in (old, fresh):
        (folder / "half").mkdir(parents=True)
    os.utime(old, (0, 0))
    write_week(planned, territory, tmp_path, public_url=URL)
    assert not old.exists()
    assert fresh.exists()
