"""`navette refaire`: what is kept beside the facts, made anew from them, while the service goes on."""

import argparse

from rich.progress import Progress

from api.commands.shared import Commands, console, ready
from api.settings import Settings


def add(commands: Commands, _: Settings) -> None:
    """The command."""
    parser = commands.add_parser(
        "refaire", help="recalculer l'état des passages et des bacs depuis les pointages, sans rien arrêter"
    )
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Fold all of them anew, and say how far it has got."""
    from api.db import Database  # noqa: PLC0415
    from api.services.road.rebuild import rebuild  # noqa: PLC0415

    database = Database(Settings().database_url)
    terminal = console()
    try:
        ready(database)
        with Progress(console=terminal, transient=True) as shown:
            tasks = {what: shown.add_task(what, total=None) for what in ("passages", "bacs")}
            visits, crates = rebuild(
                database, lambda what, done, of: shown.update(tasks[what], completed=done, total=of)
            )
    finally:
        database.close()
    terminal.print(f"{visits} passages et {crates} bacs recalculés depuis les pointages.", markup=False)
    return 0
