"""Pictures of every screen, of the real network in the middle of simulated weeks: docs/screens/.

    python -m bench.screens [--database sqlite:////path/navette.db] [--out docs/screens]

Without a database one is filled first (`bench.simulate --into`, a minute or two). Needs Chromium.
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import Request
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.services.actor import Actor, Role
from api.settings import Settings
from models.service_day import today

CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--use-angle=swiftshader",
    "--disable-background-networking",
)
_DESK, _PHONE = (1366, 768), (360, 740)
_SETTLED_MS = 2500  # maps are drawn by a processor


@dataclass(frozen=True, kw_only=True, slots=True)
class Shot:
    """One picture: `path` of the service, `size` in CSS pixels."""

    name: str
    path: str
    size: tuple[int, int] = _DESK
    dark: bool = False


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        database = asked.database or _filled(Path(folder))
        with _serving(database, Path(folder)) as base, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
            asked.out.mkdir(parents=True, exist_ok=True)
            for shot in _shots(browser, base):
                _take(browser, base, shot, asked.out)
            browser.close()


def _shots(browser: Browser, base: str) -> Iterator[Shot]:
    plans = _told(browser, base, "/api/v1/plans?status=published&limit=1")["items"]
    now = today()
    rounds = _told(browser, base, f"/api/v1/rounds?from={now - timedelta(days=7)}&to={now}")["items"]
    yield Shot(name="aujourdhui", path="/bureau")
    yield Shot(name="semaines", path="/bureau/semaine")
    for plan in plans:
        yield Shot(name="semaine", path=f"/bureau/semaine/{plan['id']}")
        yield Shot(name="semaine-sombre", path=f"/bureau/semaine/{plan['id']}", dark=True)
    yield Shot(name="calendrier", path="/bureau/calendrier")
    yield Shot(name="comparer", path="/bureau/comparer")
    yield Shot(name="rapports", path="/bureau/rapports")
    yield Shot(name="reseau", path="/bureau/reseau")
    yield Shot(name="messages", path="/bureau/messages")
    yield Shot(name="etiquettes", path="/bureau/etiquettes")
    for one in rounds[-1:]:
        yield Shot(name="tournee", path=f"/bureau/tournee/{one['code']}")
        yield Shot(name="saisie", path=f"/bureau/saisie/{one['code']}")
    yield Shot(name="telephone", path="/tournee", size=_PHONE)


def _take(browser: Browser, base: str, shot: Shot, out: Path) -> None:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="fr-FR",
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(base + shot.path)
    page.wait_for_selector("h1")
    page.wait_for_timeout(_SETTLED_MS)
    page.screenshot(path=out / f"{shot.name}.png")
    context.close()
    print(f"{shot.name}.png")


def _told(browser: Browser, base: str, path: str) -> dict[str, list[dict[str, str]]]:
    page = browser.new_page()
    told: dict[str, list[dict[str, str]]] = page.request.get(base + path).json()
    page.close()
    return told


def _filled(folder: Path) -> str:
    url = f"sqlite:///{folder / 'navette.db'}"
    subprocess.run([sys.executable, "-m", "bench.simulate", "--into", url, "--weeks", "4"], check=True)
    return url


@contextmanager
def _serving(database: str, folder: Path) -> Iterator[str]:
    """A service in which everybody is the coordinator, for these pictures only."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(16)
        app = create_app(Settings(database=database, data=folder, jobs=False))
        app.state.identify = _coordinator
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)


def _coordinator(_: Request) -> Actor:
    return Actor(role=Role.COORDINATOR, name="Camille")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="URL of a filled database")
    parser.add_argument("--out", type=Path, default=Path("docs/screens"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
