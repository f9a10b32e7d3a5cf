"""`navette migrate`: bring the schema of the database to what this version needs."""

import argparse

from api.commands.shared import Commands, console
from api.settings import Settings


def add(commands: Commands, _: Settings) -> None:
    """The command."""
    parser = commands.add_parser("migrate", help="mettre la base de données au format de cette version")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Bring our tables there, then those of the jobs; nothing happens where they are there."""
    from api.db import Database  # noqa: PLC0415
    from api.jobs.schema import prepare  # noqa: PLC0415
    from api.schema import newest, revision, upgrade  # noqa: PLC0415

    database = Database(Settings().database_url)
    try:
        before = revision(database)
        upgrade(database)
        prepare(database)
    finally:
        database.close()
    if before == newest():
        console().print(f"La base est à jour (schéma {before}).")
    else:
        console().print(f"Base mise à jour : schéma {before or 'vide'} → {newest()}.")
    return 0
