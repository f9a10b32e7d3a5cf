"""What every test may ask for, and how hypothesis draws: as it likes at a desk, always the same in CI."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI", "").lower() in ("1", "true", "yes") else "desk")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data, from NAVETTE_SHARED or beside the repository; skips where there is none."""
    given = os.environ.get("NAVETTE_SHARED")
    folder = Path(given) if given else Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}: set NAVETTE_SHARED to have this test run")
    return folder
