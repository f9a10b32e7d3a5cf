"""Results as JSON lines: read back, keyed by what was asked, so that nothing is measured twice."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Line = dict[str, Any]
Key = tuple[str, str, str, int, float]


def read_results(paths: Iterable[Path]) -> list[Line]:
    """The runs in these files, in sequence; lines about the machine, and lines cut short, are passed over."""
    runs = []
    for path in paths:
        for text in path.read_text(encoding="utf-8").splitlines():
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                continue
            if "engine" in line:
                runs.append(line)
    return runs


def key_of(line: Line) -> Key:
    """(set, instance, engine, seed, seconds allowed)."""
    return line["set"], line["instance"], line["engine"], line["seed"], float(line["budget_s"])


def append(path: Path, line: Line) -> None:
    """One line more, on a line of its own even where the last one was cut short."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.is_file() else b""
    cut = bool(before) and not before.endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * cut + json.dumps(line, ensure_ascii=False) + "\n")
