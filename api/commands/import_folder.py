"""`navette import CHEMIN`: a network folder into an empty database, or what files change of a network."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from api.commands.shared import Commands, console, ready
from api.settings import Settings

if TYPE_CHECKING:
    from api.db import Database
    from api.services.exchange.difference import Difference

_REFUSED = 2


def add(commands: Commands, _: Settings) -> None:
    """The command and its options."""
    parser = commands.add_parser("import", help="enregistrer un réseau, ou ce que des fichiers y changent")
    parser.add_argument(
        "path",
        metavar="CHEMIN",
        type=Path,
        help="le dossier du réseau (libraries.csv, vehicles.csv, travel.npz…) ; dans une base qui a déjà "
        "un réseau, aussi un seul fichier CSV, XLSX, GeoJSON ou ZIP",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="à blanc : montrer la différence, ne rien enregistrer"
    )
    parser.add_argument(
        "--archive-missing", action="store_true", help="archiver ce qui n'est plus dans les fichiers"
    )
    parser.set_defaults(run=run)


def run(wanted: argparse.Namespace) -> int:
    """Store it whole, or say every reason why not. Exit codes: 0 done or possible, 2 not as it is."""
    from api.db import Database  # noqa: PLC0415
    from api.repositories.network import find_network  # noqa: PLC0415

    database = Database(Settings().database_url)
    try:
        ready(database)
        with database.read() as session:
            empty = find_network(session) is None
        return _first(database, wanted) if empty else _difference(database, wanted)
    finally:
        database.close()


def _first(database: "Database", wanted: argparse.Namespace) -> int:
    """A whole folder into an empty database."""
    from api.services.folder import open_folder  # noqa: PLC0415
    from api.services.network_records import network_of  # noqa: PLC0415
    from api.services.territory import fill_from_folder  # noqa: PLC0415

    open_folder(wanted.path)  # says everything that is wrong, of the roads too
    with database.write() as session:
        fill_from_folder(session, wanted.path)
        network = network_of(session)
        if wanted.dry_run:
            session.rollback()
    console().print(
        f"{network.name} : {len(network.sites)} lieux, {len(network.vehicles)} véhicules et "
        f"{len(network.drivers)} chauffeurs "
        f"{'seraient enregistrés (à blanc)' if wanted.dry_run else 'enregistrés'}.",
        markup=False,
    )
    return 0


def _difference(database: "Database", wanted: argparse.Namespace) -> int:
    """What files change of a network: told, then stored unless it is only looked at."""
    from api.services.exchange import importing  # noqa: PLC0415
    from api.services.exchange.parcel import sorted_out  # noqa: PLC0415
    from api.services.exchange.uploads import uploads_at  # noqa: PLC0415
    from api.services.territory import Territories  # noqa: PLC0415
    from api.terminal_import import tell  # noqa: PLC0415

    parcel = sorted_out(uploads_at(wanted.path), {})
    territories, archive = Territories(), wanted.archive_missing
    with database.read() as session:
        found, seen = importing.look(session, territories, parcel, archive_missing=archive)
    tell(console(), found)
    if wanted.dry_run or not found.storable or found.nothing:
        return _said(found, dry_run=wanted.dry_run)
    with database.write() as session:
        importing.store(session, territories, parcel, seen, archive_missing=archive)
    console().print("Enregistré.", style="green")
    return 0


def _said(found: "Difference", *, dry_run: bool) -> int:
    if not found.storable:
        console().print("Rien n'a été enregistré : corrigez d'abord les erreurs.", style="red")
        return _REFUSED
    if found.nothing:
        console().print("Rien à enregistrer : le réseau est déjà ainsi.", style="green")
    elif dry_run:
        console().print("À blanc : rien n'a été enregistré. Relancez sans --dry-run pour le faire.")
    return 0
