"""What every test may ask for, and how hypothesis draws: as it likes at a desk, always the same in CI."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from api.services.folder import Territory, open_folder
from api.services.planning import plan_week
from models.network.read import default_folder
from models.plan import Plan
from models.service_day import IsoWeek
from routing.child import Asked

pytest_plugins = [
    "tests.service_fixtures",
    "tests.plan_fixtures",
    "tests.kept_jobs",
    "tests.on_the_road",
    "tests.quick_hashes",
]

# These take longest. They begin first, so that no worker is left alone with one of them in the end.
LONG = (
    "integration/test_job_processes.py",
    "integration/test_who_may.py",
    "integration/test_openapi.py",
    "integration/test_plan_runs.py",
    "integration/test_runner.py",
    "property/test_engines.py",
    "integration/test_scans_killed.py",
    "browser/",
)

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI", "").lower() in ("1", "true", "yes") else "desk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        return next((k for k, name in enumerate(LONG) if name in item.nodeid), len(LONG))

    items.sort(key=turn)  # those of one turn stay in order


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data, from NAVETTE_SHARED or beside the repository; skips where there is none."""
    given = os.environ.get("NAVETTE_SHARED")
    folder = Path(given) if given else Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}: set NAVETTE_SHARED to have this test run")
    return folder


@pytest.fixture(scope="session")
def territory() -> Territory:
    """The default network on its roads."""
    return open_folder(default_folder())


@pytest.fixture(scope="session")
def planned(territory: Territory) -> Plan:
    """A quick plan of an ordinary week for the default network."""
    return plan_week(territory, IsoWeek(2026, 49), Asked(engine="insertion", iterations=200))
