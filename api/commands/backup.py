"""`navette backup FICHIER`: everything that is remembered, in one file, while the service goes on."""

import argparse
from pathlib import Path

from api.commands.shared import Commands, console, ready
from api.settings import Settings


def add(commands: Commands, _: Settings) -> None:
    """The command and its options."""
    parser = commands.add_parser("backup", help="sauvegarder la base dans un fichier, sans rien arrêter")
    parser.add_argument("file", metavar="FICHIER", type=Path, help="par exemple navette-2026-12-01.zip")
    parser.set_defaults(run=run)


def run(wanted: argparse.Namespace) -> int:
    """Write it, say what is in it, and what is not."""
    from api.db import Database  # noqa: PLC0415
    from api.services.backup import write  # noqa: PLC0415

    settings = Settings()
    database = Database(settings.database_url)
    try:
        ready(database)
        made = write(database, wanted.file)
    finally:
        database.close()
    size = wanted.file.stat().st_size / 1_000_000
    console().print(
        f"{made.rows} lignes de {len(made.tables)} tables sauvegardées dans « {wanted.file} » "
        f"({size:.1f} Mo).",
        markup=False,
    )
    if not settings.secret.get_secret_value():
        console().print(
            f"La clé secrète n'y est pas : gardez-en une copie à part ({settings.data / 'secret.key'}).",
            markup=False,
        )
    return 0
