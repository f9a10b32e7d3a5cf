"""What several commands share."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Console

from api.french import FrenchParser
from api.settings import Settings

if TYPE_CHECKING:
    from api.db import Database

Commands: TypeAlias = "argparse._SubParsersAction[FrenchParser]"


def console() -> Console:
    """The terminal as it is; a pipe or a file is given room for tables."""
    found = Console(highlight=False, soft_wrap=True)
    return found if found.is_terminal else Console(width=110, highlight=False, soft_wrap=True)


def add_network(parser: argparse.ArgumentParser, settings: Settings) -> None:
    """`--network DOSSIER`."""
    parser.add_argument(
        "--network", metavar="DOSSIER", type=Path, default=settings.network, help="dossier du réseau"
    )


def ready(database: "Database") -> None:
    """A database with the schema that this version needs: SQLite is brought there, PostgreSQL must be.

    Conflict when it is not, or was made by a newer Navette: several processes share it, and an update has its
    hour.
    """
    from api.jobs.schema import is_prepared, prepare  # noqa: PLC0415
    from api.schema import newest, revision, upgrade  # noqa: PLC0415
    from models.errors import Conflict  # noqa: PLC0415

    if database.on_sqlite:
        upgrade(database)
        if not is_prepared(database):
            prepare(database)
        return
    found = revision(database)
    if found != newest() or not is_prepared(database):
        raise Conflict(
            f"La base n'est pas à jour (schéma {found or 'vide'}, il faut {newest()}). "
            "Arrêtez les autres processus Navette, puis lancez : navette migrate"
        )
