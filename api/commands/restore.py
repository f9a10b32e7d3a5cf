"""`navette restore FICHIER`: a backup, into an empty database."""

import argparse
from pathlib import Path

from api.commands.shared import Commands, console, ready
from api.settings import Settings


def add(commands: Commands, _: Settings) -> None:
    """The command and its options."""
    parser = commands.add_parser("restore", help="lire une sauvegarde dans une base vide")
    parser.add_argument("file", metavar="FICHIER", type=Path, help="ce que navette backup a écrit")
    parser.set_defaults(run=run)


def run(wanted: argparse.Namespace) -> int:
    """Read it whole, compare, or leave the database as it was."""
    from api.db import Database  # noqa: PLC0415
    from api.services.backup import read  # noqa: PLC0415

    database = Database(Settings().database_url)
    try:
        ready(database)
        found = read(database, wanted.file)
        database.study()
    finally:
        database.close()
    console().print(
        f"{found.rows} lignes de {len(found.tables)} tables restaurées et vérifiées "
        f"(sauvegarde du {found.made_at:%d/%m/%Y à %H:%M} UTC).",
        markup=False,
    )
    return 0
