"""Laws of reading: whatever a file holds, the answer is a network or findings in French, never a crash."""

import csv
import io
import tempfile
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Finding
from models.network.check import check_folder
from models.network.read import default_folder, read_network
from models.network.rows import COLUMNS
from tests.network_folder import copy_folder, reading_faults

SHEETS = tuple(COLUMNS)
TEXTS = {name: (default_folder() / name).read_text(encoding="utf-8") for name in (*SHEETS, "network.toml")}
cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["-1", "0", "7", "1e9", "nan", "2,5", "Mo-Su 00:00-24:00", "We", "oui", "équipe", "depot"]
    ),
)


def findings_with(name: str, content: bytes) -> tuple[Finding, ...]:
    """Every finding about the real folder with one file replaced."""
    with tempfile.TemporaryDirectory() as folder:
        copied = copy_folder(Path(folder))
        (copied / name).write_bytes(content)
        return check_folder(copied)


def rows_of(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(TEXTS[name])))


def written(rows: list[list[str]], separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(errors="replace")


@given(st.sampled_from((*SHEETS, "network.toml", "communes.geojson")), st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_told_about(name: str, content: bytes) -> None:
    faults = [finding for finding in findings_with(name, content) if finding.serious]
    assert {fault.where for fault in faults} == {name}
    assert all(fault.message and fault.remedy for fault in faults)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_cell_is_understood_or_told_on_a_line_that_exists(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(SHEETS))
    rows = rows_of(name)
    line = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    rows[line][column] = data.draw(cells)
    content = written(rows)
    lines = {sheet: len(text.splitlines()) for sheet, text in TEXTS.items()} | {
        name: content.count(b"\n") + 1
    }
    for finding in findings_with(name, content):
        assert finding.message
        assert finding.line is None or 1 <= finding.line <= lines[finding.where]


@given(st.sampled_from(SHEETS), st.randoms(use_true_random=False), st.sampled_from(",;\t"))
@settings(max_examples=15, deadline=None)
def test_columns_in_any_order_read_the_same(name: str, chance: Random, separator: str) -> None:
    rows = rows_of(name)
    ranks = list(range(len(rows[0])))
    chance.shuffle(ranks)
    with tempfile.TemporaryDirectory() as folder:
        copied = copy_folder(Path(folder))
        (copied / name).write_bytes(written([[row[k] for k in ranks] for row in rows], separator))
        assert reading_faults(copied) == ()
        assert read_network(copied) == read_network(default_folder())
