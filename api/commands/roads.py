"""`navette roads build`: the travel times of a network folder, from OpenStreetMap."""

import argparse
from datetime import date
from pathlib import Path

from api.commands.shared import Commands, add_network, console
from api.french import FrenchParser
from api.settings import Settings


def add(commands: Commands, settings: Settings) -> None:
    """The command and its options."""
    roads = commands.add_parser("roads", help="calculer les temps de route d'un réseau")
    actions = roads.add_subparsers(metavar="ACTION", required=True, parser_class=FrenchParser)
    parser = actions.add_parser("build", help="lire OpenStreetMap et écrire travel.npz")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--osm", metavar="FICHIER", type=Path, help="un extrait .osm.pbf, .osm, .osm.gz, .osm.bz2"
    )
    source.add_argument(
        "--overpass", metavar="URL", nargs="?", const="", help="un serveur Overpass (internet)"
    )
    parser.add_argument(
        "--date", metavar="DATE", default="", help="date des données, si le fichier ne la dit pas"
    )
    parser.add_argument(
        "--accept-far",
        metavar="LIEU",
        nargs="+",
        default=[],
        help="lieux confirmés à plus de 300 m de toute route",
    )
    add_network(parser, settings)
    parser.add_argument("--out", metavar="FICHIER", type=Path, help="où écrire (par défaut : dans le réseau)")
    parser.set_defaults(run=build)


def build(wanted: argparse.Namespace) -> int:
    """Read, compute, write."""
    from api.terminal import building  # noqa: PLC0415
    from routing.road.folder import build_folder  # noqa: PLC0415  # osmnx takes 2 s to import
    from routing.road.source import PUBLIC_OVERPASS, OsmFile, Overpass  # noqa: PLC0415

    terminal = console()
    source = (
        OsmFile(path=wanted.osm, date=wanted.date)
        if wanted.osm
        else Overpass(url=wanted.overpass or PUBLIC_OVERPASS, date=date.today().isoformat())  # noqa: DTZ011
    )
    with building(terminal) as progress:
        built = build_folder(
            wanted.network,
            source,
            out=wanted.out,
            accept_far=frozenset(wanted.accept_far),
            progress=progress,
        )
    for line in built.describe():
        terminal.print(line, markup=False)
    return 0
