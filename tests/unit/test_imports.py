"""The floors stay light: what a fresh interpreter loads when it imports one of them."""

import subprocess
import sys

import pytest

HEAVY = {"sqlalchemy", "sqlmodel", "fastapi", "osmnx", "networkx", "geopandas", "pandas", "folium", "typst"}


def _loaded(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["routing", "routing.solve", "routing.child", "routing.travel_file", "models.network.read"]
)
def test_thinking_loads_no_web_no_database_no_maps(module: str) -> None:
    assert not _loaded(f"import {module}") & (HEAVY | {"ortools", "holidays"})


def test_the_service_does_not_load_the_road_builder() -> None:
    assert not _loaded("from api.app import create_app; create_app()") & {"osmnx", "networkx", "ortools"}


def test_the_service_starts_without_drawing() -> None:
    drawing = {"geopandas", "pandas", "folium", "typst"}
    assert not _loaded("from api.app import create_app; create_app()") & drawing


def test_the_command_line_starts_without_drawing() -> None:
    assert not _loaded("import api.cli") & (HEAVY | {"ortools"})
