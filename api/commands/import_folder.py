"""`navette import DOSSIER`: a network folder into an empty database."""

import argparse
from pathlib import Path

from api.commands.shared import Commands, console, ready
from api.settings import Settings


def add(commands: Commands, _: Settings) -> None:
    """The command and its options."""
    parser = commands.add_parser("import", help="enregistrer le réseau d'un dossier dans une base vide")
    parser.add_argument(
        "folder", metavar="DOSSIER", type=Path, help="libraries.csv, vehicles.csv, travel.npz…"
    )
    parser.set_defaults(run=run)


def run(wanted: argparse.Namespace) -> int:
    """Store it whole, or say every reason why not."""
    from api.db import Database  # noqa: PLC0415
    from api.services.folder import open_folder  # noqa: PLC0415
    from api.services.network_records import network_of  # noqa: PLC0415
    from api.services.territory import fill_from_folder  # noqa: PLC0415

    open_folder(wanted.folder)  # says everything that is wrong
    database = Database(Settings().database_url)
    try:
        ready(database)
        with database.write() as session:
            fill_from_folder(session, wanted.folder)
            network = network_of(session)
    finally:
        database.close()
    console().print(
        f"{network.name} : {len(network.sites)} lieux, {len(network.vehicles)} véhicules et "
        f"{len(network.drivers)} chauffeurs enregistrés.",
        markup=False,
    )
    return 0
