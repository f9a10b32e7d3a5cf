"""What the documents name exists."""

import re
from pathlib import Path

import pytest

from api.services.outputs import FILES

REPO = Path(__file__).parents[2]
PAGES = [REPO / "README.md", *sorted((REPO / "docs").rglob("*.md")), REPO / "data/README.md"]
_NAMED = re.compile(r"`((?:models|routing|maps|api|data|tests|bench|docs)/[\w./-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_every_path_in_backticks_exists(page: Path) -> None:
    named = _NAMED.findall(page.read_text(encoding="utf-8"))
    assert [path for path in named if not (REPO / path).exists()] == []


def test_the_readme_lists_what_a_week_s_folder_holds() -> None:
    text = (REPO / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w.-]+)` \|", text, re.MULTILINE)) == set(FILES)


def test_every_make_command_of_the_readme_is_a_target() -> None:
    targets = set(re.findall(r"^(\w+):", (REPO / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(
        re.findall(r"^ {4}make (\w+)", (REPO / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert named
    assert named <= targets


def test_no_document_carries_a_path_of_some_machine() -> None:
    for page in PAGES:
        assert not re.search(r"(/home/|/root/|/Users/|C:\\)", page.read_text(encoding="utf-8")), page
