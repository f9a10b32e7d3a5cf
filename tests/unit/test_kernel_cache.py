"""Compiled code does not outlive its sources."""

from pathlib import Path

from routing.engines.periodic.cache import forget_if_changed


def test_compiled_code_is_kept_until_a_source_changes(tmp_path: Path) -> None:
    source, compiled = tmp_path / "part.py", tmp_path / "__pycache__" / "loop.nbc"
    source.write_text("x = 1\n")
    assert forget_if_changed(tmp_path)  # nothing is known of it yet
    compiled.write_text("machine code")
    assert not forget_if_changed(tmp_path)
    assert compiled.exists()
    source.write_text("x = 2\n")
    assert forget_if_changed(tmp_path)
    assert not compiled.exists()
    assert not forget_if_changed(tmp_path)
